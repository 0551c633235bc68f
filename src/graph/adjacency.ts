/**
 * Edges as integers, both ways, in compressed sparse rows. An edge's number is its place when edges are sorted by
 * (from, to), so the edges that leave node `v` are the numbers `outStart[v] … outStart[v + 1] - 1`; those that reach it are
 * `inEdges[inStart[v] … inStart[v + 1] - 1]`, sorted by the node they come from. Built once per version, never patched.
 */
export interface Adjacency {
  readonly edgeFrom: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly outStart: Uint32Array;
  readonly inStart: Uint32Array;
  readonly inEdges: Uint32Array;
}

/** Starts of the groups when `count` edges are grouped by `keys`; one more entry than there are nodes. */
function groupStarts(nodes: number, keys: Uint32Array): Uint32Array {
  const starts = new Uint32Array(nodes + 1);
  for (let edge = 0; edge < keys.length; edge++) {
    const slot = at(keys, edge) + 1;
    starts[slot] = at(starts, slot) + 1;
  }
  for (let node = 0; node < nodes; node++) starts[node + 1] = at(starts, node + 1) + at(starts, node);
  return starts;
}

/** Edge numbers in stable order of `keys`: one pass of a counting sort. O(nodes + edges). */
function sortedBy(nodes: number, keys: Uint32Array, order: Uint32Array): Uint32Array {
  const next = groupStarts(nodes, keys);
  const sorted = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) {
    const edge = at(order, place);
    const key = at(keys, edge);
    const slot = at(next, key);
    sorted[slot] = edge;
    next[key] = slot + 1;
  }
  return sorted;
}

/**
 * Adjacency of `nodes` nodes from edges in any order. `order` tells which given edge became which number.
 * Two counting sorts, O(nodes + edges), no comparator.
 */
export function adjacencyFrom(
  nodes: number,
  from: Uint32Array,
  to: Uint32Array,
): { readonly adjacency: Adjacency; readonly order: Uint32Array } {
  const order = sortedBy(nodes, from, sortedBy(nodes, to, numbersUpTo(from.length)));
  const edgeFrom = order.map((edge) => at(from, edge));
  const edgeTo = order.map((edge) => at(to, edge));
  return { adjacency: mirror(nodes, edgeFrom, edgeTo), order };
}

/** The same from edges that are sorted by (from, to) already, as a snapshot keeps them. */
function mirror(nodes: number, edgeFrom: Uint32Array, edgeTo: Uint32Array): Adjacency {
  return {
    edgeFrom,
    edgeTo,
    outStart: groupStarts(nodes, edgeFrom),
    inStart: groupStarts(nodes, edgeTo),
    inEdges: sortedBy(nodes, edgeTo, numbersUpTo(edgeTo.length)),
  };
}

/** 0, 1, 2, … By a loop: made of another array and a function it takes ten times as long. */
export function numbersUpTo(count: number): Uint32Array {
  const numbers = new Uint32Array(count);
  for (let number = 0; number < count; number++) numbers[number] = number;
  return numbers;
}

/** An element of a typed array whose index is in range by construction; 0 is never reached. */
export function at(array: Uint32Array | Int32Array | Uint8Array, index: number): number {
  return array[index] ?? 0;
}
