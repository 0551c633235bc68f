import { createHash } from 'node:crypto';

/** The id Git gives a file's content: the hash of `blob <length>\0<bytes>`. */
export function blobId(bytes: Uint8Array, hash: 'sha1' | 'sha256' = 'sha1'): string {
  return createHash(hash).update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
