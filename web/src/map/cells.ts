import type { EstateMapAnswer } from '../api/answers.ts';

/** Where each component stands on the map, in cells, and who stands in a cell. */
export interface Cells {
  readonly count: number;
  readonly x: Int32Array;
  readonly y: Int32Array;
  /** The component in a cell, or -1. */
  readonly at: (x: number, y: number) => number;
  /** Places in `ids` of what a component depends on and of who uses it. */
  readonly around: (place: number) => readonly number[];
}

export function cellsOf(map: EstateMapAnswer): Cells {
  const { ids, group, slot, groups, width, height, from, to } = map;
  const x = new Int32Array(ids.length);
  const y = new Int32Array(ids.length);
  const grid = new Int32Array(width * height).fill(-1);
  for (let place = 0; place < ids.length; place++) {
    const own = groups[group[place] ?? -1];
    if (own === undefined) continue;
    const cell = slot[place] ?? 0;
    x[place] = own.x + (cell % own.columns);
    y[place] = own.y + Math.floor(cell / own.columns);
    grid[(y[place] ?? 0) * width + (x[place] ?? 0)] = place;
  }
  const { start, other } = adjacency(ids.length, from, to);
  return {
    count: ids.length,
    x,
    y,
    at: (column, row) =>
      column < 0 || row < 0 || column >= width || row >= height ? -1 : (grid[row * width + column] ?? -1),
    around: (place) => [...other.subarray(start[place] ?? 0, start[place + 1] ?? 0)],
  };
}

/** Both ways of every reference in two flat arrays: ten thousand small lists would be slower to make than to draw. */
function adjacency(count: number, from: readonly number[], to: readonly number[]) {
  const start = new Int32Array(count + 2);
  for (const end of [from, to]) for (const place of end) start[place + 2] = (start[place + 2] ?? 0) + 1;
  for (let place = 1; place < start.length; place++) start[place] = (start[place] ?? 0) + (start[place - 1] ?? 0);
  const other = new Int32Array(from.length * 2);
  const put = (place: number, end: number): void => {
    const slot = start[place + 1] ?? 0;
    other[slot] = end;
    start[place + 1] = slot + 1;
  };
  for (let reference = 0; reference < from.length; reference++) {
    put(from[reference] ?? 0, to[reference] ?? 0);
    put(to[reference] ?? 0, from[reference] ?? 0);
  }
  return { start, other };
}

/** The component that an arrow key leads to: the next cell that way that is not empty, looked for in a widening beam. */
export function nextCell(cells: Cells, place: number, dx: number, dy: number): number {
  const [x, y] = [cells.x[place] ?? 0, cells.y[place] ?? 0];
  let best = place;
  let least = Number.POSITIVE_INFINITY;
  for (let other = 0; other < cells.count; other++) {
    const [ox, oy] = [(cells.x[other] ?? 0) - x, (cells.y[other] ?? 0) - y];
    const ahead = ox * dx + oy * dy;
    if (ahead <= 0) continue;
    const aside = Math.abs(ox * dy) + Math.abs(oy * dx);
    const distance = ahead + aside * 3;
    if (distance < least) [best, least] = [other, distance];
  }
  return best;
}
