import type { ComponentId } from '../../model/component.ts';
import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';
import { strongComponents } from './components.ts';

export interface Cycle {
  /** All components that depend on each other, sorted. */
  readonly members: readonly ComponentId[];
  /** One concrete cycle through them, as short as there is: each depends on the next, the last on the first. */
  readonly path: readonly ComponentId[];
}

/** Beyond this many members the shortest cycle is looked for only through the first ones, so that time stays bounded. */
const searchedMembers = 256;

/**
 * The cycles of the graph: one entry for each set of components that depend on each other, smallest cycle first, then by id.
 * The path begins at its smallest id. O(nodes + edges) for the sets, O(members × edges) within one.
 */
export function cycles(graph: Graph): Cycle[] {
  const { of, sets } = strongComponents(graph);
  const found: number[][] = [];
  const members: (readonly number[])[] = [];
  for (const set of sets) {
    const [first = 0] = set;
    if (set.length === 1 && graph.edgeBetween(first, first) === undefined) continue;
    members.push(set);
    found.push(shortestCycle(graph, set, of));
  }
  const ids = (nodes: readonly number[]): ComponentId[] => nodes.map((node) => graph.id(node));
  return found
    .map((path, place) => ({ path, set: members[place] ?? [] }))
    .sort((a, b) => a.path.length - b.path.length || (a.path[0] ?? 0) - (b.path[0] ?? 0))
    .map(({ path, set }) => ({ members: ids(set), path: ids(path) }));
}

/** The shortest cycle within a set; of equally short ones the one whose ids come first. */
function shortestCycle(graph: Graph, set: readonly number[], of: Int32Array): number[] {
  let best: number[] | undefined;
  for (const start of set.slice(0, searchedMembers)) {
    const path = cycleThrough(graph, start, of, best === undefined ? set.length : best.length - 1);
    if (path !== undefined) best = path;
    if (best !== undefined && best.length <= 1) break;
  }
  return fromSmallest(best ?? [...set]);
}

/** Breadth-first back to where it started, within the set and a bound on the length. */
function cycleThrough(graph: Graph, start: number, of: Int32Array, bound: number): number[] | undefined {
  const { outStart, edgeTo } = graph.adjacency;
  const cameFrom = new Map<number, number>();
  let level = [start];
  for (let length = 1; length <= bound && level.length > 0; length++) {
    const next: number[] = [];
    for (const node of level) {
      for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++) {
        const step = at(edgeTo, edge);
        if (step === start) return trail(cameFrom, start, node);
        if (of[step] !== of[start] || cameFrom.has(step)) continue;
        cameFrom.set(step, node);
        next.push(step);
      }
    }
    level = next;
  }
  return undefined;
}

function trail(cameFrom: ReadonlyMap<number, number>, start: number, end: number): number[] {
  const path = [end];
  for (let node = end; node !== start; ) {
    node = cameFrom.get(node) ?? start;
    path.push(node);
  }
  return path.reverse();
}

function fromSmallest(path: number[]): number[] {
  const first = path.indexOf(path.reduce((least, node) => Math.min(least, node), Number.POSITIVE_INFINITY));
  return [...path.slice(first), ...path.slice(0, first)];
}
