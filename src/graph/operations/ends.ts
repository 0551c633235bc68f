import { at } from '../adjacency.ts';
import type { Graph } from '../graph.ts';

/** Where the graph begins and ends. Parameters are left out: they are read, not run. O(nodes). */

/** Components that depend on nothing. */
export function roots(graph: Graph): number[] {
  return nodesWith(graph, (out, into) => out === 0 && into > 0);
}

/** Components that nothing depends on. */
export function leaves(graph: Graph): number[] {
  return nodesWith(graph, (out, into) => into === 0 && out > 0);
}

/** Components without any reference, in or out. */
export function orphans(graph: Graph): number[] {
  return nodesWith(graph, (out, into) => out === 0 && into === 0);
}

function nodesWith(graph: Graph, test: (out: number, into: number) => boolean): number[] {
  const { outStart, inStart } = graph.adjacency;
  const nodes: number[] = [];
  for (let node = 0; node < graph.size; node++) {
    const out = at(outStart, node + 1) - at(outStart, node);
    const into = at(inStart, node + 1) - at(inStart, node);
    if (test(out, into) && !graph.isParameter(node)) nodes.push(node);
  }
  return nodes;
}
