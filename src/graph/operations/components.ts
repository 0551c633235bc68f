import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';

/**
 * Strongly connected components: sets of nodes that all depend on each other. Tarjan 1972, with an explicit stack so that a
 * chain of 100,000 does not overflow. O(nodes + edges).
 *
 * Sets come in topological order, dependencies first: a set's references lead only to sets before it.
 */
export function strongComponents(graph: Graph): {
  readonly of: Int32Array;
  readonly sets: readonly (readonly number[])[];
} {
  const { size } = graph;
  const { outStart, edgeTo } = graph.adjacency;
  const seen = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const of = new Int32Array(size).fill(-1);
  const next = outStart.slice(0, size);
  const sets: number[][] = [];
  const open: number[] = [];
  const path: number[] = [];
  let clock = 0;
  for (let root = 0; root < size; root++) {
    if (seen[root] !== -1) continue;
    path.push(root);
    while (path.length > 0) {
      const node = path.at(-1) ?? 0;
      if (seen[node] === -1) {
        seen[node] = low[node] = clock++;
        open.push(node);
      }
      const edge = at(next, node);
      if (edge < at(outStart, node + 1)) {
        next[node] = edge + 1;
        const step = at(edgeTo, edge);
        if (seen[step] === -1) path.push(step);
        else if (of[step] === -1) low[node] = Math.min(at(low, node), at(seen, step));
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(at(low, parent), at(low, node));
      if (low[node] === seen[node]) sets.push(closeSet(open, node, of, sets.length));
    }
  }
  return { of, sets };
}

function closeSet(open: number[], root: number, of: Int32Array, number: number): number[] {
  const set: number[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    of[node] = number;
    set.push(node);
    if (node === root) break;
  }
  return set.sort((a, b) => a - b);
}
