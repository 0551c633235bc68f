import { canonicalJson, digestOf, sha256 } from '../digest.ts';
import type { Digest } from '../record.ts';

/** Replaces a secret by something that may be kept: a keyed digest, or a word. */
export type Replace = (secret: string) => string;

/** A value that may hold secrets, in the two forms in which it may be kept. */
export interface WithoutSecrets<T> {
  /** Secrets stand as keyed digests: what two ends that were read under one key are compared by. */
  readonly keyed: T;
  /** Digest of all that is no secret: the same in every data folder, so it may be hashed. */
  readonly digest: string;
  /** Of a value that holds secrets: a digest of it all under the estate's key, to be kept beside the hash. */
  readonly secrets?: Digest;
}

/** Stands for a secret where its digest must not depend on the key. */
const unnamed: Replace = () => '(secret)';

/**
 * Takes the secrets out of what is hashed. Their keyed digest differs from data folder to data folder, and the hash of a version
 * must not; so it goes beside.
 *
 * @param make the value with its secrets replaced; made a second time where it holds any
 * @param seal undefined where there is no key; then secrets compare as unknown
 * @param inDigest what is digested of the value, where that is more than the value
 */
export function withoutSecrets<T>(
  make: (replace: Replace) => T,
  seal: Replace | undefined,
  inDigest: (value: T) => unknown = (value) => value,
): WithoutSecrets<T> {
  let holds = false;
  const keyed = make((secret) => {
    holds = true;
    return (seal ?? unnamed)(secret);
  });
  if (!holds) return { keyed, digest: digestOf(inDigest(keyed)) };
  return { keyed, digest: digestOf(inDigest(make(unnamed))), secrets: seal?.(canonicalJson(keyed)) ?? unnamed('') };
}

/**
 * Whether what stands beside two equal hashes is equal too. Digests under different keys cannot be compared; that one side has
 * no secrets is known without a key.
 */
export function compareSecrets(a: Digest | undefined, b: Digest | undefined): 'equal' | 'different' | 'unknown' {
  if (a === undefined || b === undefined) return a === b ? 'equal' : 'different';
  const [key, other] = [keyOf(a), keyOf(b)];
  if (key === '' || key !== other) return 'unknown';
  return a === b ? 'equal' : 'different';
}

/** One digest of both, under the key of the second: what records hold of a config. */
export function digestWithSecrets(digest: Digest, secrets: Digest | undefined): Digest {
  return secrets === undefined ? digest : `${keyOf(secrets)}:${sha256(`${digest}\n${secrets}`)}`;
}

function keyOf(digest: Digest): string {
  return digest.slice(0, Math.max(0, digest.lastIndexOf(':')));
}
