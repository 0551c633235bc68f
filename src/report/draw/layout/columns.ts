import type { Frame } from './frames.ts';
import type { LaneItems } from './items.ts';
import type { Lane } from './lane.ts';
import { boxHeight, boxWidth, columnStep, padding } from './measures.ts';

/** Where columns begin and end in pixels, the same in all lanes: an open group makes its own wider. */
export interface Columns {
  readonly left: readonly number[];
  readonly right: readonly number[];
}

export function columnsOf(
  lanes: readonly { readonly lane: Lane; readonly of: LaneItems }[],
  frames: readonly Frame[],
): Columns {
  const widths: number[] = [];
  for (const { lane, of } of lanes)
    for (const [place, { frame }] of of.items.entries()) {
      const column = lane.column[place] ?? 0;
      const width = frame < 0 ? boxWidth : (frames[frame]?.w ?? boxWidth);
      widths[column] = Math.max(widths[column] ?? boxWidth, width);
    }
  const left: number[] = [];
  const right: number[] = [];
  let x = padding;
  for (let column = 0; column < widths.length; column++) {
    const width = widths[column] ?? boxWidth;
    left.push(x);
    right.push(x + width);
    x += width + columnStep - boxWidth;
  }
  return { left, right };
}

/**
 * How far things of a lane move down because groups above them in their column are open. Nothing else moves, so that what
 * somebody opens stays where it is and so does all beside it.
 */
export function shiftsOf(lane: Lane, of: LaneItems, frames: readonly Frame[]): (column: number, y: number) => number {
  const opened = of.items.flatMap(({ frame }, place) => {
    const more = (frames[frame]?.h ?? boxHeight) - boxHeight;
    return frame < 0 ? [] : [{ column: lane.column[place] ?? 0, below: lane.top[place] ?? 0, more }];
  });
  if (opened.length === 0) return () => 0;
  return (column, y) =>
    opened.reduce((sum, one) => sum + (one.column === column && y > one.below ? Math.max(0, one.more) : 0), 0);
}
