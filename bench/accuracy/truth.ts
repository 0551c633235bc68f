import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

type Pair = readonly [from: string, to: string];

/** Right answers for one estate. Pairs run from the dependent; what a pair consumes stands under `from -> to`. */
export interface Truth {
  readonly name: string;
  readonly edges: readonly Pair[];
  /** Not judged: what these components need, what touches these, and these edges. */
  readonly unjudgedFrom: readonly string[];
  readonly unjudgedAt: readonly string[];
  readonly unjudged: readonly Pair[];
  readonly consumes: Readonly<Record<string, readonly string[]>>;
  /** Consumed by a block that a later one overrides; naming it is no fault. */
  readonly allowed: Readonly<Record<string, readonly string[]>>;
}

/** One repository at one commit. */
export interface Origin {
  readonly repo: string;
  readonly commit: string;
}

/** An estate that can be fetched, with what must stand in the environment. */
export interface EstateTruth extends Truth {
  readonly origin: Origin;
  readonly others: readonly Origin[];
  readonly env: Readonly<Record<string, string>>;
}

export type TruthFile =
  | { readonly kind: 'estate'; readonly estate: EstateTruth }
  | { readonly kind: 'fixtures'; readonly fixtures: readonly Truth[] };

interface RawUnits {
  readonly edges: readonly Pair[];
  readonly danglingEdges: readonly Pair[];
  readonly removedEdges: readonly Pair[];
  readonly removedUnits?: readonly string[];
  readonly excluded: readonly { readonly unit: string }[];
  readonly consumes: Readonly<Record<string, readonly string[]>>;
  readonly consumesOverridden: Readonly<Record<string, readonly string[]>>;
}

interface RawEstate extends RawUnits, Origin {
  readonly estate: string;
  readonly env: string;
}

interface RawEdge {
  readonly from: string;
  readonly to: string;
  readonly required?: boolean;
  readonly consumes?: readonly string[];
}

interface RawAdage {
  readonly estate: string;
  readonly repos: { readonly config: Origin } & Readonly<Record<string, Origin>>;
  readonly environments: Readonly<Record<string, { readonly edges: readonly RawEdge[] }>>;
}

interface RawFixture extends RawUnits {
  readonly fixture: string;
  readonly excludedFixture?: unknown;
}

export function readTruth(file: string): TruthFile {
  const bytes = readFileSync(file);
  const raw = JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as
    | RawEstate
    | RawAdage
    | { readonly fixtures: readonly RawFixture[] };
  if ('fixtures' in raw) {
    const judged = raw.fixtures.filter(({ excludedFixture }) => excludedFixture === undefined);
    return { kind: 'fixtures', fixtures: judged.map((one) => ofUnits(one, one.fixture)) };
  }
  if ('environments' in raw) return { kind: 'estate', estate: ofAdage(raw) };
  const env = Object.fromEntries(raw.env.split(' ').filter(Boolean).map(assignment));
  const { repo, commit } = raw;
  const truth = ofUnits(raw, raw.estate);
  return { kind: 'estate', estate: { ...truth, origin: { repo, commit }, others: [], env } };
}

function ofUnits(raw: RawUnits, name: string): Truth {
  return {
    name,
    edges: raw.edges,
    unjudgedFrom: raw.excluded.map(({ unit }) => unit),
    unjudgedAt: raw.removedUnits ?? [],
    unjudged: [...raw.danglingEdges, ...raw.removedEdges],
    consumes: raw.consumes,
    allowed: raw.consumesOverridden,
  };
}

function ofAdage({ estate, repos, environments }: RawAdage): EstateTruth {
  const all = Object.values(environments).flatMap(({ edges }) => edges);
  const required = all.filter((edge) => edge.required !== false);
  const pair = ({ from, to }: RawEdge): Pair => [from, to];
  const { config, ...others } = repos;
  return {
    name: estate,
    origin: config,
    others: Object.values(others),
    env: {},
    edges: required.map(pair),
    unjudgedFrom: [],
    unjudgedAt: [],
    unjudged: all.filter((edge) => edge.required === false).map(pair),
    consumes: Object.fromEntries(required.map((edge) => [pairKey(edge.from, edge.to), named(edge.consumes)])),
    allowed: {},
  };
}

/** `*` beside names says only that more is fine. */
function named(consumes: readonly string[] = []): readonly string[] {
  const names = consumes.filter((pointer) => pointer !== '*');
  return names.length > 0 ? names : consumes;
}

function assignment(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

export const pairKey = (from: string, to: string): string => `${from} -> ${to}`;
