import { at } from '../../graph/adjacency.ts';
import type { Graph } from '../../graph/graph.ts';
import type { Spread } from '../../infer/terraform/flow/spread.ts';
import type { Evidence } from '../../model/evidence.ts';

/** Data blocks of a component that read what others publish: nobody else tells them anything. */
export function readElsewhere(graph: Graph, node: number, spread: Spread): ReadonlySet<string> {
  const found = new Set<string>();
  const { outStart } = graph.adjacency;
  for (let edge = at(outStart, node); edge < at(outStart, node + 1); edge++)
    for (const evidence of graph.evidence(edge)) for (const id of readersAt(evidence, spread) ?? []) found.add(id);
  return found;
}

/** The data block that evidence is about: where its address is said, or one of its parts is read. */
export function readersAt({ site, expression = '' }: Evidence, spread: Spread): readonly string[] | undefined {
  const id = dataIn(site, spread) ?? dataIn(expression, spread);
  return id === undefined ? undefined : [id];
}

function dataIn(text: string, spread: Spread): string | undefined {
  const steps = text.split('.');
  for (let end = steps.length; end > 2; end--) {
    const id = steps.slice(0, end).join('.');
    if (spread.part(id)?.kind === 'data') return id;
  }
  return undefined;
}
