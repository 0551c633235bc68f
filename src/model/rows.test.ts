import fc from 'fast-check';
import { expect, it } from 'vitest';
import { byCodeUnit, canonicalJson } from './digest.ts';
import { byRowName, deltaParts, makeRow, rowId, rowTables } from './rows.ts';

const row = fc
  .tuple(
    fc.constantFrom(...rowTables),
    fc.string(),
    fc.object({ maxDepth: 2 }),
    fc.option(fc.object(), { nil: undefined }),
  )
  .map(([table, key, value, note]) => makeRow(table, key, value, note));

/** As a store answers: the same row, its columns in an order of their own. */
const shuffled = row.map(({ table, key, value, note, digest }) => ({ value, table, note, key, digest }));

it('writes a delta as its canonical JSON, in whatever order its rows have their columns', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(row, shuffled)), fc.array(row), (put, gone) => {
      const delta = { put, remove: gone.map(({ table, key }) => ({ table, key })) };
      expect([...deltaParts(delta)].join('')).toBe(canonicalJson(delta));
    }),
  );
});

it('orders rows as their names are ordered', () => {
  fc.assert(
    fc.property(row, row, (a, b) => {
      expect(Math.sign(byRowName(a, b))).toBe(byCodeUnit(rowId(a), rowId(b)));
    }),
  );
});
