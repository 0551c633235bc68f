import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashRows, updateHash } from './merkle.ts';
import { deltaBetween, makeRow, type Row, rowId, rowTables } from './rows.ts';

const row = fc
  .record({
    table: fc.constantFrom(...rowTables),
    key: fc.constantFrom('a', 'b', 'c|d', 'é'),
    value: fc.nat(3),
    note: fc.nat(2),
  })
  .map(({ table, key, value, note }) => makeRow(table, key, value, note));
const rows = fc.uniqueArray(row, { selector: rowId, maxLength: 15 });

const byName = (list: readonly Row[]): Map<string, Row> => new Map(list.map((one) => [rowId(one), one]));

describe('the content hash', () => {
  it('does not depend on the order of rows', () => {
    fc.assert(fc.property(rows, (list) => hashRows(list).hash === hashRows([...list].reverse()).hash));
  });

  it('is the same built from nothing or by deltas', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 4 }), (states) => {
        let tree = hashRows([]);
        let before: readonly Row[] = [];
        for (const state of states) {
          tree = updateHash(tree, deltaBetween(byName(before), byName(state)));
          before = state;
        }
        expect(tree.hash).toBe(hashRows(before).hash);
      }),
    );
  });

  it('differs when a row differs, is gone or moves to another table', () => {
    const hashes = [
      [makeRow('component', 'a', 1)],
      [makeRow('component', 'a', 2)],
      [makeRow('type', 'a', 1)],
      [makeRow('component', 'a', 1), makeRow('component', 'b', 1)],
      [],
    ].map((list) => hashRows(list).hash);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('does not see notes', () => {
    expect(hashRows([makeRow('finding', 'a', 1, { message: 'x' })]).hash).toBe(
      hashRows([makeRow('finding', 'a', 1, { message: 'y' })]).hash,
    );
  });

  it('leaves the tree it started from as it was', () => {
    const tree = hashRows([makeRow('component', 'a', 1)]);
    const before = tree.hash;
    updateHash(tree, { put: [makeRow('component', 'a', 2)], remove: [] });
    updateHash(tree, { put: [], remove: [{ table: 'component', key: 'a' }] });
    expect(updateHash(tree, { put: [], remove: [] }).hash).toBe(before);
    expect(tree.bucketDigests).toEqual(hashRows([makeRow('component', 'a', 1)]).bucketDigests);
  });
});
