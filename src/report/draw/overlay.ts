import { type Graph, graphFrom } from '../../graph/graph.ts';
import type { Ends, GraphDiff } from '../../graph/operations/diff.ts';
import { rowAt } from '../../graph/row-source.ts';
import type { Row } from '../../model/rows.ts';
import type { LinkChange, Mark } from './picture.ts';

/** Two graphs laid over each other: the later one, with what is gone from it still in its place. */
export interface Overlay {
  readonly graph: Graph;
  readonly marks: ReadonlyMap<number, Mark>;
  readonly changeOf: (edge: number) => LinkChange | undefined;
}

/** Lays the later of two graphs over the earlier. O(rows) where something is gone, else O(what differs). */
export function overlay(before: Graph, after: Graph, diff: GraphDiff): Overlay {
  const gone = goneRows(before, diff);
  const graph = gone.length === 0 ? after : graphFrom([...after.rows(), ...gone]);
  const marks = new Map<number, Mark>();
  const mark = (ids: readonly string[], as: Mark): void => {
    for (const id of ids) {
      const node = graph.node(id);
      if (node !== undefined) marks.set(node, as);
    }
  };
  mark(
    diff.changed.map(({ id }) => id),
    'changed',
  );
  mark(diff.added, 'added');
  mark(diff.removed, 'removed');
  const changes = new Map<number, LinkChange>();
  const change = (references: readonly Ends[], as: LinkChange): void => {
    for (const { from, to } of references) {
      const ends = [graph.node(from), graph.node(to)] as const;
      const edge = ends[0] === undefined || ends[1] === undefined ? undefined : graph.edgeBetween(ends[0], ends[1]);
      if (edge !== undefined) changes.set(edge, as);
    }
  };
  change(diff.referencesRemoved, 'removed');
  change(diff.referencesAdded, 'added');
  change(diff.referencesChanged, 'changed');
  return { graph, marks, changeOf: (edge) => changes.get(edge) };
}

/** Components that are gone, and references that are: of those only such between ends that are drawn under their old names. */
function goneRows(before: Graph, { removed, referencesRemoved, changed }: GraphDiff): Row[] {
  const renamed = new Set(changed.flatMap(({ was }) => (was === undefined ? [] : [was])));
  const rows: Row[] = [];
  for (const id of removed) {
    const place = before.nodeRow[before.node(id) ?? -1] ?? -1;
    if (place >= 0) rows.push(rowAt(before.tables.component, place));
  }
  for (const { from, to } of referencesRemoved) {
    if (renamed.has(from) || renamed.has(to)) continue;
    const edge = before.edgeBetween(before.node(from) ?? -1, before.node(to) ?? -1);
    if (edge !== undefined) rows.push(rowAt(before.tables.reference, edge));
  }
  return rows;
}
