import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';

/** How an object's bytes are kept. The digest is always that of the bytes themselves. */
export interface PackedObject {
  readonly encoding: 'raw' | 'zstd';
  readonly bytes: Uint8Array;
}

/** Below this packing costs more than it saves. In bytes. */
const worthPacking = 1024;

/** 10 MB of rows in 10 ms, a quarter of what zlib's fastest takes; higher levels gain little on JSON. */
const quick = 1;

export function packObject(bytes: Uint8Array): PackedObject {
  if (bytes.length < worthPacking) return { encoding: 'raw', bytes };
  const packed = zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: quick } });
  return packed.length < bytes.length ? { encoding: 'zstd', bytes: packed } : { encoding: 'raw', bytes };
}

/** @throws KARMA_DATA_CORRUPT when the bytes are not those that were stored under the digest. */
export function unpackObject(digest: string, encoding: string, stored: Uint8Array): Uint8Array {
  const bytes = encoding === 'raw' ? new Uint8Array(stored) : inflate(digest, encoding, stored);
  if (sha256(bytes) !== digest) throw corrupt(digest);
  return bytes;
}

function inflate(digest: string, encoding: string, stored: Uint8Array): Uint8Array {
  if (encoding !== 'zstd') throw corrupt(digest, `an encoding named ${encoding}`);
  try {
    return new Uint8Array(zstdDecompressSync(stored));
  } catch (error) {
    throw corrupt(digest, 'bytes that cannot be unpacked', error);
  }
}

function corrupt(digest: string, what = 'other bytes', cause?: unknown): KarmaError {
  return new KarmaError('KARMA_DATA_CORRUPT', `object ${digest.slice(0, 12)} holds ${what}`, {
    hint: 'run: karma log verify',
    details: { digest },
    cause,
  });
}
