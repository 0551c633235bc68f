import type { PlacedBox, PlacedLine } from '../api/answers.ts';

/** Which boxes are connected in a picture, and by which lines. */
export interface Neighbours {
  readonly linesOf: (id: string) => readonly PlacedLine[];
  /** Itself and everything one line away. */
  readonly around: (id: string) => ReadonlySet<string>;
}

export function neighboursIn(lines: readonly PlacedLine[]): Neighbours {
  const byBox = new Map<string, PlacedLine[]>();
  const add = (id: string, line: PlacedLine): void => {
    const own = byBox.get(id);
    if (own === undefined) byBox.set(id, [line]);
    else own.push(line);
  };
  for (const line of lines) {
    add(line.from, line);
    if (line.to !== line.from) add(line.to, line);
  }
  const linesOf = (id: string): readonly PlacedLine[] => byBox.get(id) ?? [];
  return {
    linesOf,
    around: (id) => new Set([id, ...linesOf(id).flatMap(({ from, to }) => [from, to])]),
  };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/**
 * The box that an arrow key leads to. What a component depends on stands on its left, who uses it on its right: these follow
 * references. Up and down go to the nearest box of the column, and where the column ends to the next one over.
 */
export function nextBox(
  boxes: readonly PlacedBox[],
  { linesOf }: Neighbours,
  id: string,
  direction: Direction,
): PlacedBox | undefined {
  const here = boxes.find((box) => box.id === id);
  if (here === undefined) return boxes[0];
  const byId = new Map(boxes.map((box) => [box.id, box]));
  if (direction === 'left' || direction === 'right') {
    const ends = linesOf(id).flatMap(({ from, to }) => {
      if (from === to) return [];
      if (direction === 'left') return from === id ? [to] : [];
      return to === id ? [from] : [];
    });
    return nearestTo(
      here,
      ends.map((end) => byId.get(end)).filter((box) => box !== undefined),
    );
  }
  const down = direction === 'down';
  const beyond = boxes.filter((box) => (down ? box.y > here.y : box.y < here.y));
  const column = beyond.filter((box) => Math.abs(box.x - here.x) < here.w / 2);
  return nearestTo(here, column.length > 0 ? column : beyond);
}

function nearestTo(here: PlacedBox, boxes: readonly PlacedBox[]): PlacedBox | undefined {
  let best: PlacedBox | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const distance = Math.hypot(box.x - here.x, box.y - here.y);
    if (distance < least) [best, least] = [box, distance];
  }
  return best;
}
