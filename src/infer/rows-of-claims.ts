import type { Claim } from '../model/claim.ts';
import type { ComponentRow, DeploymentRow, TypeRow } from '../model/component.ts';
import { hasKeysInOrder } from '../model/digest.ts';
import type { Evidence, Sites } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { makeRow, type Row } from '../model/rows.ts';
import { shownFinding } from '../model/secrets/finding.ts';

/**
 * Claims and references as rows. What moves without meaning (lines, message texts) goes into the row's note, outside the
 * hash; a line that a type's or component's own sites know is not written at all, so that a comment added to a module
 * rewrites that one type row and not every reference that rests on it.
 *
 * Components, references and findings come by the ten thousand: their keys are put down in order here, so that they need not
 * be sorted to be canonical.
 */

/** `site` → file and line, of a component and the types it uses. */
export type SiteIndex = (site: string) => readonly [file: string, line: number] | undefined;

/** Looks a site up in the component's own sites, then in those of its types. */
export function siteIndex(component: ComponentRow, types: readonly TypeRow[]): SiteIndex {
  return (site) => {
    if (Object.hasOwn(component.sites, site)) return component.sites[site];
    for (const { sites } of types) if (Object.hasOwn(sites, site)) return sites[site];
    return undefined;
  };
}

/** @param open what the join left open, beside what the claim itself could not see */
export function componentRow(
  component: ComponentRow,
  claim: Claim | undefined,
  open: NonNullable<ComponentRow['blindSpots']> = noSpots,
): Row {
  const spots = claim?.blindSpots ?? [];
  const blindSpots =
    spots.length === 0 && open.length === 0
      ? component.blindSpots
      : [
          ...spots.map(({ code, evidence, on }) => ({ code, file: evidence.file, on, site: evidence.site })),
          ...open.map(({ code, file, on, site }) => ({ code, file, on, site })),
        ];
  const value = {
    attributes: component.attributes,
    blindSpots,
    configDigest: component.configDigest,
    environment: component.environment,
    external: component.external,
    id: component.id,
    kind: component.kind,
    layout: component.layout,
    module: component.module,
    nickname: component.nickname,
    outputs: component.outputs,
    path: component.path,
    readsDigest: component.readsDigest,
    type: component.type,
  };
  return makeRow('component', component.id, value, noted(component), hasKeysInOrder(value.attributes));
}

const noSpots: NonNullable<ComponentRow['blindSpots']> = [];

/** Rows of types that were written already: thousands of components share one. */
const writtenTypes = new WeakMap<TypeRow, Row>();

export function typeRow(type: TypeRow): Row {
  const written = writtenTypes.get(type);
  if (written !== undefined) return written;
  const { sites, ...value } = type;
  const row = makeRow('type', type.key, value, noted({ sites }));
  writtenTypes.set(type, row);
  return row;
}

/** Lines and keyed digests: what differs from place to place, or from data folder to data folder, with nothing of it meant. */
function noted({ sites, secrets }: { readonly sites: Sites; readonly secrets?: string }): object | undefined {
  const hasSites = Object.keys(sites).length > 0;
  if (secrets === undefined) return hasSites ? { sites } : undefined;
  return hasSites ? { secrets, sites } : { secrets };
}

export function deploymentRow({ secrets, configSecrets, ...value }: DeploymentRow): Row {
  const isNoted = secrets !== undefined || configSecrets !== undefined;
  const note = isNoted
    ? { ...(configSecrets === undefined ? {} : { configSecrets }), ...(secrets === undefined ? {} : { secrets }) }
    : undefined;
  return makeRow('deployment', `${value.component}@${value.deployment}`, value, note);
}

/** The note, where there is one, is laid over the value when the row is read: it gives the evidence back its lines. */
export function referenceRow(reference: ReferenceRow, sites: SiteIndex): Row {
  const { evidence } = reference;
  const known = evidence.every((one) => one.line === undefined || isSite(one, sites));
  const value = {
    consumes: reference.consumes,
    consumesFrom: reference.consumesFrom,
    evidence: evidence.map(withoutLine),
    from: reference.from,
    marks: reference.marks,
    origin: reference.origin,
    rules: reference.rules,
    strength: reference.strength,
    to: reference.to,
    tolerated: reference.tolerated,
  };
  const key = `${reference.from}|${reference.to}`;
  const note = known ? undefined : { evidence: evidence.map(inOrder) };
  return makeRow('reference', key, value, note, hasKeysInOrder(value.consumesFrom), true);
}

export function findingRow(finding: Finding): Row {
  const { code, severity, subject, key, message, hint, evidence } = shownFinding(finding);
  const lined = evidence.some(({ line }) => line !== undefined);
  const note = { evidence: lined ? evidence.map(inOrder) : undefined, hint, message };
  const value = { code, evidence: evidence.map(withoutLine), key, severity, subject };
  return makeRow('finding', `${code}|${subject}|${key}`, value, note, true, true);
}

function inOrder({ expression, file, line, parameter, rule, site, version }: Evidence): Evidence {
  return { expression, file, line, parameter, rule, site, version } as Evidence;
}

function withoutLine({ expression, file, parameter, rule, site, version }: Evidence): unknown {
  return { expression, file, parameter, rule, site, version };
}

/** Whether file and line can be looked up from the sites of the component or its type. */
function isSite({ site, file, line }: Evidence, sites: SiteIndex): boolean {
  const known = sites(site);
  return known !== undefined && known[0] === file && known[1] === line;
}
