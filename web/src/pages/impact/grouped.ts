import type { AffectedOne } from './affected-columns.tsx';

export interface AffectedGroup {
  readonly title: string;
  readonly members: readonly AffectedOne[];
}

/** By how far they are from what changes: each wave waits for the one before it. */
export function byWave(affected: readonly AffectedOne[]): readonly AffectedGroup[] {
  const waves = Map.groupBy(affected, ({ distance }) => distance);
  return [...waves].sort(([a], [b]) => a - b).map(([distance, members]) => ({ title: `Wave ${distance}`, members }));
}

/** By who must be asked: those with most first, what nobody is said to own last. */
export function byOwner(affected: readonly AffectedOne[]): readonly AffectedGroup[] {
  const owners = Map.groupBy(affected, ({ owner }) => owner ?? '');
  return [...owners]
    .sort(([a, x], [b, y]) => Number(a === '') - Number(b === '') || y.length - x.length || (a < b ? -1 : 1))
    .map(([owner, members]) => ({ title: owner === '' ? 'No owner is said' : owner, members }));
}
