import { object, text } from '../../config/shape-parts.ts';
import { recordsOf } from '../../deploy/records.ts';
import type { FindingCause } from '../../graph/findings-by-cause.ts';
import { findOne } from '../../graph/operations/find.ts';
import type { CheckResult } from '../../model/check.ts';
import type { ComponentId, ComponentRow, DeploymentRow, TypeRow } from '../../model/component.ts';
import type { Evidence } from '../../model/evidence.ts';
import type { Finding } from '../../model/finding.ts';
import type { EngineContext } from '../context.ts';
import { findingsAbout } from '../view/findings-about.ts';
import { loadView } from '../view/load-view.ts';
import { withNearest } from '../view/nearest-hints.ts';
import { type Proved, provedReaders } from '../view/proved.ts';
import { findingsIn, shownCauses } from '../view/shown-findings.ts';
import { readersOf, stampOf, type ViewStamp, workingDirectoryOf } from '../view/view.ts';
import { at, defineVerb } from './verb.ts';

export interface ShownReference {
  readonly id: ComponentId;
  readonly consumes: readonly string[];
  readonly rules: readonly string[];
  readonly marks: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** What checks said after one run. */
export interface CheckedRun {
  readonly deployment: string;
  readonly run: string;
  readonly at: string;
  readonly results: readonly CheckResult[];
}

export interface Shown {
  readonly view: ViewStamp;
  readonly component: ComponentRow;
  readonly type?: Omit<TypeRow, 'sites'>;
  readonly deployments: readonly DeploymentRow[];
  /** What its type's checks said after the last run of each deployment; of those that were checked. */
  readonly checks: readonly CheckedRun[];
  readonly dependsOn: readonly ShownReference[];
  readonly usedBy: readonly ShownReference[];
  readonly findings: readonly Finding[];
  /** The same by what causes them. */
  readonly causes: readonly FindingCause[];
  /** Of others: there may be more who use it. What it depends on itself may hide stands with the component. */
  readonly blindSpots: Proved['blindSpots'];
  readonly unread: Proved['unread'];
  readonly complete: boolean;
}

export async function show(context: EngineContext, id: string, at?: string): Promise<Shown> {
  const view = await loadView(context, at);
  const { graph } = view;
  const node = findOne(graph, id, { workingDirectory: workingDirectoryOf(view), readersOf: readersOf(view) });
  const component = graph.component(node);
  const { outStart, inStart, inEdges, edgeFrom, edgeTo } = graph.adjacency;
  const reference = (edge: number, other: number): ShownReference => {
    const { consumes, rules, marks } = graph.reference(edge);
    return { id: graph.id(other), consumes, rules, marks, evidence: graph.evidence(edge) };
  };
  const dependsOn: ShownReference[] = [];
  for (let edge = outStart[node] ?? 0; edge < (outStart[node + 1] ?? 0); edge++)
    dependsOn.push(reference(edge, edgeTo[edge] ?? 0));
  const usedBy: ShownReference[] = [];
  for (let slot = inStart[node] ?? 0; slot < (inStart[node + 1] ?? 0); slot++) {
    const edge = inEdges[slot] ?? 0;
    usedBy.push(reference(edge, edgeFrom[edge] ?? 0));
  }
  const type = graph.types().get(component.module);
  const { blindSpots, unread, complete } = provedReaders(view, component.id);
  const { sites: _sites, ...rest } = type ?? { sites: {} };
  const findings = findingsIn(view).filter(findingsAbout(view, [node]));
  return {
    view: stampOf(view),
    component,
    ...(type === undefined ? {} : { type: rest as Omit<TypeRow, 'sites'> }),
    deployments: graph.deployments(component.id),
    checks: await checksOf(context, component.id, graph.deployments(component.id)),
    dependsOn,
    usedBy,
    blindSpots,
    unread,
    complete: complete && (component.blindSpots ?? []).length === 0,
    findings: withNearest(graph, findings),
    causes: shownCauses(graph, findings),
  };
}

async function checksOf(
  { stores }: EngineContext,
  id: ComponentId,
  deployments: readonly DeploymentRow[],
): Promise<readonly CheckedRun[]> {
  const ledger = await stores.ledger();
  const found: CheckedRun[] = [];
  for (const deployment of new Set(['', ...deployments.map((one) => one.deployment)])) {
    const last = (await recordsOf(ledger, id, deployment))?.last;
    if (last?.checks === undefined || last.action !== 'apply') continue;
    found.push({ deployment, run: last.id, at: last.at, results: last.checks });
  }
  return found;
}

export const showVerb = defineVerb({
  about: 'One component: what it is, depends on, is used by, and what is odd about it.',
  query: object('Which.', { id: text('A component.'), at }, 'id'),
  writes: 'nothing',
  isSmall: true,
  run: (context, { id, at: when }) => show(context, id, when),
});
