import type { ClaimBlindSpot, Need } from '../model/claim.ts';
import type { ComponentId, ComponentRow } from '../model/component.ts';
import { byCodeUnit } from '../model/digest.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import type { Verdicts } from './resolve.ts';

/** A need of which it cannot be told who provides it. */
export interface OpenNeed {
  readonly need: Need;
  /** Its name is known, or so much of it that several fit. */
  readonly told: boolean;
  /** Who may; sorted. Undefined: anybody. */
  readonly candidates: readonly ComponentId[] | undefined;
  /** Where it is said what is not known: where it is needed; or where a component does not show what it provides. */
  readonly place: Evidence;
  /** The latter: nothing is said of it where it is needed. */
  readonly elsewhere?: true;
}

/** Whether a blind spot says of one block that only a run could know, or this environment does not show, what it leads to. */
export function isOpen({ code, evidence }: ClaimBlindSpot): boolean {
  return code === spotNeed.rule || (code === 'evaluation-failed' && /^dependenc(y|ies)\b/.test(evidence.site));
}

/** What a claim itself says so of: it may lead to anybody, and a declared reference settles it too. */
export function openSpots(spots: readonly ClaimBlindSpot[]): readonly OpenNeed[] {
  return spots.map(({ on, evidence }) => {
    const need: Need = { ...spotNeed, key: evidence.site, evidence };
    return { need, told: false, candidates: on, place: evidence };
  });
}

const spotNeed = {
  rule: 'unknown-path',
  origin: 'inferred',
  strength: 'proven',
  consumes: [],
  whenMissing: 'quiet',
} as const;

export type BlindRow = NonNullable<ComponentRow['blindSpots']>[number];

interface Settling {
  readonly self: ComponentId;
  /** By whom it depends on already. */
  readonly edges: ReadonlyMap<ComponentId, unknown>;
  readonly verdicts: Verdicts;
  /** Pairs `from|to` that were denied; those denied here are added. */
  readonly denied: string[];
}

/**
 * What stays open after `karma.yaml` has spoken: a denied component is no candidate; a declared one is what a block reads, one
 * for each such block. Of what is only plausible, references that are there anyway are left out.
 */
export function settledBy(open: readonly OpenNeed[], { self, edges, verdicts, denied }: Settling): readonly OpenNeed[] {
  if (open.length === 0) return open;
  const own = verdicts.filter(({ from }) => from === self);
  const deniedTo = new Set(own.filter(({ deny }) => deny === true).map(({ to }) => to));
  const declared = new Set(own.filter(({ deny }) => deny !== true).map(({ to }) => to));
  const left = open.flatMap((one): OpenNeed[] => {
    const { need, candidates } = one;
    if (candidates === undefined) return [one];
    for (const id of candidates) if (deniedTo.has(id)) denied.push(`${self}|${id}`);
    const kept = candidates.filter((id) => !deniedTo.has(id) && !(need.strength === 'hint' && edges.has(id)));
    return kept.length === 0 ? [] : [{ ...one, candidates: kept }];
  });
  if (declared.size === 0) return left;
  const fits = (one: OpenNeed) => [...declared].filter((id) => one.candidates?.includes(id) !== false);
  const fitting = left.filter((one) => one.need.strength !== 'hint' && fits(one).length > 0);
  const blocks = new Set(fitting.map(({ need }) => need.evidence.site));
  const targets = new Set(fitting.flatMap(fits));
  return blocks.size > targets.size ? left : left.filter(({ need }) => !blocks.has(need.evidence.site));
}

/** What is said of it where it is needed; nothing of what is only plausible. */
export function openFinding(subject: ComponentId, one: OpenNeed): Finding[] {
  const { need, candidates, elsewhere } = one;
  if (need.strength === 'hint' || elsewhere === true) return [];
  const code = one.told ? 'ambiguous-reference' : 'unknown-path';
  const { severity } = findingKinds[code];
  const { evidence, partly } = need;
  const message =
    partly === undefined
      ? `${need.key} may be provided by ${listed(candidates)}`
      : `only a run could know ${partly.what}${candidates === undefined ? '' : `: it may be that of ${listed(candidates)}`}`;
  return [{ code, severity, subject, key: evidence.site, message, evidence: [{ ...evidence, rule: code }] }];
}

const fewEnough = 5;

function listed(ids: readonly ComponentId[] = []): string {
  const shown = ids.slice(0, fewEnough).join(', ');
  return ids.length > fewEnough ? `${shown} and ${ids.length - fewEnough} more` : shown;
}

/** Each place once, with everybody whom it may lead to; sorted. */
export function byPlace(open: readonly OpenNeed[]): readonly OpenNeed[] {
  const places = new Map<string, OpenNeed>();
  for (const one of open) {
    const { code, site, file = '' } = blindRow(one);
    const key = `${code}\n${site}\n${file}`;
    const known = places.get(key);
    const said = known?.elsewhere === true ? one : (known ?? one);
    places.set(key, known === undefined ? one : { ...said, candidates: together(known, one) });
  }
  return [...places.keys()].sort().flatMap((key) => places.get(key) ?? []);
}

function together({ candidates: a }: OpenNeed, { candidates: b }: OpenNeed): OpenNeed['candidates'] {
  return a === undefined || b === undefined ? undefined : [...new Set([...a, ...b])].sort(byCodeUnit);
}

/** What may lead to more than so many may lead anywhere: thousands that look for what thousands are called are told in thousands. */
const mostCandidates = 200;

export function blindRow({ need, told, candidates, place }: OpenNeed): BlindRow {
  const code = need.strength === 'hint' ? need.rule : told ? 'ambiguous-reference' : 'unknown-path';
  const { site, file } = place;
  return {
    code,
    site,
    ...(file === undefined ? {} : { file }),
    ...(candidates === undefined || candidates.length > mostCandidates ? {} : { on: candidates }),
  };
}
