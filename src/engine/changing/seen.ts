import { KarmaError } from '../../model/errors.ts';
import type { SimulatedChange } from './told-change.ts';

/** @throws KARMA_CHANGED where it is not any more what the person saw */
export function mustBeSeen(
  { change, consequence }: Pick<SimulatedChange, 'change' | 'consequence'>,
  seen: { readonly revision?: number; readonly consequence?: string },
): void {
  const look = { hint: `\`karma change show ${change.id}\`, then decide about what it is now` };
  if (seen.revision !== undefined && seen.revision !== change.revision)
    throw new KarmaError('KARMA_CHANGED', `${change.id} is at revision ${change.revision} by now`, look);
  if (seen.consequence !== undefined && seen.consequence !== consequence)
    throw new KarmaError('KARMA_CHANGED', `what ${change.id} does is not what was looked at`, look);
}
