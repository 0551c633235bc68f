import { isotonic } from './isotonic.ts';
import type { Layers } from './layers.ts';

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
 * gaps of its rank. Each rank is solved exactly by isotonic regression, rank after rank, to and fro. The topmost edge of all
 * is at 0. O(items + links) a round.
 */
export function heightsOf(
  layers: Layers,
  measures: Measures,
): { readonly middle: Float64Array; readonly height: number } {
  const middle = new Float64Array(layers.rank.length);
  const offsets = layers.rows.map((row) => offsetsOf(layers, row, measures));
  for (const [rank, row] of layers.rows.entries()) {
    const own = offsets[rank] ?? [];
    const half = ((own.at(-1) ?? 0) + (own[0] ?? 0)) / 2;
    for (let at = 0; at < row.length; at++) middle[row[at] ?? 0] = (own[at] ?? 0) - half;
  }
  for (let round = 0; round < rounds; round++) {
    const toRight = round % 2 === 0;
    for (let step = 0; step < layers.rows.length; step++) {
      const rank = toRight ? step : layers.rows.length - 1 - step;
      settle(layers, rank, offsets[rank] ?? [], middle, toRight, round === rounds - 1);
    }
  }
  return { middle, height: closeGaps(layers, middle, measures) };
}

/** Middles of a rank's items packed as closely as they may stand. */
function offsetsOf({ boxes }: Layers, row: Int32Array, { boxHeight, gap, waypointGap }: Measures): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (let at = 0; at < row.length; at++) {
    const isBox = (row[at] ?? 0) < boxes;
    if (at > 0) {
      const wasBox = (row[at - 1] ?? 0) < boxes;
      offset += ((isBox ? boxHeight : 0) + (wasBox ? boxHeight : 0)) / 2 + (isBox && wasBox ? gap : waypointGap);
    }
    offsets.push(offset);
  }
  return offsets;
}

/** Moves a rank's items towards their neighbours on one side, in the last round on both. */
function settle(
  { boxes, rows, left, right }: Layers,
  rank: number,
  offsets: readonly number[],
  middle: Float64Array,
  toRight: boolean,
  both: boolean,
): void {
  const row = rows[rank] ?? new Int32Array();
  const wanted: number[] = [];
  const weights: number[] = [];
  for (let at = 0; at < row.length; at++) {
    const item = row[at] ?? 0;
    let sum = 0;
    let count = 0;
    for (const side of both ? [left, right] : [toRight ? left : right]) {
      const end = side.start[item + 1] ?? 0;
      for (let slot = side.start[item] ?? 0; slot < end; slot++) sum += middle[side.items[slot] ?? 0] ?? 0;
      count += end - (side.start[item] ?? 0);
    }
    wanted.push((count === 0 ? (middle[item] ?? 0) : sum / count) - (offsets[at] ?? 0));
    // Waypoints weigh more: a long link that runs straight is read at a glance.
    weights.push(item >= boxes ? 4 : count > 0 || both ? 1 : 0.1);
  }
  const settled = isotonic(wanted, weights);
  for (let at = 0; at < row.length; at++) middle[row[at] ?? 0] = (settled[at] ?? 0) + (offsets[at] ?? 0);
}

/** Moves up what lies under a strip that nothing stands in, over all ranks, and the whole to 0. Answers the height. */
function closeGaps({ boxes }: Layers, middle: Float64Array, { boxHeight, gap }: Measures): number {
  const half = (item: number): number => (item < boxes ? boxHeight / 2 : 0);
  const fromTop = Array.from(middle.keys()).sort((a, b) => (middle[a] ?? 0) - half(a) - ((middle[b] ?? 0) - half(b)));
  let bottom = Number.NEGATIVE_INFINITY;
  let shift = 0;
  for (const item of fromTop) {
    const top = (middle[item] ?? 0) - half(item) - shift;
    const room = bottom === Number.NEGATIVE_INFINITY ? 0 : bottom + gap;
    if (top > room || bottom === Number.NEGATIVE_INFINITY) shift += top - room;
    const moved = (middle[item] ?? 0) - shift;
    middle[item] = moved;
    bottom = Math.max(bottom, moved + half(item));
  }
  return Math.max(0, bottom);
}
