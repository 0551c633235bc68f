import type { RuntimeDocument } from '../../consequence/digests.ts';
import { readOutputs } from '../../consequence/reconstruct/outputs.ts';
import { asList, asObject, asText, parseObject } from '../../consequence/reconstruct/read.ts';
import { readState, type StateReading } from '../../consequence/reconstruct/state.ts';
import { type Pointer, pointerOf } from '../../model/pointer.ts';
import type { Digest, Seal } from '../../model/record.ts';

/**
 * What one document that a run left behind shows of one deployment. Its `runtime` and `written` hold values, some of them
 * secret: they are compared in memory and never leave it; everything that is kept or shown is a digest.
 */
export interface ObservedState {
  readonly kind: 'state' | 'outputs';
  /** As it is shown. */
  readonly file: string;
  readonly modifiedAt: string;
  /** It lies where Terraform itself keeps it, so its time is that of the last run. */
  readonly own: boolean;
  readonly state?: StateReading;
  /** Each output's digest, keyed when sensitive. */
  readonly digests: Readonly<Record<string, Digest>>;
  readonly runtime: RuntimeDocument;
  /** Parameters that the run wrote itself: name → value. */
  readonly written: ReadonlyMap<string, unknown>;
  /** Nothing stands in it any more: what it made was destroyed. */
  readonly empty: boolean;
}

/** What a document is, as far as it is of use here; a reason, in words, when it is of none. */
export function observedState(
  { document, file, modifiedAt, own }: { document: unknown; file: string; modifiedAt: string; own: boolean },
  seal: Seal,
): ObservedState | { readonly reason: string } {
  const state = readState(document, seal);
  if (state !== undefined)
    return {
      kind: 'state',
      file,
      modifiedAt,
      own,
      state,
      digests: state.digests,
      runtime: { ...runtimeIn(asObject(document)?.['outputs']), version: `serial ${state.serial}` },
      written: writtenParameters(document),
      empty: state.managed === 0 && Object.keys(state.digests).length === 0 && state.reads.length === 0,
    };
  const outputs = readOutputs(document, seal);
  if (outputs !== undefined)
    return {
      kind: 'outputs',
      file,
      modifiedAt,
      own,
      digests: outputs.digests,
      runtime: runtimeIn(document),
      written: new Map(),
      empty: false,
    };
  return { reason: whatElse(document) };
}

/** What a document is that is neither state nor outputs, with what to give instead. */
export function whatElse(document: unknown): string {
  const object = asObject(document);
  if (object === undefined) return 'it is neither a state nor outputs';
  if ('planned_values' in object) return 'it is a plan: `karma record` takes it';
  if ('values' in object && 'format_version' in object)
    return 'it is what `terraform show -json` prints of a state: give what `terraform state pull` prints';
  if ('backend' in object && 'version' in object) return 'it only names a backend, it holds no state';
  return 'it is neither a state nor outputs';
}

function runtimeIn(outputs: unknown): RuntimeDocument {
  const value: Record<string, unknown> = {};
  const sensitive: Pointer[] = [];
  for (const [name, raw] of Object.entries(asObject(outputs) ?? {})) {
    const output = asObject(raw);
    if (output === undefined) continue;
    value[name] = output['value'];
    if (output['sensitive'] === true) sensitive.push(pointerOf([name]));
  }
  return { value, sensitive };
}

/** Parameters among a state's managed resources, with the values they were given. */
function writtenParameters(document: unknown): ReadonlyMap<string, unknown> {
  const written = new Map<string, unknown>();
  for (const raw of asList(asObject(document)?.['resources'])) {
    const resource = asObject(raw);
    if (resource?.['mode'] !== 'managed' || resource['type'] !== 'aws_ssm_parameter') continue;
    for (const instance of asList(resource['instances'])) {
      const attributes = asObject(asObject(instance)?.['attributes']);
      const name = asText(attributes?.['name']);
      const text = asText(attributes?.['value']) || asText(attributes?.['insecure_value']);
      if (name === undefined || text === undefined || attributes?.['type'] === 'SecureString') continue;
      written.set(name, parseObject(text) ?? text);
    }
  }
  return written;
}
