import { selectionOf } from '../graph/selection/select.ts';
import { changedComponents } from './changed-components.ts';
import type { EngineContext } from './context.ts';
import type { LoadedView } from './view.ts';
import { readersOf, workingDirectoryOf } from './view.ts';

/** The nodes of a selection, in order of id; everything when none is given. */
export async function selectNodes(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
): Promise<readonly number[]> {
  if (selection.length === 0) return [...view.graph.ids.keys()];
  return selectionOf(view.graph, selection, {
    workingDirectory: workingDirectoryOf(view),
    readersOf: readersOf(view),
    changed: (from, to) => changedComponents(context, from, to),
  });
}
