import { type Graph, graphFrom } from '../../graph/graph.ts';
import { cycles } from '../../graph/operations/cycles.ts';
import { policyFindings } from '../../graph/policies.ts';
import type { Discovery } from '../../infer/layout.ts';
import { Resolver } from '../../infer/resolver.ts';
import { findingRow } from '../../infer/rows-of-claims.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId, LayoutName } from '../../model/component.ts';
import type { EstateSettings, EstateView } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import { type Row, rowId } from '../../model/rows.ts';
import type { EngineContext } from '../context.ts';
import { breathing } from '../wanted.ts';
import { type CachedHash, hashOfGraph } from './following/cached-state.ts';
import type { Discovered, OpenedLayouts } from './opened-layouts.ts';
import { unmatchedEntries } from './unmatched-entries.ts';

export interface BuiltView {
  readonly graph: Graph;
  readonly rows: ReadonlyMap<string, Row>;
  readonly hash: string;
  readonly tree: CachedHash;
  readonly resolver: Resolver;
  readonly recognised: readonly Recognised[];
  readonly discovered: readonly Discovered[];
  /** Rows that belong to the estate as a whole, not to one component. */
  readonly estateRows: readonly Row[];
}

export interface Recognised {
  readonly layout: LayoutName;
  readonly components: number;
  readonly passedOver: Discovery['passedOver'];
}

/**
 * The graph of an estate as it stands in a view: discover, claim, resolve. Nothing of the estate is executed. A component that
 * cannot be read still is in the graph, with findings.
 *
 * @param opened the layouts over that view
 */
export async function buildView(
  estate: EstateView,
  observed: () => readonly Finding[],
  asked: Pick<EngineContext, 'report' | 'signal'>,
  opened: OpenedLayouts,
): Promise<BuiltView> {
  const { report } = asked;
  const breathe = breathing(asked);
  const resolver = new Resolver(estate.settings.references ?? []);
  const claims = new Map<ComponentId, Claim>();
  const discovered = opened.discover((layout, open) => {
    report({ kind: 'phase', phase: 'discover', about: layout, done: 0, total: 0 });
    return open.discover();
  });
  for (const { candidates } of discovered)
    for (const [done, candidate] of candidates.entries()) {
      if (done % 500 === 499) report({ kind: 'phase', phase: 'claim', done, total: candidates.length });
      await breathe();
      const claim = opened.claim(candidate);
      claims.set(claim.component.id, claim);
    }
  report({ kind: 'phase', phase: 'resolve', done: 0, total: 1 });
  resolver.load(claims.values());
  const findings = [...discovered.flatMap((one) => one.findings), ...observed()];
  return {
    ...finish(resolver.rows, findings, estate.settings),
    resolver,
    discovered,
    recognised: discovered.map(({ layout, candidates, passedOver }) => ({
      layout,
      components: candidates.length,
      passedOver,
    })),
  };
}

/** Adds what only the whole graph shows: findings of the estate, of cycles and of policies. */
function finish(
  resolved: ReadonlyMap<string, Row>,
  findings: readonly Finding[],
  settings: EstateSettings,
): Pick<BuiltView, 'graph' | 'rows' | 'hash' | 'tree' | 'estateRows'> {
  const rows = new Map(resolved);
  const estateRows = findings.map(findingRow);
  for (const row of estateRows) rows.set(rowId(row), row);
  const plain = graphFrom(rows.values());
  const shown = wholeGraphRows(plain, settings);
  for (const row of shown) rows.set(rowId(row), row);
  const graph = shown.length === 0 ? plain : graphFrom(rows.values());
  return { graph, rows, ...hashOfGraph(graph), estateRows: [...estateRows, ...shown] };
}

/** Findings that only a whole graph shows. */
export function wholeGraphRows(graph: Graph, settings: EstateSettings): Row[] {
  const findings = [
    ...cycleFindings(graph),
    ...policyFindings(graph, settings.policies ?? []),
    ...unmatchedEntries(graph, settings),
  ];
  return findings.map(findingRow);
}

function cycleFindings(graph: Graph): Finding[] {
  return cycles(graph).map(({ path, members }) => ({
    code: 'cycle',
    severity: findingKinds.cycle.severity,
    subject: path[0] ?? '',
    key: members.join(' '),
    message: `${[...path, path[0]].join(' → ')}${members.length > path.length ? ` (${members.length} components in all)` : ''}`,
    evidence: path.flatMap((from, place) => {
      const to = path[(place + 1) % path.length] ?? '';
      const edge = graph.edgeBetween(graph.node(from) ?? -1, graph.node(to) ?? -1);
      return edge === undefined ? [] : graph.evidence(edge).slice(0, 1);
    }),
  }));
}
