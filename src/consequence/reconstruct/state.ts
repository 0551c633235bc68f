import { digestOf } from '../../model/digest.ts';
import type { Digest, RunRecord, Seal } from '../../model/record.ts';
import { valueDigest } from '../../model/secrets/value-digest.ts';
import { asList, asNumber, asObject, asText, type JsonObject } from './read.ts';
import { consumedBy, type ReadResolver, type RuntimeRead, readOf } from './reads.ts';

/** What a Terraform state (format 4) shows of the last run that somebody else made. Values are read, digested, dropped. */
export interface StateReading {
  readonly serial: number;
  readonly lineage: string;
  readonly terraformVersion: string;
  /** Outputs that are not sensitive, as values: they are the runtime. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Names of sensitive outputs. */
  readonly sensitive: readonly string[];
  readonly digests: Readonly<Record<string, Digest>>;
  readonly reads: readonly RuntimeRead[];
  /** Whether it holds any managed resource. */
  readonly managed: number;
  readonly notes: readonly string[];
}

/** Undefined when the document is no state. An older format gives its outputs and a note. */
export function readState(document: unknown, seal: Seal): StateReading | undefined {
  const state = asObject(document);
  if (state === undefined || asNumber(state.version) === undefined || !('serial' in state)) return undefined;
  const notes: string[] = [];
  if (state.version !== 4) notes.push(`state format ${String(state.version)} shows no reads`);
  const outputs: Record<string, unknown> = {};
  const sensitive: string[] = [];
  const digests: Record<string, Digest> = {};
  for (const [name, raw] of Object.entries(asObject(state.outputs) ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const output = asObject(raw);
    if (output === undefined) continue;
    if (output.sensitive === true) sensitive.push(name);
    else outputs[name] = output.value;
    digests[name] = output.sensitive === true ? seal(output.value) : valueDigest([name], output.value, seal);
  }
  const resources = asList(state.resources).map((one) => asObject(one) ?? {});
  return {
    serial: asNumber(state.serial) ?? 0,
    lineage: asText(state.lineage) ?? '',
    terraformVersion: asText(state.terraform_version) ?? '',
    outputs,
    sensitive,
    digests,
    reads: resources.filter((one) => one.mode === 'data').flatMap(readsOfResource),
    managed: resources.filter((one) => one.mode === 'managed' && asList(one.instances).length > 0).length,
    notes,
  };
}

function readsOfResource(resource: JsonObject): RuntimeRead[] {
  const type = asText(resource.type) ?? '';
  return asList(resource.instances).flatMap((raw) => {
    const attributes = asObject(asObject(raw)?.attributes);
    const read = attributes === undefined ? undefined : readOf(type, attributes);
    return read === undefined ? [] : [read];
  });
}

export interface Reconstruction {
  readonly component: string;
  readonly deployment: string;
  readonly seal: Seal;
  readonly resolve: ReadResolver;
  /** When the source was written, if that is known; ISO 8601. */
  readonly at: string;
  readonly dependsOn: readonly string[];
}

/** A reconstructed record out of a state. */
export function recordFromState(state: StateReading, given: Reconstruction): RunRecord {
  return {
    ...emptyInputs(given),
    id: `state:${state.lineage}:${state.serial}`,
    action: 'apply',
    source: 'state',
    reconstructed: true,
    at: given.at,
    outcome: 'finished',
    binary: state.terraformVersion === '' ? undefined : `terraform ${state.terraformVersion}`,
    consumed: consumedBy(state.reads, given.resolve, given.seal),
    outputs: state.digests,
    version: digestOf(state.digests),
    state: { serial: state.serial, lineage: state.lineage },
    dependsOn: given.dependsOn,
    notes: state.notes,
  };
}

/** Inputs of which nothing is known. */
export function emptyInputs(given: { readonly component: string; readonly deployment: string }) {
  return {
    component: given.component,
    deployment: given.deployment,
    config: undefined,
    module: undefined,
    lockFile: undefined,
    binary: undefined,
    variables: undefined,
    consumed: [],
    cloud: [],
    orderOnly: [],
    unseen: [],
    blindSpots: [],
  } as const;
}
