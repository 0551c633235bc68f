import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Evidence } from '../../model/evidence.ts';
import { findUnits } from '../../run/terragrunt-find.ts';
import type { EngineContext } from '../context.ts';
import { loadView } from '../view/load-view.ts';
import { stampOf, type ViewStamp } from '../view/view.ts';

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
  const disagreements: Disagreement[] = [];
  for (const [pair, edge] of ours)
    if (!theirs.has(pair))
      disagreements.push({
        ...ends(pair),
        saidBy: 'karma',
        reason: reasonFor(
          ends(pair),
          units.map(({ path }) => path),
        ),
        evidence: graph.evidence(edge),
      });
  for (const pair of theirs)
    if (!ours.has(pair)) {
      const { from, to } = ends(pair);
      const findings = graph.findings().filter(({ subject }) => subject === from);
      disagreements.push({
        from,
        to,
        saidBy: 'terragrunt',
        reason:
          graph.node(to) === undefined
            ? 'the path leads to no unit: Karma has a finding instead of an edge'
            : (findings[0]?.message ?? 'Karma found no such reference'),
        evidence: findings.flatMap(({ evidence }) => evidence).slice(0, 3),
      });
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

function reasonFor(
  { from, to }: { readonly from: ComponentId; readonly to: ComponentId },
  known: readonly string[],
): string {
  const generated = [from, to].find((id) => id.includes('.terragrunt-stack') && !known.includes(id));
  if (generated !== undefined) return 'a unit that a stack would generate, which was not generated here';
  if (!known.includes(from)) return 'Terragrunt leaves this unit out (a cycle, or a file that it cannot read)';
  return 'Terragrunt could not evaluate a dependency of this unit and left all its edges out without a word';
}
