import type { Graph } from '../../graph/graph.ts';
import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import type { Onward } from '../../graph/operations/carrying.ts';
import type { Spread } from '../../infer/terraform/flow/spread.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentRow } from '../../model/component.ts';
import type { ChangedModules } from './changed-modules.ts';
import { hasSteps, laidOver, publishedOf } from './published.ts';
import { readElsewhere, readersAt } from './read-elsewhere.ts';

/**
 * What a component publishes anew when what it reads of others changes: what rests, through its module's own expressions, on
 * the data blocks or inputs that read it.
 */
export function handedOn({ graph, claim: claimOf }: RangeEnd, modules: ChangedModules): Onward {
  return (node, along) => {
    const row = graph.component(node);
    if (row.module === '' || row.external) return undefined;
    const claim = claimOf(row.id);
    const laid = claim === undefined ? undefined : laidOver([claim], row);
    const spread = laid === undefined ? undefined : modules.spreadIn(row.module, laid);
    if (claim === undefined || spread === undefined) return undefined;
    if (row.layout === 'adage' && hasSteps(claim)) return undefined;
    const parts = new Set<string>();
    for (const edge of along)
      for (const evidence of graph.evidence(edge)) {
        const readers = readersAt(evidence, spread) ?? inputsOf(claim, row) ?? handedTo(claim, graph, edge, spread);
        if (readers === undefined) return undefined;
        for (const one of readers) parts.add(one);
      }
    const reached = spread.from({ parts }, true, readElsewhere(graph, node, spread));
    return reached === undefined ? undefined : publishedOf([claim], reached, spread);
  };
}

/** Variables of a plain module of Adage that are handed what a reference reads. */
function handedTo({ run }: Claim, graph: Graph, edge: number, spread: Spread): readonly string[] | undefined {
  if (run?.selfPublishing !== false) return undefined;
  const runtimes = Object.keys(graph.reference(edge).consumesFrom);
  const names = Object.entries(run.handed).filter(([, runtime]) => runtimes.includes(runtime));
  const parts = names.map(([name]) => `var.${name}`).filter((id) => spread.part(id) !== undefined);
  return parts.length === 0 ? undefined : parts;
}

/** Inputs of a unit that only a run could tell; undefined where something else of it rests on a run too. */
function inputsOf({ evaluated }: Claim, { layout }: ComponentRow): readonly string[] | undefined {
  if (layout !== 'terragrunt' || evaluated === undefined) return undefined;
  const { inputs, dependency: _mocks, ...rest } = evaluated;
  if (inputs === null || typeof inputs !== 'object' || isUnsure(rest) || Object.hasOwn(inputs, '$unknown'))
    return undefined;
  return Object.entries(inputs).flatMap(([name, value]) => (isUnsure(value) ? [`var.${name}`] : []));
}

function isUnsure(value: unknown): boolean {
  return (JSON.stringify(value) ?? '').includes('"$unknown"');
}
