import { type Blocks, blocksOf, type Pass } from './blocks.ts';
import type { Ends } from './connected-boxes.ts';
import { boxHeight, columnStep, partGap, rowGap } from './measures.ts';
import { pack } from './packing.ts';

/** Where the boxes of a lane stand, in columns and pixels from its top. */
export interface Lane {
  /** By box. */
  readonly column: readonly number[];
  readonly top: readonly number[];
  readonly passes: readonly Pass[];
}

/** How many times as wide as high a picture becomes, if it can. */
const wideness = 1.5;
/** Numbers of columns that are tried beyond the one that the area asks for: parts of several columns may just not fit in it. */
const tried = 3;

/** Lays out several lanes of one picture, with as many columns for all. */
export function lanesOf(lanes: readonly { readonly boxes: number; readonly links: readonly Ends[] }[]): Lane[] {
  const laid = lanes.map(({ boxes, links }) => ({ boxes, blocks: blocksOf(boxes, links) }));
  const least = leastColumns(laid.map(({ blocks }) => blocks));
  let best: { readonly lanes: Lane[]; readonly off: number } | undefined;
  for (let columns = least; columns < least + tried; columns++) {
    const packed = laid.map(({ boxes, blocks }) => laneOf(boxes, blocks, columns));
    const off = Math.abs(Math.log(shapeOf(packed) / wideness));
    if (best === undefined || off < best.off) best = { lanes: packed, off };
  }
  return best?.lanes ?? [];
}

function leastColumns(lanes: readonly Blocks[]): number {
  let area = 0;
  let widest = 1;
  for (const { linked, alone } of lanes) {
    for (const { columns, height } of linked) {
      area += columns * columnStep * (height + partGap);
      widest = Math.max(widest, columns);
    }
    area += alone.length * columnStep * (boxHeight + rowGap);
  }
  return Math.max(widest, Math.floor(Math.sqrt(area * wideness) / columnStep));
}

/** Width by height of lanes one below the other. */
function shapeOf(lanes: readonly Lane[]): number {
  let columns = 1;
  let height = 1;
  for (const { column, top } of lanes) {
    columns = column.reduce((most, one) => Math.max(most, one + 1), columns);
    height += top.reduce((most, one) => Math.max(most, one + boxHeight), 0);
  }
  return (columns * columnStep) / height;
}

function laneOf(boxes: number, { linked, alone }: Blocks, columns: number): Lane {
  const column = new Array<number>(boxes).fill(0);
  const top = new Array<number>(boxes).fill(0);
  const passes: Pass[] = [];
  const { spots, floor } = pack(linked, columns, partGap);
  for (const [place, block] of linked.entries()) {
    const spot = spots[place] ?? { column: 0, top: 0 };
    for (const one of block.boxes) {
      column[one.box] = one.column + spot.column;
      top[one.box] = one.top + spot.top;
    }
    for (const one of block.passes) passes.push({ ...one, column: one.column + spot.column, y: one.y + spot.top });
  }
  // Those alone stand below all of it in rows, in the order of their ids.
  const below = Math.max(0, ...floor);
  for (const [place, box] of alone.entries()) {
    column[box] = place % columns;
    top[box] = below + Math.floor(place / columns) * (boxHeight + rowGap);
  }
  return { column, top, passes };
}
