import type { Ends } from './connected-boxes.ts';
import { type Lists, listsOf } from './lists.ts';

/**
 * Boxes by rank, with *waypoints* where a link passes a rank. Links to one box share theirs: they run together and part where
 * they must, which is what keeps sixty boxes legible. Items are numbers: first the boxes, then the waypoints.
 */
export interface Layers {
  readonly boxes: number;
  /** By item. */
  readonly rank: Int32Array;
  /** By rank, from top to bottom. */
  readonly rows: readonly Int32Array[];
  /** Neighbours towards what is depended on, and the other way; one rank off unless there are no waypoints. */
  readonly left: Lists;
  readonly right: Lists;
  /** False where there would be too many: then links run straight through. */
  readonly waypoints: boolean;
  /** The items that each link runs through, both ends included; empty for one that does not point to the left. */
  readonly routes: readonly (readonly number[])[];
}

/** Beyond so many waypoints in one part they cost more than they show. */
const mostWaypoints = 60_000;

/**
 * The layers of one connected part. O(items + links).
 *
 * @param shared whether links to one box share their waypoints
 */
export function layersOf(boxes: number, ranks: Int32Array, links: readonly Ends[], shared: boolean): Layers {
  const waypoints = waypointsNeeded(ranks, links) <= mostWaypoints;
  const rank = [...ranks];
  const depth = ranks.reduce((most, one) => Math.max(most, one), 0) + 1;
  const made = new Map<number, number>();
  const pairs = new Set<number>();
  const span = boxes + (waypoints ? mostWaypoints : 0) + 1;
  const waypoint = (bundle: number, at: number): number => {
    const key = bundle * depth + at;
    let item = made.get(key);
    if (item === undefined) {
      item = rank.length;
      rank.push(at);
      made.set(key, item);
    }
    return item;
  };
  const routes = links.map(({ from, to }, link) => {
    const [start, end] = [ranks[from] ?? 0, ranks[to] ?? 0];
    if (start <= end) return [];
    const route = [from];
    if (waypoints) for (let at = start - 1; at > end; at--) route.push(waypoint(shared ? to : link, at));
    route.push(to);
    for (let step = 1; step < route.length; step++) pairs.add((route[step - 1] ?? 0) * span + (route[step] ?? 0));
    return route;
  });
  const right = [...pairs].map((pair) => Math.floor(pair / span));
  const left = [...pairs].map((pair) => pair % span);
  return {
    boxes,
    rank: Int32Array.from(rank),
    rows: rowsOf(rank, depth),
    left: listsOf(rank.length, right, left),
    right: listsOf(rank.length, left, right),
    waypoints,
    routes,
  };
}

function waypointsNeeded(ranks: Int32Array, links: readonly Ends[]): number {
  return links.reduce((sum, { from, to }) => sum + Math.max(0, (ranks[from] ?? 0) - (ranks[to] ?? 0) - 1), 0);
}

function rowsOf(rank: readonly number[], depth: number): Int32Array[] {
  const rows: number[][] = Array.from({ length: depth }, () => []);
  for (const [item, at] of rank.entries()) rows[at]?.push(item);
  return rows.map((row) => Int32Array.from(row));
}

/** The same layers with shared waypoints, in the order of others that have one for each link: each where its links are in the mean. */
export function bundled(boxes: number, ranks: Int32Array, links: readonly Ends[], apart: Layers): Layers {
  const layers = layersOf(boxes, ranks, links, true);
  if (!layers.waypoints) {
    for (const [rank, row] of layers.rows.entries()) row.set(apart.rows[rank] ?? row);
    return layers;
  }
  const place = new Float64Array(apart.rank.length);
  for (const row of apart.rows) for (let at = 0; at < row.length; at++) place[row[at] ?? 0] = at;
  const sum = new Float64Array(layers.rank.length);
  const count = new Int32Array(layers.rank.length);
  for (const [link, route] of layers.routes.entries())
    for (const [step, item] of route.entries()) {
      sum[item] = (sum[item] ?? 0) + (place[apart.routes[link]?.[step] ?? 0] ?? 0);
      count[item] = (count[item] ?? 0) + 1;
    }
  const wanted = (item: number): number =>
    count[item] === 0 ? (place[item] ?? 0) : (sum[item] ?? 0) / (count[item] ?? 1);
  for (const row of layers.rows) row.sort((a, b) => wanted(a) - wanted(b) || a - b);
  return layers;
}
