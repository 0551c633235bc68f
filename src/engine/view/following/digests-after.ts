import type { Graph } from '../../../graph/graph.ts';
import { bucketCount, bucketOf, digestOfBucket } from '../../../model/merkle.ts';
import { type Delta, type Row, rowId, rowTables } from '../../../model/rows.ts';
import type { CachedHash } from './cached-state.ts';

/** The digests of the hash tree after a delta: only buckets that it touches are made again. */
export function digestsAfter(
  graph: Graph,
  { digests, buckets }: CachedHash,
  { put, remove }: Delta,
): ReadonlyMap<number, string> {
  const touched = new Map<number, Map<string, string>>();
  const isTouched = new Uint8Array(bucketCount);
  const changes: readonly Pick<Row, 'table' | 'key'>[] = [...put, ...remove];
  for (const row of changes) {
    touched.set(bucketOf(rowId(row)), new Map());
    isTouched[bucketOf(rowId(row))] = 1;
  }
  for (const table of rowTables) {
    const source = graph.tables[table];
    const bucketOfRow = buckets[table];
    for (let place = 0; place < bucketOfRow.length; place++) {
      const bucket = bucketOfRow[place] ?? 0;
      if (isTouched[bucket] === 1) touched.get(bucket)?.set(`${table}|${source.key(place)}`, source.digest(place));
    }
  }
  for (const row of remove) touched.get(bucketOf(rowId(row)))?.delete(rowId(row));
  for (const row of put) touched.get(bucketOf(rowId(row)))?.set(rowId(row), row.digest);
  const now = new Map(digests);
  for (const [bucket, rows] of touched) {
    if (rows.size === 0) now.delete(bucket);
    else now.set(bucket, digestOfBucket(rows.values()));
  }
  return now;
}
