import type { Value } from '../../../hcl/value.ts';
import { isObject, isUnknown } from '../../../hcl/value.ts';
import type { BlindSpot, Need } from '../../../model/claim.ts';
import type { Evidence } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import { reducePointers, wholeRuntime } from '../../../model/pointer.ts';
import { pointerOfSteps } from '../../terraform/config-keys.ts';
import type { Read } from '../../terraform/consumption.ts';
import { findingAt } from '../../terraform/findings.ts';
import type { DataQuery } from '../../terraform/instance.ts';
import { queriesOf } from '../../terraform/queries.ts';
import { withoutKeys } from '../../terraform/sinks.ts';
import type { Backend } from './backend-config.ts';
import type { EvaluatedRoot } from './deployment.ts';
import { readConfig } from './read-config.ts';
import { readsAt } from './read-evidence.ts';
import type { StateAddress } from './state-address.ts';
import { neededAddress } from './state-address.ts';

/** Rule 7: another root module's state, read through `terraform_remote_state` or `tfe_outputs`. */
export const rule = 'remote-state';

export interface StateReads {
  readonly needs: readonly Need[];
  readonly findings: readonly Finding[];
  readonly blindSpots: readonly BlindSpot[];
}

/** Attributes of the data block that are not outputs, as old configurations read them without `outputs`. */
const ownAttributes: ReadonlySet<string> = new Set([
  'backend',
  'config',
  'defaults',
  'workspace',
  'id',
  'organization',
]);
const outputAttributes: ReadonlySet<string> = new Set(['outputs', 'values', 'nonsensitive_values']);

export function stateReads(id: string, { instance, consumption, backend }: EvaluatedRoot): StateReads {
  const needs: Need[] = [];
  const findings: Finding[] = [];
  const blindSpots: BlindSpot[] = [];
  for (const query of queriesOf(instance, readsState)) {
    const evidence = evidenceOf(query);
    const consumed = consumedOf(query, consumption.reads.get(query.address) ?? []);
    const address = addressOf(query);
    const [key, ...orElse] = address?.keys ?? [];
    if (key !== undefined && address !== undefined)
      needs.push({ key, ...others(orElse), ...consumed, ...missing(address), ...how('proven', evidence) });
    needs.push(...ofShape(address?.shapes ?? [], consumed, evidence));
    if (address?.storeKnown === true && key !== undefined) continue;
    needs.push(...partlyKnown(guessesOf(query, backend), consumed, evidence));
    const message = `only a run could know which state ${query.address} reads`;
    findings.push(findingAt('unknown-path', id, evidence.site, message, evidence));
    blindSpots.push({ component: id, code: 'unknown-path', evidence });
  }
  return { needs, findings, blindSpots };
}

/** A block that reads the state of another root module. */
export function readsState({ mode, type }: DataQuery['resource']): boolean {
  return mode === 'data' && (type === 'terraform_remote_state' || type === 'tfe_outputs');
}

/** The whole key of a state counts where it is unique; the last part of one is only a hint. */
function partlyKnown(guesses: readonly string[], consumed: Consumed, evidence: Evidence): Need[] {
  const [key, ...orElse] = guesses.filter((guess) => !guess.includes(':*/'));
  const [part, ...parts] = guesses.filter((guess) => guess.includes(':*/'));
  const quiet = { ...consumed, whenMissing: 'quiet' } as const;
  return [
    ...(key === undefined
      ? []
      : [{ key, ...others(orElse), ...quiet, onlyWhenUnique: true, ...how('proven', evidence) }]),
    ...(part === undefined ? [] : [{ key: part, ...others(parts), ...quiet, ...how('hint', evidence) }]),
  ];
}

/** A key with holes counts where one root of the estate alone keeps states of its shape. */
function ofShape([key, ...orElse]: readonly string[], consumed: Consumed, evidence: Evidence): Need[] {
  if (key === undefined) return [];
  const rest = { ...consumed, whenMissing: 'quiet', onlyWhenUnique: true } as const;
  return [{ key, ...others(orElse), ...rest, ...how('proven', evidence) }];
}

function others(orElse: readonly string[]): Pick<Need, 'orElse'> {
  return orElse.length === 0 ? {} : { orElse };
}

/**
 * A bucket that only a run could know is the one where the reader keeps its own state, or any: what is known of the address
 * (the key) counts where exactly one root of the estate keeps its state under it. See docs/decisions.
 */
function guessesOf(query: DataQuery, own: Backend): readonly string[] {
  const asWritten = addressOf(query);
  const inOwnStore = addressOf(query, storeOf(own));
  return [...(inOwnStore?.storeKnown === true ? inOwnStore.keys.slice(0, 1) : []), ...(asWritten?.guesses ?? [])];
}

function storeOf({ config }: Backend): ReadonlyMap<string, Value> {
  return new Map(
    [...config].filter(([name]) => /^(bucket|storage_account_name|container_name|organization)$/.test(name)),
  );
}

function how(strength: Need['strength'], evidence: Evidence): Pick<Need, 'rule' | 'origin' | 'strength' | 'evidence'> {
  return { rule, origin: 'inferred', strength, evidence };
}

/** A local state that is not there is a broken path; one in a store may belong to somebody else's estate. */
function missing({ backend, known }: StateAddress): Pick<Need, 'whenMissing' | 'danglingCode'> {
  if (backend === 'local') return { whenMissing: 'dangling' };
  return known ? { whenMissing: 'dangling', danglingCode: 'state-elsewhere' } : { whenMissing: 'quiet' };
}

function evidenceOf({ address, resource }: DataQuery): Evidence & { readonly file: string; readonly line: number } {
  const config = resource.body.attributes.get('config') ?? resource.body.attributes.get('workspace');
  const site = withoutKeys(address) + (config === undefined ? '' : `.${config.name}`);
  return { rule, site, file: resource.file, line: config?.at.line ?? resource.at.line };
}

/** @param store known parts of a store that stand in for unknown ones. */
function addressOf(query: DataQuery, store: ReadonlyMap<string, Value> = new Map()): StateAddress | undefined {
  const { resource, module } = query;
  const folder = module.root.module.path;
  if (resource.type === 'tfe_outputs') {
    const workspaces: Value = { name: query.argument('workspace') ?? null };
    const organization = query.argument('organization') ?? null;
    return neededAddress(
      'remote',
      new Map<string, Value>([
        ['organization', organization],
        ['workspaces', workspaces],
      ]),
      folder,
      undefined,
    );
  }
  const backend = query.argument('backend');
  if (typeof backend !== 'string') return undefined;
  const config = readConfig(query);
  if (!isObject(config)) return undefined;
  const known = new Map(Object.entries(config));
  for (const [name, value] of store) if (isUnknown(known.get(name) ?? null)) known.set(name, value);
  return neededAddress(backend, known, folder, query.argument('workspace'));
}

type Consumed = Pick<Need, 'consumes' | 'tolerated' | 'reads'>;

function consumedOf(query: DataQuery, reads: readonly Read[]): Consumed {
  const defaults = query.argument('defaults') ?? null;
  const hasDefault = (name: string | undefined) =>
    name !== undefined && !isUnknown(defaults) && isObject(defaults) && Object.hasOwn(defaults, name);
  const consumes = new Set<string>();
  const firm = new Set<string>();
  const places: Read[] = [];
  for (const read of reads) {
    const { steps, tolerated } = read;
    const [first = '', ...rest] = steps;
    if (ownAttributes.has(first) && first !== '') continue;
    const inside = outputAttributes.has(first) ? rest : steps;
    const pointer = inside.length === 0 ? wholeRuntime : pointerOfSteps(inside);
    consumes.add(pointer);
    places.push(read);
    if (!tolerated && !hasDefault(inside[0])) firm.add(pointer);
  }
  const tolerated = [...consumes].filter((pointer) => !firm.has(pointer));
  return {
    consumes: reducePointers(consumes),
    ...(tolerated.length === 0 ? {} : { tolerated: reducePointers(tolerated) }),
    ...readsAt(rule, withoutKeys(query.address), places),
  };
}
