import type { Simulation } from './simulation.ts';

type Steps = Pick<Simulation, 'base' | 'files' | 'conflicts'>;

/**
 * Whether Git puts two steps from one commit together without being asked: each only gives files another content, and none of them
 * are the same. Where files come or go there may be renames, and a file in the place of a folder.
 */
export function goTogether(one: Steps, other: Steps): boolean {
  if (one.base !== other.base || one.conflicts.length + other.conflicts.length > 0) return false;
  if ([...one.files, ...other.files].some(({ kind }) => kind !== 'modified')) return false;
  const mine = new Set(one.files.map(({ path }) => path));
  return !other.files.some(({ path }) => mine.has(path));
}
