import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstNot } from './binary-search.ts';

it('finds the first place that is not before another, as looking at one after the other does', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: -1, max: 10 }), (values, wanted) => {
      const sorted = values.sort((a, b) => a - b);
      const found = sorted.findIndex((value) => value >= wanted);
      const end = found < 0 ? sorted.length : found;
      expect(firstNot(sorted.length, (place) => (sorted[place] ?? 0) < wanted)).toBe(end);
      expect(firstNot(sorted.length, (place) => (sorted[place] ?? 0) < wanted, Math.floor(end / 2))).toBe(end);
    }),
  );
});
