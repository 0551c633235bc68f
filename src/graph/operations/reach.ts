import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';

/** `dependents`: against the references, who would notice. `dependencies`: along them, what it rests on. */
export type Direction = 'dependents' | 'dependencies';

export interface ReachOptions {
  /** How many steps to go; unlimited by default. */
  readonly depth?: number;
  /** Whether an edge may be walked from a node at this distance; all by default. */
  readonly follow?: (edge: number, distance: number) => boolean;
}

/** What a walk reached, as a predecessor tree: a path is derived only when somebody wants to see it. */
export interface Reach {
  readonly direction: Direction;
  /** Reached nodes without the starts, nearest first, then by id. */
  readonly nodes: Uint32Array;
  /** Steps from the nearest start; 0 for a start, −1 where the walk did not come. By node. */
  readonly distance: Int32Array;
  /** The edge a node was reached by; −1 for starts and the unreached. By node. */
  readonly via: Int32Array;
}

/**
 * Breadth-first search from several starts at once. Each level is walked in id order, so the predecessor of a node is the
 * smallest id among those at the distance before: deterministic, whatever the insertion order. Cycles end by themselves.
 * O(nodes + edges reached · log of a level's size).
 */
export function reach(
  graph: Graph,
  starts: Iterable<number>,
  direction: Direction,
  { depth = Number.POSITIVE_INFINITY, follow }: ReachOptions = {},
): Reach {
  const { adjacency, size } = graph;
  const back = direction === 'dependents';
  const first = back ? adjacency.inStart : adjacency.outStart;
  const ends = back ? adjacency.edgeFrom : adjacency.edgeTo;
  const distance = new Int32Array(size).fill(-1);
  const via = new Int32Array(size).fill(-1);
  const queue = new Uint32Array(size);
  let tail = 0;
  for (const start of new Set(starts)) {
    distance[start] = 0;
    queue[tail++] = start;
  }
  queue.subarray(0, tail).sort();
  const startCount = tail;
  let head = 0;
  for (let level = 0; level < depth && head < tail; level++) {
    const levelEnd = tail;
    for (; head < levelEnd; head++) {
      const node = at(queue, head);
      for (let slot = at(first, node); slot < at(first, node + 1); slot++) {
        const edge = back ? at(adjacency.inEdges, slot) : slot;
        const next = at(ends, edge);
        if (distance[next] !== -1 || (follow !== undefined && !follow(edge, level))) continue;
        distance[next] = level + 1;
        via[next] = edge;
        queue[tail++] = next;
      }
    }
    queue.subarray(levelEnd, tail).sort();
  }
  return { direction, nodes: queue.slice(startCount, tail), distance, via };
}

/**
 * The edges from a start to a reached node, in walking order; empty for a start. O(length).
 *
 * @param most the last so many of them
 */
export function edgesTo(graph: Graph, reached: Reach, node: number, most = Number.POSITIVE_INFINITY): number[] {
  const edges: number[] = [];
  const ends = endsOf(graph, reached);
  for (let edge = reached.via[node] ?? -1; edge >= 0 && edges.length < most; edge = reached.via[at(ends, edge)] ?? -1)
    edges.push(edge);
  return edges.reverse();
}

/** The nodes from a start to a reached node, both included. O(length). */
export function pathTo(graph: Graph, reached: Reach, node: number): number[] {
  return pathAlong(graph, reached, edgesTo(graph, reached, node), node);
}

/** Where each edge begins, and the node that the last one leads to. */
export function pathAlong(graph: Graph, reached: Reach, edges: readonly number[], node: number): number[] {
  const ends = endsOf(graph, reached);
  return [...edges.map((edge) => at(ends, edge)), node];
}

const starts = new WeakMap<Reach, Int32Array>();

/** From which start a node was reached. O(reached) for all together. */
export function startOf(graph: Graph, reached: Reach, node: number): number {
  let known = starts.get(reached);
  if (known === undefined) {
    const ends = endsOf(graph, reached);
    known = new Int32Array(graph.size).fill(-1);
    // Nearest first: whoever leads to a node was met before it.
    for (const one of reached.nodes) {
      const before = at(ends, reached.via[one] ?? -1);
      known[one] = known[before] === -1 ? before : (known[before] ?? before);
    }
    starts.set(reached, known);
  }
  const start = known[node] ?? -1;
  return start === -1 ? node : start;
}

function endsOf(graph: Graph, reached: Reach): Uint32Array | Int32Array {
  return reached.direction === 'dependents' ? graph.adjacency.edgeTo : graph.adjacency.edgeFrom;
}
