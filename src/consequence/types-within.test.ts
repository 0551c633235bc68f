import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typesWithin } from './types-within.ts';
import { shapeOf } from './value-shape.ts';

const typesOf = (outputs: unknown) => Object.fromEntries(typesWithin(shapeOf(outputs)));

describe('the types of outputs', () => {
  it('are told within objects and lists as well', () => {
    expect(
      typesOf({ url: 'x', db: { port: 5432, 'a/b': true }, subnets: [{ id: 'a', public: true }, { id: 'b' }] }),
    ).toEqual({
      url: 'string',
      db: 'object',
      'db/port': 'number',
      'db/a~1b': 'boolean',
      subnets: 'list',
      'subnets/*': 'object',
      'subnets/*/id': 'string',
    });
  });

  it('are not told where items differ, or where there is nothing yet', () => {
    expect(typesOf({ mixed: [1, 'a'], none: [], empty: null, db: { host: null } })).toEqual({
      ...{ mixed: 'list', none: 'list', empty: 'null', db: 'object' },
    });
  });

  it('are the same for the same outputs, bounded, and name each output', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 8 })), (outputs) => {
        const types = typesWithin(shapeOf(outputs));
        expect(types).toEqual(typesWithin(shapeOf(structuredClone(outputs))));
        expect(types.size).toBeLessThanOrEqual(300 + Object.keys(outputs).length);
        expect([...types.keys()].filter((key) => !key.includes('/'))).toHaveLength(Object.keys(outputs).length);
      }),
      { numRuns: 50 },
    );
  });
});
