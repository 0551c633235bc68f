import { connectedBoxes, type Ends } from './connected-boxes.ts';
import { heightsOf } from './heights.ts';
import { bundled, layersOf } from './layers.ts';
import { boxHeight, rowGap, waypointGap } from './measures.ts';
import { order } from './order.ts';
import { ranksOf } from './ranks.ts';

/** A part of a lane that stands by itself: columns from the left, tops in pixels, the topmost at 0. */
export interface Block {
  readonly columns: number;
  readonly height: number;
  readonly boxes: readonly { readonly box: number; readonly column: number; readonly top: number }[];
  /** Where links to a box pass a column. */
  readonly passes: readonly Pass[];
}

/** Every link to a box that comes through a column runs through it at this height. */
export interface Pass {
  readonly target: number;
  readonly column: number;
  readonly y: number;
}

export interface Blocks {
  /** One for each connected part. */
  readonly linked: readonly Block[];
  /** Boxes that nothing is connected with. */
  readonly alone: readonly number[];
}

/** Lays out each connected part of some boxes. */
export function blocksOf(boxes: number, links: readonly Ends[]): Blocks {
  const parts = connectedBoxes(boxes, links);
  const partOf = new Int32Array(boxes);
  for (const [part, members] of parts.entries()) for (const box of members) partOf[box] = part;
  const own = Map.groupBy(links, ({ from }) => partOf[from] ?? 0);
  const linked: Block[] = [];
  const alone: number[] = [];
  const local = new Int32Array(boxes);
  for (const [part, members] of parts.entries()) {
    const [first = 0] = members;
    if (members.length === 1) {
      alone.push(first);
      continue;
    }
    for (const [place, box] of members.entries()) local[box] = place;
    const ends = (own.get(part) ?? []).map(({ from, to }) => ({ from: local[from] ?? 0, to: local[to] ?? 0 }));
    linked.push(blockOf(members, ends));
  }
  return { linked, alone };
}

/** One connected part: ranks, order within them, heights. */
function blockOf(members: readonly number[], links: readonly Ends[]): Block {
  const ranks = ranksOf(members.length, links);
  // Ordered with waypoints of their own for each link, which crosses less; drawn with shared ones, which reads better.
  const apart = layersOf(members.length, ranks, links, false);
  order(apart);
  const layers = bundled(members.length, ranks, links, apart);
  const { middle, height } = heightsOf(layers, { boxHeight, gap: rowGap, waypointGap });
  return {
    columns: layers.rows.length,
    height: Math.ceil(height),
    boxes: members.map((box, place) => ({
      box,
      column: ranks[place] ?? 0,
      top: Math.round((middle[place] ?? 0) - boxHeight / 2),
    })),
    passes: passesOf(members, layers, middle),
  };
}

function passesOf(
  members: readonly number[],
  { boxes, rank, routes }: ReturnType<typeof layersOf>,
  middle: Float64Array,
): Pass[] {
  const passes = new Map<number, Pass>();
  for (const route of routes) {
    const target = members[route.at(-1) ?? 0] ?? 0;
    for (const item of route)
      if (item >= boxes && !passes.has(item))
        passes.set(item, { target, column: rank[item] ?? 0, y: Math.round(middle[item] ?? 0) });
  }
  return [...passes.values()];
}
