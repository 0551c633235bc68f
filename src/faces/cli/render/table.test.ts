import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { styleFor } from './style.ts';
import { type Column, table } from './table.ts';

const columns: readonly Column<readonly string[]>[] = [
  { title: 'COMPONENT', value: ([id = '']) => id },
  { title: 'N', value: ([, n = '']) => n, right: true },
  { title: 'THROUGH', value: ([, , through = '']) => through },
];
const at = (width: number | undefined) =>
  styleFor(width === undefined ? {} : { isTTY: true, columns: width }, {}, false);
const rows = [
  ['live/prod/vpc', '1', '/private_subnet_ids, /public_subnet_ids, /vpc_id'],
  ['live/prod/app', '12', '-'],
];

describe('a table', () => {
  it('is as wide as it is where nobody looks', () => {
    expect(table(rows, columns, at(undefined))).toBe(
      [
        '  COMPONENT       N  THROUGH',
        '  live/prod/vpc   1  /private_subnet_ids, /public_subnet_ids, /vpc_id',
        '  live/prod/app  12  -',
      ].join('\n'),
    );
  });

  it('breaks what is wide where the terminal is narrow', () => {
    expect(table(rows, columns, at(46))).toBe(
      [
        '  COMPONENT       N  THROUGH',
        '  live/prod/vpc   1  /private_subnet_ids,',
        '                     /public_subnet_ids,',
        '                     /vpc_id',
        '  live/prod/app  12  -',
      ].join('\n'),
    );
  });

  it('says the other cells below the first where even that does not do', () => {
    expect(table(rows, columns, at(30))).toBe(
      [
        '  live/prod/vpc',
        '      n 1',
        '      through',
        '      /private_subnet_ids,',
        '      /public_subnet_ids,',
        '      /vpc_id',
        '  live/prod/app',
        '      n 12',
      ].join('\n'),
    );
  });

  it('is never wider than the terminal but for a first cell, and loses no word', () => {
    const word = fc.stringMatching(/^[a-z/,]{1,30}$/);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, word, word), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 30, max: 120 }),
        (some, width) => {
          const shown = table(some, columns, at(width));
          for (const line of shown.split('\n'))
            if (!some.some(([id]) => line.trim() === id)) expect(line.length).toBeLessThanOrEqual(width);
          for (const [id] of some) expect(shown).toContain(id);
          const letters = (text: string) => text.replace(/[^a-z]/g, '').length;
          expect(letters(shown)).toBeGreaterThanOrEqual(letters(some.flat().join('')));
        },
      ),
    );
  });
});
