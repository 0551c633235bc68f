import { outputName, overlaps, type Pointer, pointerOf, stepsOf, valueAt, wholeRuntime } from '../model/pointer.ts';
import type { ConsumedPointer, Digest, Seal } from '../model/record.ts';
import { valueDigest } from '../model/secrets/value-digest.ts';

/**
 * Digests of values and how they compare. Three answers, never two: what cannot be compared is `unknown`, and unknown is
 * never green.
 */
export type Comparison = 'equal' | 'different' | 'unknown';

const plain = /^[0-9a-f]{64}$/;

/** The id of the key a digest was made with; `''` for a plain one. */
export function keyIdOf(digest: Digest): string {
  const colon = digest.lastIndexOf(':');
  return colon < 0 ? '' : digest.slice(0, colon);
}

/** `null` is "nothing stood there", which equals itself and differs from every digest. */
export function compareDigests(a: Digest | null | undefined, b: Digest | null | undefined): Comparison {
  if (a === undefined || b === undefined) return 'unknown';
  if (a === b) return 'equal';
  if (a === null || b === null) return 'different';
  return keyIdOf(a) === keyIdOf(b) ? 'different' : 'unknown';
}

/** A sensitive output is in no published runtime: that it is missing there says nothing of it. */
export function isUnpublished(recorded: Digest | undefined, published: Digest | null | undefined): boolean {
  return recorded !== undefined && keyIdOf(recorded) !== '' && (published ?? null) === null;
}

/** A runtime as it can be read now. */
export interface RuntimeDocument {
  readonly value: unknown;
  /** Pointers whose values get a keyed digest. */
  readonly sensitive: readonly Pointer[];
  /** Outputs of which only the keyed digest is known: a run told it and kept the value. By name. */
  readonly sealed?: Readonly<Record<string, Digest>>;
  readonly version?: string;
}

/**
 * Finds a runtime. `null`: it was looked for and is not there. Undefined: it could not be read (no rights, nobody looked).
 * A string is the keyed digest of a whole value that nobody may see (a SecureString).
 */
export type RuntimeLookup = (provider: string, runtime: string) => RuntimeDocument | Digest | null | undefined;

/** The digest of what stands at a pointer; `null` when nothing does. Keyed where anything sensitive is in it. */
export function digestAt(document: RuntimeDocument, pointer: Pointer, seal: Seal): Digest | null {
  const value = pointer === wholeRuntime ? document.value : valueAt(document.value, pointer);
  if (value === undefined) return null;
  return document.sensitive.some((one) => overlaps(one, pointer))
    ? seal(value)
    : valueDigest(pointer === wholeRuntime ? [] : stepsOf(pointer), value, seal);
}

function sealedAt({ sealed = {} }: RuntimeDocument, pointer: Pointer): Digest | undefined {
  const name = outputName(pointer);
  return pointer === pointerOf([name]) && Object.hasOwn(sealed, name) ? sealed[name] : undefined;
}

/** Undefined where part of what stands there is known by its digest alone. */
function digestOrNothing(found: RuntimeDocument, pointer: Pointer, seal: Seal): Digest | null | undefined {
  const names = Object.keys(found.sealed ?? {});
  const hidden = pointer === wholeRuntime ? names.length > 0 : names.includes(outputName(pointer));
  return hidden ? undefined : digestAt(found, pointer, seal);
}

/** Reads what stands at a pointer now, for the inputs of a run that is about to start. */
export function readPointer(
  wanted: Omit<ConsumedPointer, 'digest' | 'version'>,
  lookup: RuntimeLookup,
  seal: Seal,
): ConsumedPointer {
  const found = lookup(wanted.provider, wanted.runtime);
  const { provider, runtime, pointer } = wanted;
  if (found === undefined || found === null) return { provider, runtime, pointer, digest: found };
  if (typeof found === 'string') {
    return { provider, runtime, pointer, digest: pointer === wholeRuntime ? found : undefined, version: found };
  }
  const version = found.version === undefined ? {} : { version: found.version };
  return {
    provider,
    runtime,
    pointer,
    digest: sealedAt(found, pointer) ?? digestOrNothing(found, pointer, seal),
    ...version,
  };
}

/**
 * Reads now what a record says was consumed, in the record's own form: a reconstructed record holds keyed digests even of
 * plain values, so the value of now is keyed too before the two are compared.
 */
export function readAlike(consumed: ConsumedPointer, lookup: RuntimeLookup, seal: Seal): ConsumedPointer {
  const found = lookup(consumed.provider, consumed.runtime);
  const keyed = typeof consumed.digest === 'string' && !plain.test(consumed.digest);
  if (!keyed || found === undefined || found === null || typeof found === 'string') {
    return readPointer(consumed, lookup, seal);
  }
  return readPointer(consumed, () => ({ ...found, sensitive: [wholeRuntime] }), seal);
}
