import type { Graph } from '../../graph/graph.ts';
import { reach } from '../../graph/operations/reach.ts';

export interface Focus {
  readonly roots: readonly number[];
  /** Steps from the roots. */
  readonly depth: number;
  readonly direction: 'both' | 'dependencies' | 'dependents';
  /** Nodes whose direct dependencies are shown too, and those whose direct dependents are. */
  readonly dependenciesOf: readonly number[];
  readonly dependentsOf: readonly number[];
}

/** The roots, what is within some steps of them, and the steps that were taken from there. Sorted. O(reached). */
export function inFocus(graph: Graph, focus: Focus): number[] {
  const { roots, depth, direction } = focus;
  const nodes = new Set([...roots, ...focus.dependenciesOf, ...focus.dependentsOf]);
  const add = (starts: readonly number[], way: 'dependencies' | 'dependents', steps: number): void => {
    if (starts.length > 0) for (const node of reach(graph, starts, way, { depth: steps }).nodes) nodes.add(node);
  };
  if (direction !== 'dependents') add(roots, 'dependencies', depth);
  if (direction !== 'dependencies') add(roots, 'dependents', depth);
  add(focus.dependenciesOf, 'dependencies', 1);
  add(focus.dependentsOf, 'dependents', 1);
  return [...nodes].sort((a, b) => a - b);
}

/** Every node on any way along references from one to another, both included; none where there is no way. O(nodes + edges). */
export function between(graph: Graph, from: number, to: number): number[] {
  const ahead = reach(graph, [from], 'dependencies');
  if (from !== to && ahead.distanceOf(to) === -1) return [];
  const back = reach(graph, [to], 'dependents');
  return [from, ...ahead.nodes].filter((node) => back.distanceOf(node) >= 0).sort((a, b) => a - b);
}

/** Those of them that lie on a shortest way. */
export function shortestBetween(graph: Graph, from: number, to: number): number[] {
  const ahead = reach(graph, [from], 'dependencies');
  const back = reach(graph, [to], 'dependents');
  const steps = ahead.distanceOf(to);
  return between(graph, from, to).filter((node) => ahead.distanceOf(node) + back.distanceOf(node) === steps);
}
