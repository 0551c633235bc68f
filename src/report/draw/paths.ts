import type { Graph } from '../../graph/graph.ts';

/**
 * The folders of components for `xargs -0`: each ended by a NUL, sorted, each once. Parameters and what this estate does not
 * hold have none.
 */
export function paths0(graph: Graph, nodes: Iterable<number>): string {
  const paths = new Set<string>();
  for (const node of nodes) {
    const row = graph.component(node);
    if (row.path !== '' && row.kind === 'component' && !row.external) paths.add(row.path);
  }
  return [...paths]
    .sort()
    .map((path) => `${path}\0`)
    .join('');
}
