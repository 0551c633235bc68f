import { object } from '../../config/shape-parts.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import { findUnits } from '../../run/terragrunt-find.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';
import { ComparisonReasons } from './compare-reasons.ts';
import { defineVerb } from './verb.ts';

export interface Disagreement {
  readonly from: ComponentId;
  readonly to: ComponentId;
  readonly saidBy: 'karma' | 'terragrunt';
  /** Why Karma says so, or what it knows of the other's edge. */
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

export interface TerragruntComparison {
  readonly view: ViewStamp;
  readonly units: number;
  readonly edges: number;
  readonly agreed: number;
  readonly disagreements: readonly Disagreement[];
}

/** Karma's edges beside those of the installed Terragrunt, on the work tree as it is. */
export async function compareWithTerragrunt(context: EngineContext): Promise<TerragruntComparison> {
  const view = await loadView(context, undefined, { needsEstate: true });
  const { graph } = view;
  const units = await findUnits(view.estate?.observation.root.folder ?? context.request.cwd, context.env);
  const theirs = new Set<string>();
  for (const { path, type, dependencies } of units)
    if (type === 'unit') for (const to of dependencies) theirs.add(`${path}\n${to}`);
  const ours = new Map<string, number>();
  for (let edge = 0; edge < graph.edges; edge++) {
    const { from, to } = graph.reference(edge);
    const node = graph.node(from);
    if (node !== undefined && graph.component(node).layout === 'terragrunt') ours.set(`${from}\n${to}`, edge);
  }
  const reasons = new ComparisonReasons(graph, units);
  const disagreements: Disagreement[] = [];
  for (const [pair, edge] of ours) {
    if (theirs.has(pair)) continue;
    const { from, to } = ends(pair);
    const evidence = graph.evidence(edge);
    disagreements.push({ from, to, saidBy: 'karma', reason: reasons.ofKarma(from, to, evidence), evidence });
  }
  for (const pair of theirs) {
    if (ours.has(pair)) continue;
    const { from, to } = ends(pair);
    disagreements.push({ from, to, saidBy: 'terragrunt', ...reasons.ofTerragrunt(from, to) });
  }
  disagreements.sort((a, b) => byCodeUnit(a.from, b.from) || byCodeUnit(a.to, b.to));
  return {
    view: stampOf(view),
    units: units.length,
    edges: theirs.size,
    agreed: [...ours.keys()].filter((pair) => theirs.has(pair)).length,
    disagreements,
  };
}

function ends(pair: string): { readonly from: ComponentId; readonly to: ComponentId } {
  const [from = '', to = ''] = pair.split('\n');
  return { from, to };
}

export const compareTerragruntVerb = defineVerb({
  about: "Karma's edges beside those that the installed Terragrunt finds; runs its `find`.",
  query: object('Nothing to say.', {}),
  writes: 'nothing',
  run: (context) => compareWithTerragrunt(context),
});
