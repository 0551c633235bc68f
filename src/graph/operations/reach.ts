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

/**
 * What a walk reached, as a predecessor tree: a path is derived only when somebody wants to see it. It takes as much room as was
 * reached: most walks of a large graph come to a handful of nodes.
 */
export class Reach {
  readonly direction: Direction;
  /** Reached nodes without the starts, nearest first, then by id. */
  readonly nodes: Uint32Array;
  readonly #places: Places;
  /** By place in the walk. */
  readonly #distances: readonly number[];
  readonly #edges: readonly number[];

  constructor(direction: Direction, starts: number, { nodes, distances, edges, places }: Walked) {
    this.direction = direction;
    this.nodes = Uint32Array.from(starts === 0 ? nodes : nodes.slice(starts));
    this.#places = places;
    this.#distances = distances;
    this.#edges = edges;
  }

  /** Steps from the nearest start; 0 for a start, −1 where the walk did not come. */
  distanceOf(node: number): number {
    return this.#distances[this.#places.of(node)] ?? -1;
  }

  /** The edge a node was reached by; −1 for starts and the unreached. */
  edgeTo(node: number): number {
    return this.#edges[this.#places.of(node)] ?? -1;
  }
}

interface Walked {
  readonly nodes: number[];
  readonly distances: number[];
  readonly edges: number[];
  readonly places: Places;
}

/** The place of each node in a walk, −1 where it did not come: few are looked up by name, many by number. */
class Places {
  readonly #size: number;
  #few: Map<number, number> | undefined = new Map();
  #all: Int32Array | undefined;

  constructor(size: number) {
    this.#size = size;
  }

  of(node: number): number {
    return this.#all === undefined ? (this.#few?.get(node) ?? -1) : (this.#all[node] ?? -1);
  }

  set(node: number, place: number): void {
    if (this.#all === undefined && this.#few !== undefined && this.#few.size * 32 < this.#size) {
      this.#few.set(node, place);
      return;
    }
    if (this.#all === undefined) {
      this.#all = new Int32Array(this.#size).fill(-1);
      for (const [one, at] of this.#few ?? []) this.#all[one] = at;
      this.#few = undefined;
    }
    this.#all[node] = place;
  }
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
  const { adjacency } = graph;
  const back = direction === 'dependents';
  const first = back ? adjacency.inStart : adjacency.outStart;
  const ends = back ? adjacency.edgeFrom : adjacency.edgeTo;
  const nodes = [...new Set(starts)].sort((a, b) => a - b);
  const walked: Walked = {
    nodes,
    distances: nodes.map(() => 0),
    edges: nodes.map(() => -1),
    places: new Places(graph.size),
  };
  const { places, distances, edges } = walked;
  for (const [place, node] of nodes.entries()) places.set(node, place);
  const startCount = nodes.length;
  let head = 0;
  for (let level = 0; level < depth && head < nodes.length; level++) {
    const levelEnd = nodes.length;
    for (; head < levelEnd; head++) {
      const node = nodes[head] ?? 0;
      for (let slot = at(first, node); slot < at(first, node + 1); slot++) {
        const edge = back ? at(adjacency.inEdges, slot) : slot;
        const next = at(ends, edge);
        if (places.of(next) !== -1 || (follow !== undefined && !follow(edge, level))) continue;
        places.set(next, nodes.length);
        nodes.push(next);
        distances.push(level + 1);
        edges.push(edge);
      }
    }
    inOrder(walked, levelEnd);
  }
  return new Reach(direction, startCount, walked);
}

/** Puts the level that begins at a place in the order of its nodes. */
function inOrder({ nodes, edges, places }: Walked, begin: number): void {
  let sorted = true;
  for (let place = begin + 1; place < nodes.length && sorted; place++)
    sorted = (nodes[place - 1] ?? 0) < (nodes[place] ?? 0);
  if (sorted) return;
  const level = nodes.slice(begin).sort((a, b) => a - b);
  const reachedBy = level.map((node) => edges[places.of(node)] ?? -1);
  for (const [index, node] of level.entries()) {
    nodes[begin + index] = node;
    edges[begin + index] = reachedBy[index] ?? -1;
    places.set(node, begin + index);
  }
}

/**
 * The edges from a start to a reached node, in walking order; empty for a start. O(length).
 *
 * @param most the last so many of them
 */
export function edgesTo(graph: Graph, reached: Reach, node: number, most = Number.POSITIVE_INFINITY): number[] {
  const edges: number[] = [];
  const ends = endsOf(graph, reached);
  for (let edge = reached.edgeTo(node); edge >= 0 && edges.length < most; edge = reached.edgeTo(at(ends, edge)))
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
      const before = at(ends, reached.edgeTo(one));
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
