import { beforeAll, describe, expect, it } from 'vitest';
import { schemaChecker } from '../../config/schema-check.ts';
import { loadGrammar } from '../../hcl/parse.ts';
import { inputSchemaOf, type Passing } from './input-schema.ts';
import { ModuleLoader } from './load-module.ts';
import { viewOf } from './memory-view.fixture.ts';

beforeAll(() => loadGrammar());

function infer(hcl: string, passing: Passing = 'exactly') {
  const module = new ModuleLoader().load(viewOf({ 'main.tf': hcl }), '');
  if (module === undefined) throw new Error('no module');
  return inputSchemaOf(module, passing);
}

const property = (body: string, passing?: Passing) =>
  (infer(`variable "x" {\n${body}\n}`, passing).schema['properties'] as Record<string, unknown>)['x'];

describe('what a module takes', () => {
  it('is its variables, with what is required', () => {
    const { schema, sensitive } = infer(
      'variable "a" { type = string }\nvariable "b" {\n  type = number\n  default = 3\n  description = "how many"\n}\nvariable "c" {\n  type = string\n  sensitive = true\n}\n',
    );
    expect(schema).toMatchObject({ type: 'object', required: ['a', 'c'] });
    expect(schema['properties']).toEqual({
      a: { type: 'string' },
      b: { description: 'how many', type: 'number', default: 3 },
      c: { type: 'string' },
    });
    expect(sensitive).toEqual(['c']);
  });

  it.each<[string, unknown]>([
    ['type = list(string)', { type: 'array', items: { type: 'string' } }],
    ['type = map(number)', { type: 'object', additionalProperties: { type: 'number' } }],
    ['type = set(any)', { type: 'array' }],
    [
      'type = tuple([string, bool])',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'boolean' }], minItems: 2, maxItems: 2 },
    ],
    [
      'type = object({ a = string, b = optional(number, 2) })',
      {
        type: 'object',
        properties: { a: { type: 'string' }, b: { type: 'number', default: 2 } },
        required: ['a'],
      },
    ],
    ['type = any', {}],
    ['', {}],
  ])('%s', (body, expected) => {
    expect(property(`${body}\nnullable = false`)).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    ['one of several', 'contains(["a", "b"], var.x)', { enum: ['a', 'b'] }],
    ['a length', 'length(var.x) >= 3 && length(var.x) < 10', { minLength: 3, maxLength: 9 }],
    ['a pattern', 'can(regex("^[a-z]+$", var.x))', { pattern: '^[a-z]+$' }],
    ['null or one of several', 'var.x == null || contains(["a"], var.x)', { enum: ['a'] }],
    ['the bound on the other side', '3 <= length(var.x)', { minLength: 3 }],
  ])('a validation of a text: %s', (_what, condition, expected) => {
    const body = `type = string\nnullable = false\nvalidation {\n  condition = ${condition}\n  error_message = "no"\n}`;
    expect(property(body)).toEqual({ type: 'string', ...(expected as object) });
  });

  it('ranges of numbers and lengths of lists', () => {
    const validation = (condition: string) => `validation {\n  condition = ${condition}\n  error_message = "no"\n}`;
    expect(property(`type = number\nnullable = false\n${validation('var.x > 0 && var.x <= 10')}`)).toEqual({
      type: 'number',
      exclusiveMinimum: 0,
      maximum: 10,
    });
    expect(property(`type = list(string)\nnullable = false\n${validation('length(var.x) == 2')}`)).toMatchObject({
      minItems: 2,
      maxItems: 2,
    });
  });

  it.each([
    'can(regex("(?i)^a", var.x))',
    'startswith(var.x, "a")',
    'var.x != "b"',
    'contains(["a"], var.x) || var.y',
    'alltrue([for one in var.x : one == "a"])',
  ])('what no schema can say is said to be beyond it: %s', (condition) => {
    const { schema, beyond } = infer(
      `variable "x" {\n  type = string\n  validation {\n    condition = ${condition}\n    error_message = "no"\n  }\n}`,
    );
    expect(schema['properties']).toEqual({ x: { type: 'string' } });
    expect(beyond).toMatchObject([{ variable: 'x', line: 1 }]);
  });

  it.each<[Passing, string, readonly unknown[], readonly unknown[]]>([
    ['exactly', 'string', ['a'], [1, true, [], null]],
    ['converts', 'string', ['a', 1, true, null], [[], {}]],
    ['environment', 'string', ['a', 1, [], {}], []],
    ['exactly', 'number', [1, 1.5], ['1']],
    ['converts', 'number', [1, '1', '-2.5e3', '.5'], ['a', '', true]],
    ['converts', 'bool', [true, 'false'], ['yes', 3]],
    ['converts', 'list(number)', [[1, '2']], [['a'], 'a', {}]],
    ['environment', 'list(number)', [[1, '2'], '[1]'], [['a'], {}]],
    ['converts', 'object({ a = string })', [{ a: 'x', more: 1 }], [{}, { a: [] }, 'x']],
  ])('%s: %s takes what Terraform does', (passing, type, good, bad) => {
    const checker = schemaChecker(infer(`variable "x" { type = ${type} }`, passing).schema);
    expect(checker.broken).toBeUndefined();
    expect(good.filter((x) => checker.check({ x }).length > 0)).toEqual([]);
    expect(bad.filter((x) => checker.check({ x }).length === 0)).toEqual([]);
  });

  it('a text that is validated is, also where a number may stand for it', () => {
    const validated =
      'variable "x" {\n  type = string\n  validation {\n    condition = contains(["1", "b"], var.x)\n    error_message = "no"\n  }\n}';
    for (const passing of ['converts', 'environment'] as const) {
      const checker = schemaChecker(infer(validated, passing).schema);
      expect([1, '1', 'b', null].filter((x) => checker.check({ x }).length > 0)).toEqual([]);
      expect(['c', 2].filter((x) => checker.check({ x }).length === 0)).toEqual([]);
    }
  });
});
