import { allWays } from './all-ways.ts';
import { type Pattern, readPattern } from './pattern-tree.ts';
import type { StepBudget } from './step-budget.ts';

/** What JavaScript's own engine may take for one text, in steps: some milliseconds. */
const mostTried = 1_000_000;

export interface BoundedPattern {
  readonly test: (text: string) => boolean;
  /** The pattern as it is written, by which ajv tells one from the other. */
  readonly toString: () => string;
}

/**
 * A pattern of a schema, which anybody may have written. JavaScript's engine tries one way after the other, and for some
 * patterns there are more ways than atoms; so it is asked only where the ways can be counted and are few. All else is
 * followed along all ways at once, which takes some steps for each character and part of the pattern.
 *
 * @throws SyntaxError where JavaScript takes the pattern for none, Error where no bound can be kept
 */
export function boundedPattern(source: string, work: StepBudget): BoundedPattern {
  const own = new RegExp(source, 'u');
  const tree = readPattern(source);
  if (tree === undefined) throw new Error('a pattern that refers to what it matched before cannot be checked');
  const anchored = tree.kind === 'all' && tree.parts[0]?.kind === 'edge' && tree.parts[0].sign === '^';
  let follow: ((text: string) => boolean) | undefined;
  return {
    toString: () => source,
    test(text) {
      const length = text.length + 1;
      const tried = ways(tree, length) + Math.log(length) * (anchored ? 1 : 2);
      work.spend(1 + (text.length >> 3));
      if (tried <= Math.log(mostTried)) return own.test(text);
      follow ??= allWays(tree, work);
      return follow(text);
    },
  };
}

/** The logarithm of how many ways a pattern can go through a text, at most. */
function ways(pattern: Pattern, length: number): number {
  switch (pattern.kind) {
    case 'one':
    case 'edge':
      return 0;
    case 'look':
      return ways(pattern.part, length);
    case 'all':
      return pattern.parts.reduce((sum, part) => sum + ways(part, length), 0);
    case 'any':
      return Math.log(pattern.parts.reduce((sum, part) => sum + Math.exp(ways(part, length)), 0));
    case 'repeat': {
      const most = Math.min(pattern.max, Math.max(length, pattern.min));
      // What takes no character can be repeated more often than there are characters.
      const turns = pattern.part.kind === 'one' ? 1 : Math.max(1, pattern.min);
      return most * ways(pattern.part, length) + Math.log(most - pattern.min + 1) + Math.log(turns);
    }
  }
}
