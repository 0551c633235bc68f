import { expect, it } from 'vitest';
import { cellsAcross } from './map-room.ts';

it.each([
  ['few components have large cells', 12, { width: 800, height: 700 }, 48],
  ['ten thousand are on one screen', 10_000, { width: 800, height: 700 }, 144],
  ['a cell is never too small to hit', 50_000, { width: 800, height: 700 }, 176],
  ['a telephone has few', 10_000, { width: 350, height: 600 }, 80],
])('%s', (_, components, room, across) => {
  expect(cellsAcross(components, room)).toBe(across);
});
