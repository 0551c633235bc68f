import { KarmaError } from '../model/errors.ts';

/** Job matrices by wave. */
export function matrixOf(waves: readonly (readonly string[])[], format: 'matrix' | 'gitlab'): string {
  throw new KarmaError('KARMA_BUG', `${format} of ${waves.length} waves`);
}
