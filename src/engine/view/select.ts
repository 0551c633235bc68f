import { gitRangesIn } from '../../graph/selection/git-ranges.ts';
import { select } from '../../graph/selection/select.ts';
import type { ComponentId } from '../../model/component.ts';
import type { EngineContext } from '../context.ts';
import { changedComponents } from './changed-components.ts';
import { type LoadedView, readersOf, workingDirectoryOf } from './view.ts';

/** The nodes of a selection, in order of id; everything when none is given. */
export async function selectNodes(
  context: EngineContext,
  view: LoadedView,
  selection: readonly string[],
): Promise<readonly number[]> {
  if (tellNothingRecognised(context, view)) return [];
  if (selection.length === 0) return [...view.graph.ids.keys()];
  const changed = await changesNamedIn(context, selection);
  const { nodes, unmatched } = select(view.graph, selection, {
    workingDirectory: workingDirectoryOf(view),
    readersOf: readersOf(view),
    reading: (matches) => readersWhere(view, matches),
    changedIn: (from, to) => changed.get(`${from}...${to}`) ?? [],
  });
  for (const { text, nearest } of unmatched)
    context.report({
      kind: 'note',
      text: `nothing is called ${text}${nearest.length > 0 ? `; did you mean ${nearest.join(' or ')}?` : ''}`,
    });
  return nodes;
}

/** Whether nothing is; then it is said, because an answer of nothing must not look like one that found nothing wrong. */
export function tellNothingRecognised(context: EngineContext, { graph }: LoadedView): boolean {
  if (graph.size > 0) return false;
  context.report({ kind: 'note', text: 'no component is recognised here: `karma doctor` says what was looked for' });
  return true;
}

/** Selections are evaluated synchronously, so Git ranges in them are compared beforehand. */
async function changesNamedIn(
  context: EngineContext,
  selection: readonly string[],
): Promise<ReadonlyMap<string, readonly ComponentId[]>> {
  const changed = new Map<string, readonly ComponentId[]>();
  for (const { from, to } of gitRangesIn(selection))
    changed.set(`${from}...${to}`, await changedComponents(context, from, to));
  return changed;
}

function readersWhere(view: LoadedView, matches: (file: string) => boolean): ComponentId[] {
  const readers = new Set<ComponentId>();
  for (const [file, ids] of view.readers()) if (matches(file)) for (const id of ids) readers.add(id);
  return [...readers];
}
