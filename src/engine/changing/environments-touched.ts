import type { Simulation } from '../../change/simulation.ts';
import type { EngineContext } from '../context.ts';
import { type ChangeGround, openGround, viewAt } from './change-ground.ts';
import { simulationOfApplied } from './kept-simulation.ts';
import { bringUpToDate } from './told-change.ts';

/** The environments that a change does something to, as it is now; undefined where it touches, or may touch, the whole estate. */
export async function environmentsTouched(
  context: EngineContext,
  { id }: { readonly id: string },
): Promise<readonly string[] | undefined> {
  const ground = await openGround(context);
  const applied = await simulationOfApplied(await context.stores.ledger(), await ground.book.get(id));
  return environmentsOf(context, ground, applied ?? (await bringUpToDate(context, ground, id)).simulation);
}

export async function environmentsOf(
  context: EngineContext,
  ground: ChangeGround,
  simulation: Simulation,
): Promise<readonly string[] | undefined> {
  const { comparison, footprint, conflicts } = simulation;
  const { added, removed, moved, changed, undecided, affected, possible, complete } = comparison;
  if (footprint.whole !== undefined || conflicts.length > 0 || !complete) return undefined;
  const ids = [
    ...added,
    ...removed,
    ...moved.flatMap(({ was, id }) => [was, id]),
    ...[...changed, ...undecided, ...affected].map(({ id }) => id),
    ...possible,
  ];
  const found = new Set<string>();
  for (const commit of [simulation.base, simulation.head]) {
    const { graph } = await viewAt(context, ground, commit);
    for (const id of ids) {
      const node = graph.node(id);
      if (node !== undefined) found.add(graph.component(node).environment);
    }
  }
  // A file that nobody reads is the estate's, not an environment's.
  return found.size === 0 ? undefined : [...found].sort();
}
