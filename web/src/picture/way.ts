export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A curve is looked at in so many straight pieces: what a pointer is near to within a few pixels. */
const pieces = 12;

/** Points along the way of a line: the `d` of a path of absolute M, L, H, V, C and Q. */
export function pointsOf(d: string): readonly Point[] {
  const points: Point[] = [];
  let at: Point = { x: 0, y: 0 };
  for (const [, command = '', rest = ''] of d.matchAll(/([MLHVCQ])([^MLHVCQZ]*)/g)) {
    const numbers = (rest.match(/-?\d+(?:\.\d+)?/g) ?? []).map(Number);
    const takes = { M: 2, L: 2, H: 1, V: 1, C: 6, Q: 4 }[command] ?? 2;
    for (let place = 0; place + takes <= numbers.length; place += takes) {
      const given = numbers.slice(place, place + takes);
      const end = endOf(command, given, at);
      if (command === 'C' || command === 'Q') points.push(...bent(at, given, end));
      points.push(end);
      at = end;
    }
  }
  return points;
}

function endOf(command: string, given: readonly number[], at: Point): Point {
  const [first = 0] = given;
  if (command === 'H') return { x: first, y: at.y };
  if (command === 'V') return { x: at.x, y: first };
  return { x: given.at(-2) ?? at.x, y: given.at(-1) ?? at.y };
}

function bent(start: Point, given: readonly number[], end: Point): Point[] {
  const [ax = 0, ay = 0] = given;
  const [bx, by] = given.length === 6 ? [given[2] ?? 0, given[3] ?? 0] : [ax, ay];
  const along = (t: number, p: number, a: number, b: number, q: number): number =>
    (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t ** 2 * b + t ** 3 * q;
  return Array.from({ length: pieces - 1 }, (_, index) => {
    const t = (index + 1) / pieces;
    return { x: along(t, start.x, ax, bx, end.x), y: along(t, start.y, ay, by, end.y) };
  });
}

/** How far a point is from a way, squared. */
export function distanceTo(points: readonly Point[], point: Point): number {
  let least = Number.POSITIVE_INFINITY;
  for (let place = 1; place < points.length; place++) {
    const [a, b] = [points[place - 1], points[place]];
    if (a === undefined || b === undefined) continue;
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const length = dx * dx + dy * dy;
    const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length));
    least = Math.min(least, (point.x - a.x - t * dx) ** 2 + (point.y - a.y - t * dy) ** 2);
  }
  return least;
}

/** The head of an arrow at the end of a way, as a piece of a path. */
export function headOf(points: readonly Point[]): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return '';
  const angle = Math.atan2(end.y - before.y, end.x - before.x);
  const side = (turn: number): string =>
    `${round(end.x - 7 * Math.cos(angle + turn))} ${round(end.y - 7 * Math.sin(angle + turn))}`;
  return `M${round(end.x)} ${round(end.y)}L${side(0.42)}L${side(-0.42)}Z`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
