import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isList, isObject, Unknown, type Value, type ValueObject } from '../../../hcl/value.ts';
import { deepMerge, Merge } from './merged-inputs.ts';

/** Two values as they are merged by Terragrunt, one over the other: what putting many together at once must come to. */
function pair(lower: Value, higher: Value, strategy: 'deep' | 'shallow'): Value {
  if (isObject(lower) && isObject(higher))
    return Object.fromEntries(
      [...new Set([...Object.keys(lower), ...Object.keys(higher)])].map((name) => {
        const [low, high] = [own(lower, name), own(higher, name)];
        if (high === undefined) return [name, low ?? null];
        return [name, low === undefined || strategy === 'shallow' ? high : pair(low, high, 'deep')];
      }),
    );
  if (strategy === 'shallow') return isObject(lower) ? lower : higher;
  if (isList(lower) && isList(higher)) return [...lower, ...higher];
  return higher;
}

function own(object: ValueObject, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : undefined;
}

function plain(value: Value | undefined): unknown {
  return JSON.parse(JSON.stringify(value ?? null));
}

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Value>(null, '', 0, false, 'a', 1),
    fc.array(fc.constantFrom<Value>('a', 'b'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value'), { maxKeys: 3 }) as fc.Arbitrary<Value>,
  ),
}));

describe('values merged all at once', () => {
  it('come to what they come to one over the other', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
        const byPairs = values.reduce((merged, one) => pair(merged, one, 'deep'));
        expect(plain(deepMerge(values))).toEqual(plain(byPairs));
      }),
    );
  });

  it('and one beneath the other, deep or shallow', () => {
    const layer = fc.record({ value, strategy: fc.constantFrom('deep' as const, 'shallow' as const) });
    fc.assert(
      fc.property(fc.array(layer, { minLength: 1, maxLength: 5 }), ([first, ...lower]) => {
        const merge = new Merge();
        merge.below(first?.value ?? null, 'deep');
        let byPairs = first?.value ?? null;
        for (const { value: one, strategy } of lower) {
          merge.below(one, strategy);
          byPairs = pair(one, byPairs, strategy);
        }
        expect(plain(merge.value)).toEqual(plain(byPairs));
      }),
    );
  });

  it('are unknown where one of them is', () => {
    const merge = new Merge();
    merge.below({ a: 1 }, 'deep');
    merge.below(new Unknown('later'), 'shallow');
    expect(merge.value).toBeInstanceOf(Unknown);
    expect(deepMerge([{ a: 1 }, new Unknown('later'), { b: 1 }])).toBeInstanceOf(Unknown);
  });
});
