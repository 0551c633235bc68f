import { firstNot } from '../model/binary-search.ts';
import type { Row } from '../model/rows.ts';
import { type ComponentSource, componentsInMemory, type RowSource, rowsInMemory } from './row-source.ts';

/** Where each row of a table after a delta comes from: a place in the base, or −1 − the place among new rows. */
export interface PlacesAfter {
  readonly places: Int32Array;
  readonly rows: readonly Row[];
}

/** A table sorted by key with some rows put and some removed. O(rows) integers, O(changes × log rows) keys. */
export function rowsAfter(
  base: RowSource,
  { put, remove }: { readonly put: readonly Row[]; readonly remove: readonly string[] },
): PlacesAfter & { readonly source: RowSource } {
  const rows = [...put].sort((a, b) => (a.key < b.key ? -1 : 1));
  const changes = [
    ...rows.map(({ key }, place) => ({ key, from: -1 - place })),
    ...remove.map((key) => ({ key, from: undefined })),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
  const places = new Int32Array(base.size + put.length);
  let length = 0;
  let next = 0;
  const copyUpTo = (end: number) => {
    for (; next < end; next++) places[length++] = next;
  };
  for (const { key, from } of changes) {
    const found = lowerBound(base, key);
    copyUpTo(found);
    if (found < base.size && base.key(found) === key) next = found + 1;
    if (from !== undefined) places[length++] = from;
  }
  copyUpTo(base.size);
  const after = { places: places.subarray(0, length), rows };
  return { ...after, source: changes.length === 0 ? base : sourceAfter(base, after) };
}

/** The first place whose key is not before a key. */
function lowerBound(source: RowSource, key: string): number {
  return firstNot(source.size, (place) => source.key(place) < key);
}

export function sourceAfter(base: RowSource, { places, rows }: PlacesAfter): RowSource {
  const fresh = rowsInMemory(base.table, rows);
  const pick = (place: number): readonly [RowSource, number] => {
    const from = places[place];
    if (from === undefined) throw new RangeError(`no ${base.table} row ${place}`);
    return from < 0 ? [fresh, -1 - from] : [base, from];
  };
  const read = (part: 'key' | 'value' | 'note' | 'digest') => (place: number) => {
    const [source, from] = pick(place);
    return source[part](from);
  };
  return {
    table: base.table,
    size: places.length,
    key: read('key'),
    value: read('value'),
    note: read('note'),
    digest: read('digest'),
    ...(base.consumes === undefined
      ? {}
      : {
          consumes: (place) => {
            const [source, from] = pick(place);
            return source.consumes?.(from);
          },
        }),
  };
}

export function componentsAfter(base: ComponentSource, { places, rows }: PlacesAfter): ComponentSource {
  const fresh = componentsInMemory(rows);
  return {
    ...sourceAfter(base, { places, rows }),
    head: (place) => {
      const from = places[place] ?? 0;
      return from < 0 ? fresh.head(-1 - from) : base.head(from);
    },
  };
}
