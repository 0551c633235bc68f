import { sha256 } from './digest.ts';
import { fnv1a } from './fnv.ts';
import { type Delta, type Row, rowId } from './rows.ts';

/**
 * The content hash of a graph version: a two-level Merkle tree. Rows fall into buckets by their name, so a changed row stays
 * in its bucket; a bucket's digest is over its rows' digests in sorted order, so insertion order leaves no trace; the root is
 * over the digests of the buckets that hold anything. A delta re-hashes only the buckets it touches.
 *
 * A full hash of n rows costs O(n log b) with b rows a bucket; an update O(rows touched + bucket count).
 */
export interface HashTree {
  /** Row name → row digest, by bucket number; empty buckets are absent. Never changed in place. */
  readonly buckets: ReadonlyMap<number, ReadonlyMap<string, string>>;
  readonly bucketDigests: ReadonlyMap<number, string>;
  /** The version's content hash, 64 hex digits. */
  readonly hash: string;
}

export const bucketCount = 4096;

/** The bucket of a row's name. */
export function bucketOf(name: string): number {
  const hash = fnv1a(name);
  return (hash ^ (hash >>> 16)) & (bucketCount - 1);
}

function digestBucket(bucket: ReadonlyMap<string, string>): string {
  return digestOfBucket(bucket.values());
}

/** Of the digests of a bucket's rows, in any order. */
export function digestOfBucket(digests: Iterable<string>): string {
  return sha256([...digests].sort().join('\n'));
}

/** The version's content hash from the digests of the buckets that hold anything. */
export function rootOf(bucketDigests: ReadonlyMap<number, string>): string {
  const lines: string[] = [];
  for (let number = 0; number < bucketCount; number++) {
    const digest = bucketDigests.get(number);
    if (digest !== undefined) lines.push(`${number}:${digest}`);
  }
  return sha256(lines.join('\n'));
}

/** The tree of a whole set of rows. Two rows of one name: the last one counts, as in a store. */
export function hashRows(rows: Iterable<Row>): HashTree {
  const buckets = new Map<number, Map<string, string>>();
  for (const row of rows) {
    const name = rowId(row);
    const number = bucketOf(name);
    const bucket = buckets.get(number);
    if (bucket === undefined) buckets.set(number, new Map([[name, row.digest]]));
    else bucket.set(name, row.digest);
  }
  const bucketDigests = new Map<number, string>();
  for (const [number, bucket] of buckets) bucketDigests.set(number, digestBucket(bucket));
  return { buckets, bucketDigests, hash: rootOf(bucketDigests) };
}

/** The tree after a delta: equal to `hashRows` of the rows the delta leads to. The old tree stays as it was. */
export function updateHash(tree: HashTree, delta: Delta): HashTree {
  const buckets = new Map(tree.buckets);
  const touched = new Map<number, Map<string, string>>();
  const open = (name: string): Map<string, string> => {
    const number = bucketOf(name);
    let bucket = touched.get(number);
    if (bucket === undefined) {
      bucket = new Map(tree.buckets.get(number) ?? []);
      touched.set(number, bucket);
    }
    return bucket;
  };
  for (const gone of delta.remove) open(rowId(gone)).delete(rowId(gone));
  for (const row of delta.put) open(rowId(row)).set(rowId(row), row.digest);
  if (touched.size === 0) return tree;
  const bucketDigests = new Map(tree.bucketDigests);
  for (const [number, bucket] of touched) {
    if (bucket.size === 0) {
      buckets.delete(number);
      bucketDigests.delete(number);
    } else {
      buckets.set(number, bucket);
      bucketDigests.set(number, digestBucket(bucket));
    }
  }
  return { buckets, bucketDigests, hash: rootOf(bucketDigests) };
}
