import type { Graph } from '../graph.ts';
import { reach } from './reach.ts';

/** What components depend on, nearest first, themselves left out. `depth` 1 is the direct ones. O(reached). */
export function dependencies(graph: Graph, nodes: Iterable<number>, depth?: number): Uint32Array {
  return reach(graph, nodes, 'dependencies', depth === undefined ? {} : { depth }).nodes;
}

/** What depends on components, nearest first, themselves left out: by any reference, order-only ones too. O(reached). */
export function dependents(graph: Graph, nodes: Iterable<number>, depth?: number): Uint32Array {
  return reach(graph, nodes, 'dependents', depth === undefined ? {} : { depth }).nodes;
}
