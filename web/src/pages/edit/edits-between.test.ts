import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json } from '../../../../src/model/digest.ts';
import { stepsOf } from '../../../../src/model/pointer.ts';
import { countOf, editsBetween, withValue } from './edits-between.ts';

it('names single values, within objects too, and a list as one', () => {
  const before = { cidr: 'a', tags: { team: 'x', old: 1 }, zones: [1, 2] };
  const after = { cidr: 'b', tags: { team: 'x', new: true }, zones: [1, 2, 3] };
  expect(editsBetween(before, after)).toEqual({
    set: { '/cidr': 'b', '/tags/new': true, '/zones': [1, 2, 3] },
    unset: ['/tags/old'],
  });
});

it('takes no name that every object has for one that is there', () => {
  expect(editsBetween({ valueOf: '' }, {})).toEqual({ set: {}, unset: ['/valueOf'] });
  expect(editsBetween({}, { toString: 1 })).toEqual({ set: { '/toString': 1 }, unset: [] });
});

const config = fc.dictionary(
  fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer())),
) as fc.Arbitrary<Record<string, Json>>;

it('leads from one to the other, and says nothing of what is the same', () => {
  fc.assert(
    fc.property(config, config, (before, after) => {
      const { set, unset } = editsBetween(before, after);
      let now: Json = before;
      for (const pointer of unset) now = withValue(now, stepsOf(pointer), undefined);
      for (const [pointer, value] of Object.entries(set)) now = withValue(now, stepsOf(pointer), value);
      expect(now).toEqual(after);
      expect(countOf(editsBetween(after, after))).toBe(0);
    }),
  );
});
