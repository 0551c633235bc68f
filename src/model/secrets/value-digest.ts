import { digestOf } from '../digest.ts';
import type { Digest, Seal } from '../record.ts';
import { isSecretKey } from './names.ts';
import { keySecrets } from './values.ts';

/**
 * The digest of a value that is not marked sensitive. Of one that is named like a secret, or holds one, nobody may guess the value
 * from its digest: it is the digest of the keyed one. That it looks like any other says that the value is published all the same.
 *
 * @param names the steps that lead to it: `['db', 'password']`
 */
export function valueDigest(names: readonly string[], value: unknown, seal: Seal): Digest {
  return names.some(isSecretKey) || holdsSecret(value) ? digestOf(seal(value)) : digestOf(value);
}

/** What holds none comes back as it is, not as a copy. */
export function holdsSecret(value: unknown): boolean {
  return keySecrets(value, [], () => '') !== value;
}
