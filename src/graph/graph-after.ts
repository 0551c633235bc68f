import type { ComponentId } from '../model/component.ts';
import type { Delta, Row, RowTable } from '../model/rows.ts';
import { adjacencyFrom, at, numbersUpTo } from './adjacency.ts';
import { endsOf, Graph, hasBlindSpots, isOrderOnly } from './graph.ts';
import { componentsAfter, type PlacesAfter, rowsAfter, sourceAfter } from './rows-after.ts';

/**
 * The graph that a delta leads to; equal to the one made of all its rows (a property test). Rows that stay are not read:
 * integers are merged, and of texts only those are looked at that the delta names. O(nodes + edges), with a small constant.
 */
export function graphAfter(base: Graph, delta: Delta): Graph {
  if (delta.put.length === 0 && delta.remove.length === 0) return base;
  const of = (table: RowTable) => ({
    put: delta.put.filter((row) => row.table === table),
    remove: delta.remove.filter((row) => row.table === table).map(({ key }) => key),
  });
  const components = rowsAfter(base.tables.component, of('component'));
  const edges = edgesAfter(base, of('reference'));
  const ids = idsAfter(base, of('component'), edges);
  const numbers = ids === base.ids ? undefined : new Map(ids.map((id, node) => [id, node]));
  const numberOf = (id: ComponentId): number => (numbers === undefined ? base.node(id) : numbers.get(id)) ?? 0;
  const moved = numbers === undefined ? undefined : Uint32Array.from(base.ids, (id) => numbers.get(id) ?? nowhere);
  const { adjacency, reference, orderOnly } = connect(base, edges, { size: ids.length, moved, numberOf });
  const nodeRow = new Int32Array(ids.length).fill(-1);
  const blind = new Uint8Array(ids.length);
  for (let node = 0; node < base.size; node++) {
    const now = moved === undefined ? node : at(moved, node);
    if (now !== nowhere) blind[now] = base.blind[node] ?? 0;
  }
  for (const id of of('component').remove) if (numbers?.has(id) !== false) blind[numberOf(id)] = 0;
  for (const { key, value } of of('component').put) blind[numberOf(key)] = hasBlindSpots(value) ? 1 : 0;
  placeRows(base, components, { nodeRow, moved, numberOf });
  return new Graph({
    ids,
    adjacency,
    orderOnly,
    nodeRow,
    blind,
    tables: {
      component: componentsAfter(base.tables.component, components),
      deployment: rowsAfter(base.tables.deployment, of('deployment')).source,
      finding: rowsAfter(base.tables.finding, of('finding')).source,
      reference,
      type: rowsAfter(base.tables.type, of('type')).source,
    },
  });
}

/** The number of a node that is gone. */
const nowhere = 0xffffffff;

/** Edges by their numbers in the base, or by the row that put them; neither in order. */
interface EdgesAfter {
  readonly dropped: ReadonlySet<number>;
  /** Rows in the place of base edges. */
  readonly replaced: ReadonlyMap<number, Row>;
  readonly added: readonly { readonly from: ComponentId; readonly to: ComponentId; readonly row: Row }[];
}

function edgesAfter(
  base: Graph,
  { put, remove }: { readonly put: readonly Row[]; readonly remove: readonly string[] },
): EdgesAfter {
  const dropped = new Set<number>();
  for (const key of remove) {
    const edge = edgeOf(base, key);
    if (edge !== undefined) dropped.add(edge);
  }
  const replaced = new Map<number, Row>();
  const added: EdgesAfter['added'][number][] = [];
  for (const row of put) {
    const { from, to } = endsOf(row);
    const edge = edgeBetween(base, from, to);
    if (edge === undefined) added.push({ from, to, row });
    else replaced.set(edge, row);
  }
  return { dropped, replaced, added };
}

/** The edge of a key `from|to`. Ids may hold the bar themselves, so every cut is tried. */
function edgeOf(base: Graph, key: string): number | undefined {
  for (let bar = key.indexOf('|'); bar >= 0; bar = key.indexOf('|', bar + 1)) {
    const edge = edgeBetween(base, key.slice(0, bar), key.slice(bar + 1));
    if (edge !== undefined) return edge;
  }
  return undefined;
}

function edgeBetween(base: Graph, from: ComponentId, to: ComponentId): number | undefined {
  const [source, target] = [base.node(from), base.node(to)];
  return source === undefined || target === undefined ? undefined : base.edgeBetween(source, target);
}

/** Every id that has a row or that a reference names. The base's own list where they are the same. */
function idsAfter(
  base: Graph,
  { put, remove }: { readonly put: readonly Row[]; readonly remove: readonly string[] },
  edges: EdgesAfter,
): readonly ComponentId[] {
  const fresh = new Set<ComponentId>();
  for (const id of [...put.map(({ key }) => key), ...edges.added.flatMap(({ from, to }) => [from, to])])
    if (base.node(id) === undefined) fresh.add(id);
  const gone = new Set<number>();
  if (remove.length > 0 || edges.dropped.size > 0) {
    const candidates = new Set<number>();
    for (const id of remove) candidates.add(base.node(id) ?? -1);
    for (const edge of edges.dropped)
      for (const node of [at(base.adjacency.edgeFrom, edge), at(base.adjacency.edgeTo, edge)]) candidates.add(node);
    candidates.delete(-1);
    const named = new Set([...put.map(({ key }) => key), ...edges.added.flatMap(({ from, to }) => [from, to])]);
    const removed = new Set(remove);
    for (const node of candidates) {
      const id = base.id(node);
      const hasRow = (base.nodeRow[node] ?? -1) >= 0 && !removed.has(id);
      if (!hasRow && !named.has(id) && !hasEdge(base, node, edges.dropped)) gone.add(node);
    }
  }
  if (fresh.size === 0 && gone.size === 0) return base.ids;
  return [...base.ids.filter((_, node) => !gone.has(node)), ...fresh].sort();
}

function hasEdge({ adjacency }: Graph, node: number, dropped: ReadonlySet<number>): boolean {
  const { outStart, inStart, inEdges } = adjacency;
  for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) if (!dropped.has(edge)) return true;
  for (let place = at(inStart, node); place < at(inStart, node + 1); place++)
    if (!dropped.has(at(inEdges, place))) return true;
  return false;
}

interface Numbering {
  readonly size: number;
  /** Base node → node; undefined: as it was. */
  readonly moved: Uint32Array | undefined;
  readonly numberOf: (id: ComponentId) => number;
}

function connect(
  base: Graph,
  { dropped, replaced, added }: EdgesAfter,
  { size, moved, numberOf }: Numbering,
): Pick<Graph, 'adjacency' | 'orderOnly'> & { readonly reference: Graph['tables']['reference'] } {
  const rows: Row[] = [];
  const placeOf = (row: Row): number => -rows.push(row);
  if (dropped.size === 0 && added.length === 0 && moved === undefined) {
    const places = new Int32Array(numbersUpTo(base.edges).buffer);
    const orderOnly = base.orderOnly.slice();
    for (const [edge, row] of replaced) {
      places[edge] = placeOf(row);
      orderOnly[edge] = isOrderOnly(row) ? 1 : 0;
    }
    const reference = sourceAfter(base.tables.reference, { places, rows });
    return { adjacency: base.adjacency, orderOnly, reference };
  }
  const count = base.edges - dropped.size + added.length;
  const [from, to, given] = [new Uint32Array(count), new Uint32Array(count), new Int32Array(count)];
  let next = 0;
  for (let edge = 0; edge < base.edges; edge++) {
    if (dropped.has(edge)) continue;
    const [source, target] = [at(base.adjacency.edgeFrom, edge), at(base.adjacency.edgeTo, edge)];
    from[next] = moved === undefined ? source : at(moved, source);
    to[next] = moved === undefined ? target : at(moved, target);
    const row = replaced.get(edge);
    given[next++] = row === undefined ? edge : placeOf(row);
  }
  for (const one of added) {
    from[next] = numberOf(one.from);
    to[next] = numberOf(one.to);
    given[next++] = placeOf(one.row);
  }
  const { adjacency, order } = adjacencyFrom(size, from, to);
  const places = new Int32Array(order.length);
  const orderOnly = new Uint8Array(order.length);
  for (let edge = 0; edge < order.length; edge++) {
    const place = at(given, at(order, edge));
    const row = place < 0 ? rows[-place - 1] : undefined;
    places[edge] = place;
    orderOnly[edge] = row === undefined ? (base.orderOnly[place] ?? 0) : isOrderOnly(row) ? 1 : 0;
  }
  return { adjacency, orderOnly, reference: sourceAfter(base.tables.reference, { places, rows }) };
}

/** Where each node's row stands now. */
function placeRows(
  base: Graph,
  { places, rows }: PlacesAfter,
  {
    nodeRow,
    moved,
    numberOf,
  }: {
    readonly nodeRow: Int32Array;
    readonly moved: Uint32Array | undefined;
    readonly numberOf: (id: string) => number;
  },
): void {
  const nodeOf = new Int32Array(base.tables.component.size);
  for (let node = 0; node < base.size; node++) {
    const row = base.nodeRow[node] ?? -1;
    if (row >= 0) nodeOf[row] = moved === undefined ? node : at(moved, node);
  }
  for (let place = 0; place < places.length; place++) {
    const from = places[place] ?? 0;
    nodeRow[from < 0 ? numberOf(rows[-from - 1]?.key ?? '') : (nodeOf[from] ?? 0)] = place;
  }
}
