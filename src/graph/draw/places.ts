import type { Item, Layers } from './layers.ts';

/** Heights and gaps, in pixels. */
export interface Measures {
  readonly boxHeight: number;
  readonly gap: number;
  /** Between a waypoint and its neighbours. */
  readonly waypointGap: number;
}

const rounds = 12;

/**
 * The vertical middle of every item: as near as possible to the middle of its neighbours while keeping the order and the
 * gaps of its rank. Each rank is solved exactly by isotonic regression (pool adjacent violators, O(items)), rank after rank,
 * to and fro. The topmost edge of all is at 0.
 */
export function placesOf(
  { ranks }: Layers,
  measures: Measures,
): { readonly y: ReadonlyMap<Item, number>; readonly height: number } {
  const y = new Map<Item, number>();
  for (const row of ranks) {
    const offsets = offsetsOf(row, measures);
    const middle = ((offsets.at(-1) ?? 0) + (offsets[0] ?? 0)) / 2;
    for (const [place, item] of row.entries()) y.set(item, (offsets[place] ?? 0) - middle);
  }
  for (let round = 0; round < rounds; round++) {
    const toRight = round % 2 === 0;
    for (const row of toRight ? ranks : ranks.toReversed()) settle(row, y, toRight, round === rounds - 1, measures);
  }
  return { y, height: closeGaps(y, measures) };
}

/** Moves up what lies under a strip that nothing stands in, over all ranks, and the whole to 0. Answers the height. */
function closeGaps(y: Map<Item, number>, measures: Measures): number {
  const fromTop = [...y].map(([item, middle]) => ({ item, middle, half: heightOf(item, measures) / 2 }));
  fromTop.sort((a, b) => a.middle - a.half - (b.middle - b.half));
  let bottom = Number.NEGATIVE_INFINITY;
  let shift = 0;
  for (const { item, middle, half } of fromTop) {
    const top = middle - half - shift;
    const room = bottom === Number.NEGATIVE_INFINITY ? 0 : bottom + measures.gap;
    if (top > room || bottom === Number.NEGATIVE_INFINITY) shift += top - room;
    const moved = middle - shift;
    y.set(item, moved);
    bottom = Math.max(bottom, moved + half);
  }
  return Math.max(0, bottom);
}

function heightOf(item: Item, { boxHeight }: Measures): number {
  return item.waypoint ? 0 : boxHeight;
}

/** Middles of a rank's items packed as closely as they may stand. */
function offsetsOf(row: readonly Item[], measures: Measures): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const [place, item] of row.entries()) {
    const before = row[place - 1];
    if (before !== undefined) {
      const gap = before.waypoint || item.waypoint ? measures.waypointGap : measures.gap;
      offset += (heightOf(before, measures) + heightOf(item, measures)) / 2 + gap;
    }
    offsets.push(offset);
  }
  return offsets;
}

/** Moves a rank's items towards their neighbours on one side, in the last round on both. */
function settle(row: readonly Item[], y: Map<Item, number>, toRight: boolean, both: boolean, measures: Measures): void {
  const offsets = offsetsOf(row, measures);
  const wanted = row.map((item, place) => {
    const neighbours = both ? [...item.left, ...item.right] : [...(toRight ? item.left : item.right)];
    const own = y.get(item) ?? 0;
    const middle = neighbours.length === 0 ? own : mean(neighbours.map((one) => y.get(one) ?? 0));
    return middle - (offsets[place] ?? 0);
  });
  // Waypoints weigh more: a long link that runs straight is read at a glance.
  const settled = isotonic(
    wanted,
    row.map((item) => (item.waypoint ? 4 : item.left.size + item.right.size > 0 ? 1 : 0.1)),
  );
  for (const [place, item] of row.entries()) y.set(item, (settled[place] ?? 0) + (offsets[place] ?? 0));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The non-decreasing sequence nearest to the given one in the weighted square. Ayer et al. 1955; O(n). */
export function isotonic(values: readonly number[], weights: readonly number[]): number[] {
  const blocks: { mean: number; weight: number; size: number }[] = [];
  for (const [place, value] of values.entries()) {
    let block = { mean: value, weight: weights[place] ?? 1, size: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.mean > block.mean; last = blocks.at(-1)) {
      blocks.pop();
      const weight = last.weight + block.weight;
      block = {
        mean: (last.mean * last.weight + block.mean * block.weight) / weight,
        weight,
        size: last.size + block.size,
      };
    }
    blocks.push(block);
  }
  return blocks.flatMap(({ mean: value, size }) => new Array<number>(size).fill(value));
}
