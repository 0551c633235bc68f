import type { Claim, Need, Provide } from '../model/claim.ts';
import type { ComponentId } from '../model/component.ts';
import type { Row } from '../model/rows.ts';
import { isOpen } from './open-needs.ts';
import { idKey, keysOf } from './provider-index.ts';
import { type JoinNode, type ProvidersOf, resolveNode, type Verdicts } from './resolve.ts';
import { componentRow, deploymentRow, findingRow, referenceRow, siteIndex, typeRow } from './rows-of-claims.ts';

/** The rows that one node contributes: a function of its claim and of who provides the keys it names. */
export function rowsOf(
  node: JoinNode,
  claim: Claim | undefined,
  { providersOf, verdicts }: { readonly providersOf: ProvidersOf; readonly verdicts: Verdicts },
): { readonly rows: readonly Row[]; readonly denied: readonly string[] } {
  const types = claim?.types ?? [];
  const sites = siteIndex(node.component, types);
  const resolved = resolveNode(node, providersOf, verdicts, claim?.blindSpots);
  const left = claim === undefined ? undefined : withoutSettled(claim, resolved.settled);
  const rows: Row[] = [componentRow(node.component, left, resolved.blindSpots)];
  for (const parameter of resolved.parameters) rows.push(componentRow(parameter, undefined));
  for (const type of types) rows.push(typeRow(type));
  for (const deployment of claim?.deployments ?? []) rows.push(deploymentRow(deployment));
  for (const reference of resolved.references) rows.push(referenceRow(reference, sites));
  for (const finding of left?.findings ?? []) rows.push(findingRow(finding));
  for (const finding of resolved.findings) rows.push(findingRow(finding));
  return { rows, denied: resolved.denied };
}

/** What a claim could not see, without what `karma.yaml` says of it. */
function withoutSettled(claim: Claim, settled: ReadonlySet<string>): Claim {
  if (settled.size === 0) return claim;
  return {
    ...claim,
    blindSpots: claim.blindSpots.filter((spot) => !isOpen(spot) || !settled.has(spot.evidence.site)),
    findings: claim.findings.filter(
      ({ code, evidence }) => code !== 'unknown-path' || !evidence.some(({ site }) => settled.has(site)),
    ),
  };
}

/** Every key whose providers decide what a node contributes. */
export function needKeys({ component, needs, provides }: JoinNode, verdicts: Verdicts): string[] {
  return [
    ...needs.flatMap(({ key, orElse = [], partly }) => [key, ...orElse, ...(partly?.keys ?? [])]),
    ...provides.filter(({ exclusive }) => exclusive === true).map(({ key }) => key),
    ...verdicts.filter(({ from, deny }) => from === component.id && deny !== true).map(({ to }) => idKey(to)),
  ];
}

/** Every key under which others find a node. */
export function provideKeys({ component, provides }: JoinNode): string[] {
  return [...provides.flatMap(keysOf), idKey(component.id)];
}

/** Everything that the rows of others take from a node. */
export type Seen = readonly [
  environment: string,
  outputs: readonly string[] | null,
  account: string | null,
  provides: readonly Provide[],
];

export function seenOf({ component, provides }: JoinNode): Seen {
  const { environment, outputs, attributes } = component;
  return [environment, outputs ?? null, attributes.account ?? null, provides];
}

/**
 * One out of everything that claims say of a node. A component's own claim says what it is; of several that only name an
 * external one, the smallest id does. Provides and needs are united.
 *
 * @param said what others say of it, by who says it
 */
export function unite(
  id: ComponentId,
  own: JoinNode | undefined,
  said: ReadonlyMap<ComponentId, JoinNode> | undefined,
): JoinNode | undefined {
  if (said === undefined || said.size === 0) return own;
  const statements = own === undefined ? said : new Map([...said, [id, own]]);
  const all = [...statements.keys()].sort().flatMap((speaker) => statements.get(speaker) ?? []);
  const lead = own ?? all[0];
  if (lead === undefined || all.length === 1) return lead;
  return {
    component: lead.component,
    provides: unique(all.flatMap(({ provides }) => provides)),
    needs: unique(all.flatMap(({ needs }) => needs)),
  };
}

function unique<T extends Need | Provide>(all: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const one of all) {
    const key = `${one.key}\n${one.evidence.rule}\n${one.evidence.site}\n${one.evidence.file ?? ''}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}
