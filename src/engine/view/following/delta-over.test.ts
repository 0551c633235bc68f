import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deltaBetween, makeRow, type Row, rowId } from '../../../model/rows.ts';
import { deltaOver } from './delta-over.ts';

it('is the delta between the rows that two deltas lead to', () => {
  const row = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(1), note: fc.nat(1) });
  const rows = fc
    .uniqueArray(row, { selector: ({ key }) => key })
    .map(
      (all) => new Map(all.map(({ key, value, note }) => makeRow('component', key, { value }, { note })).map(named)),
    );
  fc.assert(
    fc.property(rows, rows, rows, (base, before, after) => {
      const over = deltaOver({ row: (name) => base.get(name) }, deltaBetween(base, before), deltaBetween(base, after));
      expect(over).toEqual(deltaBetween(before, after));
    }),
  );
});

function named(row: Row): [string, Row] {
  return [rowId(row), row];
}
