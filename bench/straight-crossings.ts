/** A line between the middles of two boxes. */
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/**
 * How many pairs of straight lines cross: what a layout is compared by with others, whatever way its lines take. Lines that
 * share an end do not count. Each pair that overlaps from left to right is looked at.
 */
export function straightCrossings(segments: readonly Segment[]): number {
  const lines = segments
    .map((one) => (one.x1 <= one.x2 ? one : { x1: one.x2, y1: one.y2, x2: one.x1, y2: one.y1 }))
    .sort((a, b) => a.x1 - b.x1);
  let count = 0;
  for (const [place, a] of lines.entries()) {
    for (let next = place + 1; next < lines.length; next++) {
      const b = lines[next];
      if (b === undefined || b.x1 > a.x2) break;
      if (cross(a, b)) count++;
    }
  }
  return count;
}

function cross(a: Segment, b: Segment): boolean {
  const ends = [a.x1 === b.x1 && a.y1 === b.y1, a.x2 === b.x2 && a.y2 === b.y2];
  if (ends[0] === true || ends[1] === true) return false;
  if ((a.x1 === b.x2 && a.y1 === b.y2) || (a.x2 === b.x1 && a.y2 === b.y1)) return false;
  return side(a, b.x1, b.y1) * side(a, b.x2, b.y2) < 0 && side(b, a.x1, a.y1) * side(b, a.x2, a.y2) < 0;
}

function side({ x1, y1, x2, y2 }: Segment, x: number, y: number): number {
  return Math.sign((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
}
