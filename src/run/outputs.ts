import { byCodeUnit } from '../model/digest.ts';
import { parseExactJson } from '../model/exact-number.ts';
import type { Seal } from '../model/record.ts';
import { valueDigest } from '../model/secrets/value-digest.ts';
import type { Outputs, OutputValue } from './port.ts';

/** Outputs as `output -json` or the stream give them: public values, and keyed digests of what is sensitive. */
export function readOutputValues(document: unknown, seal: Seal): Outputs {
  if (document === null || typeof document !== 'object') return {};
  const outputs: Record<string, OutputValue> = {};
  for (const [name, raw] of Object.entries(document).sort(([a], [b]) => byCodeUnit(a, b))) {
    if (raw === null || typeof raw !== 'object') continue;
    const value: unknown = 'value' in raw ? raw.value : null;
    // A state holds none that is null, and a plan that changes nothing tells of none.
    if (value === null) continue;
    outputs[name] =
      'sensitive' in raw && raw.sensitive === true
        ? { sensitive: true, digest: seal(value) }
        : { sensitive: false, digest: valueDigest([name], value, seal), value };
  }
  return outputs;
}

/** The runtime that is published: everything that is not sensitive. */
export function runtimeOf(outputs: Outputs): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, one]) => !one.sensitive)
      .map(([name, one]) => [name, one.value ?? null]),
  );
}

export function outputDigestsOf(outputs: Outputs): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(outputs).map(([name, one]) => [name, one.digest]));
}

/** OpenTofu prints its warnings before the JSON: from the first line that begins an object. */
export function firstJson(text: string): unknown {
  const at = text.startsWith('{') ? 0 : text.indexOf('\n{') + 1;
  return parseExactJson(text.slice(at));
}
