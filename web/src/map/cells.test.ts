import { describe, expect, it } from 'vitest';
import type { EstateMapAnswer } from '../api/answers.ts';
import { cellsOf, nextCell } from './cells.ts';

const map = {
  width: 8,
  height: 6,
  groups: [
    { x: 0, y: 1, columns: 3, rows: 2 },
    { x: 4, y: 1, columns: 3, rows: 1 },
  ],
  ids: ['a', 'b', 'c', 'd', 'e'],
  group: [0, 0, 0, 0, 1],
  slot: [0, 1, 2, 3, 0],
  from: [0, 1, 4],
  to: [1, 4, 0],
} as unknown as EstateMapAnswer;

describe('the cells of the estate map', () => {
  const cells = cellsOf(map);

  it('are found by their place, and empty where nobody stands', () => {
    expect([cells.at(0, 1), cells.at(2, 1), cells.at(0, 2), cells.at(4, 1)]).toEqual([0, 2, 3, 4]);
    expect([cells.at(3, 1), cells.at(-1, 0), cells.at(8, 1), cells.at(0, 6)]).toEqual([-1, -1, -1, -1]);
  });

  it('know both ways who is around', () => {
    expect(cells.around(0).toSorted()).toEqual([1, 4]);
    expect(cells.around(1).toSorted()).toEqual([0, 4]);
    expect(cells.around(3)).toEqual([]);
  });

  it.each([
    [0, 1, 0, 1],
    [2, 1, 0, 4],
    [0, 0, 1, 3],
    [3, 0, -1, 0],
    [4, 1, 0, 4],
  ])('from %i by (%i, %i) one comes to %i', (place, dx, dy, next) => {
    expect(nextCell(cells, place, dx, dy)).toBe(next);
  });
});
