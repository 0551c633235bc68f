import type { Point } from './ways.ts';

/** A line that ends nearly where it begins swings round on the right. */
const swing = 7;

/** What leads from one point on to the next, leaving and arriving level: a piece of an SVG path. */
export function curveTo(from: Point, to: Point): string {
  const ahead = from.x - to.x;
  if (from.y === to.y && Math.abs(ahead) > swing) return `H${to.x}`;
  const swings = Math.abs(ahead) <= swing;
  const bend = swings
    ? -(26 + Math.min(40, Math.abs(from.y - to.y) / 6))
    : Math.sign(ahead) * Math.max(12, Math.abs(ahead) / 2);
  const arrives = swings ? to.x - bend : to.x + bend;
  return `C${tidy(from.x - bend)} ${from.y} ${tidy(arrives)} ${to.y} ${to.x} ${to.y}`;
}

/** A whole way as the `d` of an SVG path. */
export function pathOf(way: readonly Point[]): string {
  const [start] = way;
  if (start === undefined) return '';
  const pieces = way.slice(1).map((point, step) => curveTo(way[step] ?? start, point));
  return `M${start.x} ${start.y}${pieces.join('')}`;
}

function tidy(number: number): number {
  return Math.round(number * 10) / 10;
}
