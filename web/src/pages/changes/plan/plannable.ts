import type { ShownChange } from '../../../api/answers.ts';

/** Something of it may still come, and is not there yet. */
export function isPlannable({ state, apply }: ShownChange['change']): boolean {
  const open = ['proposed', 'simulated', 'blocked', 'planned', 'approved'].includes(state);
  return open && apply?.committed !== true;
}
