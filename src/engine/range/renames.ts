import type { Graph } from '../../graph/graph.ts';
import type { ComponentId } from '../../model/component.ts';
import type { ChangedFile } from '../../observe/changed-files.ts';
import { changedBetweenViews } from '../../observe/changed-files.ts';
import type { LoadedView } from '../view/view.ts';

/**
 * Components that moved: the file that makes one (a unit, a config) was renamed from a folder whose component is gone to one
 * whose component is new. Ids before → ids after.
 */
export function renamesIn(
  changes: readonly ChangedFile[],
  before: Graph,
  after: Graph,
): ReadonlyMap<ComponentId, ComponentId> {
  const renames = new Map<ComponentId, ComponentId>();
  const taken = new Set<ComponentId>();
  const was = componentsByFolder(before, after);
  const is = componentsByFolder(after, before);
  for (const { kind, from, path } of changes) {
    if (kind !== 'renamed' || from === undefined || nameOf(from) !== nameOf(path)) continue;
    const old = was.get(folderOf(from));
    const now = is.get(folderOf(path));
    if (old === undefined || now === undefined || renames.has(old) || taken.has(now)) continue;
    renames.set(old, now);
    taken.add(now);
  }
  return renames;
}

/** The same where both ends are at hand as files. */
export function renamesBetween(before: LoadedView, after: LoadedView): ReadonlyMap<ComponentId, ComponentId> {
  if (before.estate === undefined || after.estate === undefined) return new Map();
  return renamesIn(changedBetweenViews(before.estate.view.main, after.estate.view.main), before.graph, after.graph);
}

/** Components that only one graph has, by their folder. */
function componentsByFolder(graph: Graph, other: Graph): ReadonlyMap<string, ComponentId> {
  const folders = new Map<string, ComponentId>();
  for (let node = 0; node < graph.size; node++) {
    const { path, external } = graph.head(node);
    const id = graph.id(node);
    if (!external && path !== '' && other.node(id) === undefined) folders.set(path, id);
  }
  return folders;
}

function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut < 0 ? '' : path.slice(0, cut);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
