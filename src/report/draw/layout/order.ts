import { crossings } from './crossings.ts';
import type { Layers } from './layers.ts';
import type { Lists } from './lists.ts';

const sweeps = 12;
/** Sweeps without a better order after which none is hoped for. */
const patience = 4;
/** Rounds of swaps after a sweep. */
const swapRounds = 3;

/**
 * The order within each rank, from top to bottom: median sweeps to the right and back, each followed by swaps of neighbours
 * that cross less the other way (Gansner et al. 1993); the order with the fewest crossings is kept. Without waypoints there is
 * nothing between neighbouring ranks to count, and sweeps alone must do. The rows are sorted in place.
 */
export function order(layers: Layers): void {
  const { rows } = layers;
  const place = new Int32Array(layers.rank.length);
  settle(rows, place);
  if (rows.length < 2) return;
  if (!layers.waypoints) {
    for (let sweep = 0; sweep < sweeps; sweep++) sweepOver(layers, place, sweep % 2 === 0);
    return;
  }
  let fewest = crossings(layers, place);
  let best = rows.map((row) => row.slice());
  let since = 0;
  for (let sweep = 0; sweep < sweeps && fewest > 0 && since < patience; sweep++) {
    sweepOver(layers, place, sweep % 2 === 0);
    swapNeighbours(layers, place);
    const count = crossings(layers, place);
    since++;
    if (count >= fewest) continue;
    [fewest, best, since] = [count, rows.map((row) => row.slice()), 0];
  }
  for (const [rank, row] of rows.entries()) row.set(best[rank] ?? row);
}

function settle(rows: readonly Int32Array[], place: Int32Array): void {
  for (const row of rows) for (let at = 0; at < row.length; at++) place[row[at] ?? 0] = at;
}

function sweepOver({ rows, left, right, rank, waypoints }: Layers, place: Int32Array, toRight: boolean): void {
  const lists = toRight ? left : right;
  // Without waypoints neighbours stand in rows of several lengths: their places are compared as shares.
  const shareOf = (item: number): number =>
    waypoints ? (place[item] ?? 0) : ((place[item] ?? 0) + 0.5) / (rows[rank[item] ?? 0]?.length ?? 1);
  for (let step = 1; step < rows.length; step++) {
    const row = rows[toRight ? step : rows.length - 1 - step];
    if (row === undefined) continue;
    const moving: { readonly item: number; readonly wanted: number }[] = [];
    const free: number[] = [];
    for (let at = 0; at < row.length; at++) {
      const item = row[at] ?? 0;
      const wanted = medianOf(lists, item, shareOf);
      if (wanted < 0) continue;
      moving.push({ item, wanted });
      free.push(at);
    }
    moving.sort((a, b) => a.wanted - b.wanted);
    for (const [n, { item }] of moving.entries()) row[free[n] ?? 0] = item;
    for (let at = 0; at < row.length; at++) place[row[at] ?? 0] = at;
  }
}

/** The median of the neighbours' places, drawn to the side where they stand closer together; −1 without neighbours. */
function medianOf({ start, items }: Lists, item: number, shareOf: (item: number) => number): number {
  const [first, end] = [start[item] ?? 0, start[item + 1] ?? 0];
  const size = end - first;
  if (size === 0) return -1;
  if (size === 1) return shareOf(items[first] ?? 0);
  const places: number[] = [];
  for (let slot = first; slot < end; slot++) places.push(shareOf(items[slot] ?? 0));
  places.sort((a, b) => a - b);
  const middle = size >> 1;
  const [low, high] = [places[middle - 1] ?? 0, places[middle] ?? 0];
  if (size % 2 === 1) return high;
  if (size === 2) return (low + high) / 2;
  const [before, after] = [low - (places[0] ?? 0), (places[size - 1] ?? 0) - high];
  return before + after === 0 ? (low + high) / 2 : (low * after + high * before) / (before + after);
}

function swapNeighbours(layers: Layers, place: Int32Array): void {
  const { rows, left, right } = layers;
  for (let round = 0, better = true; better && round < swapRounds; round++) {
    better = false;
    for (const row of rows) {
      for (let at = 0; at + 1 < row.length; at++) {
        const [a, b] = [row[at] ?? 0, row[at + 1] ?? 0];
        if (gain(left, place, a, b) + gain(right, place, a, b) <= 0) continue;
        row[at] = b;
        row[at + 1] = a;
        place[b] = at;
        place[a] = at + 1;
        better = true;
      }
    }
  }
}

/** How many crossings on one side go away when two neighbours swap. O(neighbours²), which are few. */
function gain({ start, items }: Lists, place: Int32Array, a: number, b: number): number {
  let saved = 0;
  for (let one = start[a] ?? 0; one < (start[a + 1] ?? 0); one++) {
    const from = place[items[one] ?? 0] ?? 0;
    for (let two = start[b] ?? 0; two < (start[b + 1] ?? 0); two++) {
      const to = place[items[two] ?? 0] ?? 0;
      if (from > to) saved++;
      else if (from < to) saved--;
    }
  }
  return saved;
}
