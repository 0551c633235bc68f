import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Clause, type Move, smallestUnblocking } from './unblock.ts';

const move = (what: string): Move => ({ kind: 'edit', what, say: `${what} is mended` });
const clauses = (...all: readonly string[]): readonly Clause[] => all.map((names) => [...names].map(move));
const names = (sets: readonly (readonly Move[])[]): string[] => sets.map((set) => set.map(({ what }) => what).join(''));

describe('the smallest thing that would unblock', () => {
  it.each([
    [[], []],
    [['a'], ['a']],
    [['ab'], ['a', 'b']],
    [['ab', 'bc'], ['b']],
    [
      ['ab', 'cd'],
      ['ac', 'ad', 'bc'],
    ],
    [['a', 'b', 'ab'], ['ab']],
  ])('of %j is %j', (given, expected) => {
    const { sets, smallest } = smallestUnblocking(clauses(...given));
    expect(names(sets)).toEqual(expected);
    expect(smallest).toBe(true);
  });

  it('is told even where the search was stopped, and then not said to be the smallest', () => {
    const hard = Array.from({ length: 12 }, (_, at) =>
      Array.from({ length: 8 }, (_, other) => move(`m${at}-${other}`)),
    );
    const { sets, smallest } = smallestUnblocking(hard, 100);
    expect(smallest).toBe(false);
    expect(hard.every((clause) => clause.some((one) => sets[0]?.some(({ what }) => what === one.what)))).toBe(true);
  });

  it('hits every clause, and no smaller set does', () => {
    const clause = fc.uniqueArray(fc.constantFrom(...'abcdef'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 6 }), (given) => {
        const { sets } = smallestUnblocking(given.map((one) => one.map(move)));
        const hits = (set: readonly string[]) => given.every((one) => one.some((name) => set.includes(name)));
        for (const set of sets) expect(hits(set.map(({ what }) => what))).toBe(true);
        const size = sets[0]?.length ?? 0;
        const smaller = subsets([...'abcdef']).filter((set) => set.length < size);
        expect(smaller.some(hits)).toBe(false);
      }),
    );
  });
});

function subsets(all: readonly string[]): readonly (readonly string[])[] {
  const [first, ...rest] = all;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((set) => [set, [first, ...set]]);
}
