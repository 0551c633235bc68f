import type { Graph } from '../../graph/graph.ts';
import type { Onward } from '../../graph/operations/carrying.ts';
import type { Spread } from '../../infer/terraform/flow/spread.ts';
import type { ChangedModules } from './changed-modules.ts';
import type { Handing } from './handing.ts';
import { publishedOf } from './published.ts';
import { readElsewhere, readersAt } from './read-elsewhere.ts';

/**
 * What a component publishes anew when what it reads of others changes: what rests, through its module's own expressions, on
 * the data blocks or inputs that read it.
 */
export function handedOn(graph: Graph, handing: (id: string) => Handing | undefined, modules: ChangedModules): Onward {
  return (node, along) => {
    const row = graph.component(node);
    if (row.module === '' || row.external) return undefined;
    const claimed = handing(row.id);
    const laid = claimed?.laid;
    const spread = laid === undefined ? undefined : modules.spreadIn(row.module, laid);
    if (claimed === undefined || spread === undefined) return undefined;
    if (row.layout === 'adage' && claimed.hasSteps) return undefined;
    const parts = new Set<string>();
    for (const edge of along)
      for (const evidence of graph.evidence(edge)) {
        const readers = readersAt(evidence, spread) ?? claimed.inputs ?? handedTo(claimed, graph, edge, spread);
        if (readers === undefined) return undefined;
        for (const one of readers) parts.add(one);
      }
    const reached = spread.from({ parts }, true, readElsewhere(graph, node, spread));
    return reached === undefined ? undefined : publishedOf([claimed], reached, spread);
  };
}

/** Variables of a plain module of Adage that are handed what a reference reads. */
function handedTo({ handed }: Handing, graph: Graph, edge: number, spread: Spread): readonly string[] | undefined {
  if (handed === undefined) return undefined;
  const runtimes = Object.keys(graph.reference(edge).consumesFrom);
  const names = Object.entries(handed).filter(([, runtime]) => runtimes.includes(runtime));
  const parts = names.map(([name]) => `var.${name}`).filter((id) => spread.part(id) !== undefined);
  return parts.length === 0 ? undefined : parts;
}
