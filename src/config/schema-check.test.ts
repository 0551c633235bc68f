import { expect, test } from 'vitest';
import { schemaChecker } from './schema-check.ts';

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    port: { type: 'integer', maximum: 65535 },
    cidr: { type: 'string', format: 'cidr' },
    tier: { enum: ['a', 'b'] },
  },
  required: ['port'],
  additionalProperties: false,
};

test.each([
  [{ port: 80, cidr: '10.0.0.0/8' }, []],
  [{ port: 70000 }, ['/port "port" must be <= 65535']],
  [{}, [" the config must have required property 'port'"]],
  [{ port: 1, prot: 2 }, ['/prot the key "prot" is not allowed; did you mean "port"?']],
  [{ port: 1, cidr: '10.0.0.0/64' }, ['/cidr "cidr" must match format "cidr"']],
  [{ port: 1, tier: 'c' }, ['/tier "tier" must be one of ["a","b"]']],
])('%j gives %j', (config, issues) => {
  expect(
    schemaChecker(schema)
      .check(config)
      .map((one) => `${one.pointer} ${one.message}`),
  ).toEqual(issues);
});

test('draft-07 and unknown keywords are no obstacle; a schema that does not compile says why', () => {
  expect(
    schemaChecker({ $schema: 'http://json-schema.org/draft-07/schema#', 'x-ui': 1, type: 'object' }).broken,
  ).toBeUndefined();
  expect(schemaChecker({ type: 'objekt' }).broken).toContain('type');
  expect(schemaChecker({ $ref: 'https://example.com/x.json' }).broken).toBeDefined();
});

test('a schema may refer to itself, and patterns of one schema are told apart', () => {
  const tree = { properties: { kids: { items: { $ref: '#' } }, name: { pattern: '^a' }, size: { pattern: '^b' } } };
  const config = { name: 'a', kids: [{ name: 'b', size: 'b', kids: [{ size: 'a' }] }] };
  expect(
    schemaChecker(tree)
      .check(config)
      .map((one) => one.pointer),
  ).toEqual(['/kids/0/kids/0/size', '/kids/0/name']);
});
