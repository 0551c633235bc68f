import type { ComponentId } from '../../model/component.ts';
import type { EngineContext } from '../context.ts';

/** Components that a Git range really changes: those that differ as evaluated, those that cannot be told, and new ones. */
export async function changedComponents(
  context: EngineContext,
  from: string,
  to: string,
): Promise<readonly ComponentId[]> {
  const { compareRange } = await import('../range/compare-range.ts');
  const { comparison } = await compareRange(context, `${from}...${to}`);
  return [...comparison.changed, ...comparison.undecided].map(({ id }) => id).concat(comparison.added);
}
