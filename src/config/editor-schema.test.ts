import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editorSchema } from './editor-schema.ts';
import type { JsonObject } from './merge-patch.ts';
import { schemaChecker } from './schema-check.ts';

const passes = (schema: unknown, value: unknown) => {
  const checker = schemaChecker(schema);
  expect(checker.broken).toBeUndefined();
  return checker.check(value).length === 0;
};

const edited = (...declared: readonly unknown[]) => editorSchema('a config', declared, []);

describe('the schema of a config for editors', () => {
  it('lets keys of Karma pass where the declared one is closed, however it is closed', () => {
    const closed = { type: 'object', properties: { size: { type: 'number' } }, additionalProperties: false };
    const all = [
      closed,
      { allOf: [{ properties: { size: true } }], unevaluatedProperties: false },
      { $ref: '#/$defs/it', $defs: { it: closed } },
      { type: 'object', propertyNames: { pattern: '^size$' } },
      { anyOf: [closed, { required: ['name'], properties: { name: true }, additionalProperties: false }] },
    ];
    for (const schema of all) {
      expect(passes(edited(schema), { size: 1, $schema: 'x', $depends_on: ['a'] })).toBe(true);
      expect(passes(edited(schema), { sise: 1 })).toBe(false);
    }
  });

  it('keeps references to parts of the declared one', () => {
    const tree = {
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, n: { type: 'number' } } } },
      $ref: '#/$defs/node',
    };
    expect(passes(edited(tree), { next: { next: { n: 1 } } })).toBe(true);
    expect(passes(edited(tree), { next: { next: { n: 'x' } } })).toBe(false);
  });

  it('says what older drafts say as they mean it', () => {
    const old = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { pair: { type: 'array', items: [{ type: 'number' }, { type: 'string' }], additionalItems: false } },
      properties: { pair: { $ref: '#/definitions/pair', maxItems: 1 } },
      dependencies: { pair: ['size'], name: { required: ['size'] } },
    };
    const newer = { properties: { size: { type: 'number' } } };
    const schema = edited(old, newer);
    expect(passes(schema, { pair: [1, 'a'], size: 1 })).toBe(true);
    expect(passes(schema, { pair: [1, 'a', 2], size: 1 })).toBe(false);
    expect(passes(schema, { pair: [1, 2], size: 1 })).toBe(false);
    expect(passes(schema, { pair: [1, 'a'] })).toBe(false);
    expect(passes(schema, { name: 'x' })).toBe(false);
    expect(passes(schema, { size: 'x' })).toBe(false);
  });

  it('helps with a config that lies over another one, and judges it by no key that may stand below', () => {
    const declared = {
      type: 'object',
      required: ['size'],
      properties: { size: { type: 'number' }, tags: { type: 'object', required: ['a'] } },
    };
    expect(passes(edited(declared), { $extends: 'dev/vpc/main' })).toBe(true);
    expect(passes(edited(declared), { $extends: ['dev/vpc/main', '_base/vpc/main'], $unset: ['/size'] })).toBe(true);
    expect(passes(edited(declared), { $extends: 'dev/vpc/main', size: null, tags: { b: 1 } })).toBe(true);
    expect(passes(edited(declared), { $extends: 'dev/vpc/main', size: 'x' })).toBe(false);
    expect(passes(edited(declared), {})).toBe(false);
  });

  it('lets pass exactly what the declared ones do', () => {
    const leaf = fc.constantFrom<JsonObject>(
      { type: 'number' },
      { type: 'string', pattern: '^a' },
      { enum: ['a', 1, { $ref: '#/x' }] },
      { const: null },
      { type: ['boolean', 'null'] },
    );
    const names = fc.constantFrom('a', 'b', 'c');
    const { schema } = fc.letrec<{ schema: JsonObject }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.record(
          {
            type: fc.constant('object'),
            properties: fc.dictionary(names, tie('schema'), { maxKeys: 3 }),
            required: fc.uniqueArray(names, { maxLength: 2 }),
            additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
          },
          { requiredKeys: [] },
        ),
        fc.record({ allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
        fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }) }),
        fc.record({ not: tie('schema') }),
        fc.record({ if: tie('schema'), else: tie('schema') }),
        fc.constant<JsonObject>({ $ref: '#/$defs/part' }),
        fc.constant<JsonObject>({ properties: { a: { $ref: '#/$defs/part' } }, unevaluatedProperties: false }),
      ) as fc.Arbitrary<JsonObject>,
    }));
    const draft = fc.constantFrom({}, { $schema: 'https://json-schema.org/draft/2020-12/schema' });
    const declared = fc
      .tuple(schema, draft)
      .map(([one, head]) => ({ ...one, ...head, $defs: { part: { type: 'number' } } }));
    const value = fc.oneof(
      fc.constantFrom<unknown>('a', 'b', 1, null, true, {}),
      fc.dictionary(names, fc.constantFrom<unknown>(1, 'a')),
    );
    const config = fc.dictionary(names, value, { maxKeys: 3 });
    fc.assert(
      fc.property(fc.array(declared, { maxLength: 2 }), config, (all, given) => {
        const wanted = all.every((one) => passes(one, given));
        expect(passes(edited(...all), given)).toBe(wanted);
        expect(passes(edited(...all), { ...given, $schema: 's' })).toBe(wanted);
      }),
      { numRuns: 400 },
    );
  });
});
