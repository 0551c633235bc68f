import { at } from '../../../graph/adjacency.ts';
import type { Graph } from '../../../graph/graph.ts';
import { type RowSource, rowAt } from '../../../graph/row-source.ts';
import type { ResolvedRows } from '../../../infer/incremental-resolver.ts';
import { firstNot } from '../../../model/binary-search.ts';
import { type Row, type RowTable, rowTables } from '../../../model/rows.ts';

/** The rows of a graph by name, each read once, when somebody asks for it. */
export function graphRows(graph: Graph): ResolvedRows {
  const read = new Map<string, Row | undefined>();
  return {
    row: (name) => {
      const known = read.get(name);
      if (known !== undefined || read.has(name)) return known;
      const row = rowNamed(graph, name);
      read.set(name, row);
      return row;
    },
    referencesFrom: (id) => {
      const node = graph.node(id);
      if (node === undefined) return [];
      const { outStart } = graph.adjacency;
      const names: string[] = [];
      for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++)
        names.push(`reference|${graph.tables.reference.key(edge)}`);
      return names;
    },
  };
}

function rowNamed(graph: Graph, name: string): Row | undefined {
  const bar = name.indexOf('|');
  const table = rowTables.find((one) => one === name.slice(0, bar));
  if (table === undefined) return undefined;
  const key = name.slice(bar + 1);
  const place = table === 'reference' ? edgeNamed(graph, key) : placeOf(graph.tables[table], key);
  return place === undefined ? undefined : rowAt(graph.tables[table satisfies RowTable], place);
}

/** References stand in the order of their ends. Ids may hold the bar themselves, so every cut is tried. */
function edgeNamed(graph: Graph, key: string): number | undefined {
  for (let bar = key.indexOf('|'); bar >= 0; bar = key.indexOf('|', bar + 1)) {
    const from = graph.node(key.slice(0, bar));
    const to = graph.node(key.slice(bar + 1));
    const edge = from === undefined || to === undefined ? undefined : graph.edgeBetween(from, to);
    if (edge !== undefined) return edge;
  }
  return undefined;
}

/** The place of a key in a table that is sorted by it. */
function placeOf(source: RowSource, key: string): number | undefined {
  const place = firstNot(source.size, (one) => source.key(one) < key);
  return place < source.size && source.key(place) === key ? place : undefined;
}
