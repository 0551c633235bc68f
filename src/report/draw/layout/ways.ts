import type { Rect } from './geometry.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Boxes that stand over each other: a line that passes them must find its way between two. */
interface Wall {
  readonly left: number;
  readonly right: number;
  /** What is taken, from top to bottom, apart from each other. */
  readonly taken: readonly (readonly [top: number, bottom: number])[];
}

const clearance = 9;

/** What stands in the way of lines, from right to left. O(boxes · log). */
export function wallsOf(boxes: readonly Rect[]): Wall[] {
  const walls: { left: number; right: number; boxes: Rect[] }[] = [];
  for (const box of [...boxes].sort((a, b) => b.x + b.w - (a.x + a.w) || a.y - b.y)) {
    const last = walls.at(-1);
    if (last === undefined || box.x + box.w <= last.left)
      walls.push({ left: box.x, right: box.x + box.w, boxes: [box] });
    else {
      last.left = Math.min(last.left, box.x);
      last.boxes.push(box);
    }
  }
  return walls.map(({ left, right, boxes: standing }) => ({ left, right, taken: merged(standing) }));
}

function merged(boxes: readonly Rect[]): (readonly [number, number])[] {
  const taken: [number, number][] = [];
  for (const { y, h } of [...boxes].sort((a, b) => a.y - b.y)) {
    const last = taken.at(-1);
    if (last !== undefined && y - clearance < last[1]) last[1] = Math.max(last[1], y + h + clearance);
    else taken.push([y - clearance, y + h + clearance]);
  }
  return taken;
}

/**
 * The way of a line to the left, through the gaps nearest to the straight one: its start, for each wall where it comes to it
 * and where it leaves it, and its end.
 */
export function wayThrough(walls: readonly Wall[], from: Point, to: Point): Point[] {
  const way: Point[] = [from];
  let at = from;
  for (const { left, right, taken } of walls) {
    if (right > from.x || left < to.x) continue;
    const middle = (left + right) / 2;
    const share = at.x === to.x ? 1 : (at.x - middle) / (at.x - to.x);
    const y = nearestGap(taken, at.y + (to.y - at.y) * share);
    way.push({ x: right, y }, { x: left, y });
    at = { x: left, y };
  }
  way.push(to);
  return way;
}

function nearestGap(taken: Wall['taken'], wanted: number): number {
  const within = taken.find(([top, bottom]) => wanted > top && wanted < bottom);
  if (within === undefined) return Math.round(wanted);
  const [top, bottom] = within;
  return Math.round(wanted - top <= bottom - wanted ? top : bottom);
}
