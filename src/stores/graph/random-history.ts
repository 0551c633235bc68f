import fc from 'fast-check';
import { type Delta, makeRow, type Row, type RowTable, rowId, rowTables } from '../../model/rows.ts';

/** One step of a random history, with the whole graph it leads to. */
export interface RecordedDelta {
  readonly version: number;
  readonly delta: Delta;
  readonly hash: string;
  readonly rows: ReadonlyMap<string, Row>;
}

interface Edit {
  readonly table: RowTable;
  readonly key: string;
  readonly value: number;
  readonly note: string;
  readonly gone: boolean;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  table: fc.constantFrom(...rowTables),
  key: fc.constantFrom('a', 'b', 'a/b', 'a|b', "it's", 'ż', '\uffff', '😀'),
  value: fc.nat(2),
  note: fc.constantFrom('', 'moved'),
  gone: fc.boolean(),
});

/** Histories of few names and few values, so that rows come, change, go and come back as they were. */
export const historyOfDeltas: fc.Arbitrary<readonly RecordedDelta[]> = fc
  .array(fc.uniqueArray(edit, { maxLength: 8, selector: (one) => rowId(one) }), { minLength: 1, maxLength: 7 })
  .map((steps) => {
    let rows: ReadonlyMap<string, Row> = new Map();
    return steps.map((edits, index) => {
      const next = new Map(rows);
      const delta: { put: Row[]; remove: { table: RowTable; key: string }[] } = { put: [], remove: [] };
      for (const { table, key, value, note, gone } of edits) {
        if (gone) {
          delta.remove.push({ table, key });
          next.delete(rowId({ table, key }));
        } else {
          const row = makeRow(table, key, { value }, note === '' ? undefined : { note });
          delta.put.push(row);
          next.set(rowId(row), row);
        }
      }
      rows = next;
      return { version: index + 1, delta, hash: `hash of ${index + 1}`, rows: next };
    });
  });
