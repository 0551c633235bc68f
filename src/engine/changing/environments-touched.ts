import type { Simulation } from '../../change/simulation.ts';
import type { Role } from '../access/grants.ts';
import type { EngineContext } from '../context.ts';
import { simulationOfApplied } from './kept-simulation.ts';
import { type OpenedChanges, openChanges, viewAt } from './opened-changes.ts';
import { bringUpToDate } from './told-change.ts';

/** The environments that a change does something to, as it is now; undefined where it touches, or may touch, the whole estate. */
export async function environmentsTouched(
  context: EngineContext,
  { id }: { readonly id: string },
): Promise<readonly string[] | undefined> {
  const opened = await openChanges(context);
  const applied = await simulationOfApplied(await context.stores.ledger(), await opened.book.get(id));
  return environmentsOf(context, opened, applied ?? (await bringUpToDate(context, opened, id)).simulation);
}

/**
 * Who asks from elsewhere may do so in some environments only, and a change may have got another content since that was looked at:
 * what is decided about is looked at again.
 * @throws KARMA_FORBIDDEN
 */
export async function mustStillConcern(
  context: EngineContext,
  role: Role,
  opened: OpenedChanges,
  simulation: Simulation,
): Promise<void> {
  if (context.mustIn !== undefined) await context.mustIn(role, await environmentsOf(context, opened, simulation));
}

export async function environmentsOf(
  context: EngineContext,
  opened: OpenedChanges,
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
    const { graph } = await viewAt(context, opened, commit);
    for (const id of ids) {
      const node = graph.node(id);
      if (node !== undefined) found.add(graph.component(node).environment);
    }
  }
  // A file that nobody reads is the estate's, not an environment's.
  return found.size === 0 ? undefined : [...found].sort();
}
