import { KarmaError } from '../model/errors.ts';

/** Whoever walks through a value later must not fall. */
const deepest = 100;

/** @throws KARMA_INPUT_INVALID where it is nested beyond what any file may be */
export function mustBeShallow(query: unknown): void {
  let level: readonly unknown[] = [query];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest)
      throw new KarmaError('KARMA_INPUT_INVALID', `a value is nested deeper than ${deepest} levels`, {
        hint: 'no file may be either',
      });
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
}

/** A path that somebody says, in steps. @throws KARMA_INPUT_INVALID where it leads deeper than any file may be */
export function mustReach(path: string): string {
  if (path.split(/[./]/).length > 2 * deepest)
    throw new KarmaError('KARMA_INPUT_INVALID', `a path has more than ${2 * deepest} steps`, {
      hint: 'no file is nested so deep',
    });
  return path;
}
