import { digestOf } from '../../model/digest.ts';
import type { Digest, RunRecord } from '../../model/record.ts';
import { valueDigest } from '../../model/secrets/value-digest.ts';
import { asObject } from './read.ts';
import { emptyInputs, type Reconstruction } from './state.ts';

/** What `terraform output -json` says: values of what is not sensitive, keyed digests of the rest. */
export interface OutputReading {
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly sensitive: readonly string[];
  readonly digests: Readonly<Record<string, Digest>>;
}

/** Undefined when the document is not what `output -json` prints: an object of `{ value, type, sensitive }`. */
export function readOutputs(document: unknown, seal: (value: unknown) => Digest): OutputReading | undefined {
  const all = asObject(document);
  if (all === undefined) return undefined;
  const outputs: Record<string, unknown> = {};
  const sensitive: string[] = [];
  const digests: Record<string, Digest> = {};
  for (const name of Object.keys(all).sort()) {
    const output = asObject(all[name]);
    if (output === undefined || !('value' in output)) return undefined;
    if (output.sensitive === true) sensitive.push(name);
    else outputs[name] = output.value;
    digests[name] = output.sensitive === true ? seal(output.value) : valueDigest([name], output.value, seal);
  }
  return { outputs, sensitive, digests };
}

/** A record that knows what was produced and nothing of what was consumed. */
export function recordFromOutputs(reading: OutputReading, given: Reconstruction): RunRecord {
  const version = digestOf(reading.digests);
  return {
    ...emptyInputs(given),
    id: `outputs:${version.slice(0, 16)}`,
    action: 'apply',
    source: 'outputs',
    reconstructed: true,
    at: given.at,
    outcome: 'finished',
    outputs: reading.digests,
    version,
    dependsOn: given.dependsOn,
    notes: ['outputs show nothing of what was consumed'],
  };
}
