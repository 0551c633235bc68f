import type { Claim } from '../model/claim.ts';
import type { ComponentRow, DeploymentRow, TypeRow } from '../model/component.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { makeRow, type Row } from '../model/rows.ts';

/**
 * Claims and references as rows. What moves without meaning (lines, message texts) goes into the row's note, outside the
 * hash; a line that a type's or component's own sites know is not written at all, so that a comment added to a module
 * rewrites that one type row and not every reference that rests on it.
 */

/** `site` → file and line, of a component and the types it uses. */
export type SiteIndex = (site: string) => readonly [file: string, line: number] | undefined;

/** Looks a site up in the component's own sites, then in those of its types. */
export function siteIndex(component: ComponentRow, types: readonly TypeRow[]): SiteIndex {
  return (site) => {
    for (const { sites } of [component, ...types]) if (Object.hasOwn(sites, site)) return sites[site];
    return undefined;
  };
}

export function componentRow(component: ComponentRow, claim: Claim | undefined): Row {
  const { sites, ...value } = component;
  const blindSpots = claim?.blindSpots.map(({ code, evidence }) => ({
    code,
    site: evidence.site,
    ...(evidence.file === undefined ? {} : { file: evidence.file }),
  }));
  return makeRow(
    'component',
    component.id,
    blindSpots === undefined || blindSpots.length === 0 ? value : { ...value, blindSpots },
    Object.keys(sites).length === 0 ? undefined : { sites },
  );
}

/** Rows of types that were written already: thousands of components share one. */
const writtenTypes = new WeakMap<TypeRow, Row>();

export function typeRow(type: TypeRow): Row {
  const written = writtenTypes.get(type);
  if (written !== undefined) return written;
  const { sites, ...value } = type;
  const row = makeRow('type', type.key, value, Object.keys(sites).length === 0 ? undefined : { sites });
  writtenTypes.set(type, row);
  return row;
}

export function deploymentRow(deployment: DeploymentRow): Row {
  return makeRow('deployment', `${deployment.component}@${deployment.deployment}`, deployment);
}

/** The note, where there is one, is laid over the value when the row is read: it gives the evidence back its lines. */
export function referenceRow(reference: ReferenceRow, sites: SiteIndex): Row {
  const { evidence, ...value } = reference;
  const known = evidence.every((one) => one.line === undefined || isSite(one, sites));
  return makeRow(
    'reference',
    `${reference.from}|${reference.to}`,
    { ...value, evidence: evidence.map(withoutLine) },
    known ? undefined : { evidence },
  );
}

export function findingRow(finding: Finding): Row {
  const { message, hint, evidence, ...value } = finding;
  const lined = evidence.some(({ line }) => line !== undefined);
  const note = { message, ...(hint === undefined ? {} : { hint }), ...(lined ? { evidence } : {}) };
  return makeRow(
    'finding',
    `${finding.code}|${finding.subject}|${finding.key}`,
    { ...value, evidence: evidence.map(withoutLine) },
    note,
  );
}

function withoutLine({ line: _line, ...rest }: Evidence): Omit<Evidence, 'line'> {
  return rest;
}

/** Whether file and line can be looked up from the sites of the component or its type. */
function isSite({ site, file, line }: Evidence, sites: SiteIndex): boolean {
  const known = sites(site);
  return known !== undefined && known[0] === file && known[1] === line;
}
