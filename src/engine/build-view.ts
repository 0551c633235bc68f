import { type Graph, graphFrom } from '../graph/graph.ts';
import { cycles } from '../graph/operations/cycles.ts';
import { policyFindings } from '../graph/policies.ts';
import { loadGrammar } from '../hcl/parse.ts';
import type { Candidate, Discovery, Layout } from '../infer/layout.ts';
import { adageLayout } from '../infer/layouts/adage/layout.ts';
import { terraformLayout } from '../infer/layouts/terraform/layout.ts';
import { terragruntLayout } from '../infer/layouts/terragrunt/layout.ts';
import { Resolver } from '../infer/resolver.ts';
import { findingRow } from '../infer/row-writer.ts';
import type { Claim } from '../model/claim.ts';
import type { ComponentId, LayoutName } from '../model/component.ts';
import type { EstateView, Policy } from '../model/estate.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import { hashRows } from '../model/merkle.ts';
import type { Report } from '../model/progress.ts';
import { type Row, rowId } from '../model/rows.ts';
import type { ClaimCache } from './claim-cache.ts';

/** Every layout Karma reads; each recognises its own and passes over the rest. */
export const layouts: readonly Layout[] = [adageLayout, terragruntLayout, terraformLayout];

export interface BuiltView {
  readonly graph: Graph;
  readonly rows: ReadonlyMap<string, Row>;
  readonly hash: string;
  readonly resolver: Resolver;
  readonly recognised: readonly Recognised[];
}

export interface Recognised {
  readonly layout: LayoutName;
  readonly components: number;
  readonly passedOver: Discovery['passedOver'];
}

/**
 * The graph of an estate as it stands in a view: discover, claim, resolve. Pure but for loading the grammar once; nothing of
 * the estate is executed. A component that cannot be read still is in the graph, with findings.
 */
export async function buildView(
  estate: EstateView,
  observed: () => readonly Finding[],
  report: Report,
  cache?: Pick<ClaimCache, 'known' | 'learn'>,
): Promise<BuiltView> {
  await loadGrammar();
  const resolver = new Resolver(estate.settings.references ?? []);
  const claims = new Map<ComponentId, Claim>();
  const recognised: Recognised[] = [];
  const findings: Finding[] = [];
  for (const layout of layouts) {
    if (estate.settings.layouts !== undefined && !estate.settings.layouts.includes(layout.name)) continue;
    report({ kind: 'phase', name: `reading ${layout.name} components` });
    const open = layout.open(estate);
    const discovery = withoutSharedRoot(open.discover(), claims.size > 0);
    findings.push(...discovery.findings);
    for (const [done, candidate] of discovery.candidates.entries()) {
      if (done % 500 === 499) report({ kind: 'step', name: 'reading', done, total: discovery.candidates.length });
      const known = cache?.known(candidate, estate);
      const claim = known ?? learned(open.claim(candidate), candidate, cache);
      claims.set(claim.component.id, claim);
    }
    recognised.push({ layout: layout.name, components: discovery.candidates.length, passedOver: discovery.passedOver });
  }
  report({ kind: 'phase', name: 'resolving references' });
  resolver.load(claims.values());
  return {
    ...finish(resolver.rows, [...findings, ...observed()], estate.settings.policies ?? []),
    resolver,
    recognised,
  };
}

function learned(claim: Claim, candidate: Candidate, cache: Pick<ClaimCache, 'learn'> | undefined): Claim {
  return cache === undefined ? claim : cache.learn(candidate, claim);
}

/**
 * An Adage estate runs each component through one `terragrunt.hcl` at its root, parameterised by environment values: that
 * file is a tool, not a unit. Where other Terragrunt units stand beside it, it is a unit like any other.
 */
function withoutSharedRoot(discovery: Discovery, besideAdage: boolean): Discovery {
  const [only, ...others] = discovery.candidates;
  if (!besideAdage || only?.layout !== 'terragrunt' || only.id !== '.' || others.length > 0) return discovery;
  const reason = 'the one terragrunt.hcl that Adage components are run through';
  return { ...discovery, candidates: [], passedOver: [...discovery.passedOver, { path: only.path, reason }] };
}

/** Adds what only the whole graph shows: findings of the estate, of cycles and of policies. */
export function finish(
  resolved: ReadonlyMap<string, Row>,
  findings: readonly Finding[],
  policies: readonly Policy[],
): Pick<BuiltView, 'graph' | 'rows' | 'hash'> {
  const rows = new Map(resolved);
  const add = (finding: Finding) => {
    const row = findingRow(finding);
    rows.set(rowId(row), row);
  };
  findings.forEach(add);
  const plain = graphFrom(rows.values());
  const found = [...cycleFindings(plain), ...policyFindings(plain, policies)];
  found.forEach(add);
  return { graph: found.length === 0 ? plain : graphFrom(rows.values()), rows, hash: hashRows(rows.values()).hash };
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
