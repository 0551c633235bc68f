import { once } from '../../../model/once.ts';
import type { Link, Picture } from '../picture.ts';
import { columnsOf, shiftsOf } from './columns.ts';
import { countNew, type EarlierLane, type EarlierPlaces, isWorthKeeping, laneFromEarlier } from './earlier-places.ts';
import { type Frame, framesOf, memberRect } from './frames.ts';
import type { Rect } from './geometry.ts';
import { itemsOf, type LaneItems } from './items.ts';
import { type Lane, lanesOf } from './lane.ts';
import { boxHeight, boxWidth, head, laneGap, padding, waypointGap } from './measures.ts';
import { type Strand, strandsOf } from './strands.ts';
import { type Point, wallsOf, wayThrough } from './ways.ts';

/** Where everything stands, in pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly lanes: readonly DrawnLane[];
  /** By place in the picture's open groups. */
  readonly frames: readonly Rect[];
  /** By place in the picture's boxes. */
  readonly boxes: readonly Rect[];
  /** By place in the picture's links: corners of the way from the dependent to what it depends on, curves between them. */
  readonly ways: readonly (readonly Point[])[];
  /** The same in pieces: those that several links share are there once. */
  readonly strands: readonly Strand[];
  /** To be handed in with the next version of the picture. */
  readonly places: EarlierPlaces;
}

export interface DrawnLane {
  readonly name: string;
  readonly top: number;
  readonly height: number;
}

/**
 * Lays a picture out: a lane for each environment, one below the other, what is depended on to the left. After Sugiyama,
 * Tagawa and Toda 1981, own and small. Parts that nothing connects are laid out apart and packed. Deterministic: equal input,
 * equal picture. Handed the places of an earlier picture it keeps them while most of the boxes are the same.
 */
export function layout(picture: Picture, kept?: EarlierPlaces): Drawing {
  const items = itemsOf(picture);
  const ids = new Map(items.map(({ name, items: own }) => [name, own.map(({ id }) => id)]));
  const keeps = kept !== undefined && isWorthKeeping(kept, ids) ? kept : undefined;
  const laid =
    keeps === undefined
      ? lanesOf(items.map(({ items: own, links }) => ({ boxes: own.length, links })))
      : items.map(({ name, links }) => laneFromEarlier(laneIn(keeps, name), ids.get(name) ?? [], links));
  const lanes = items.map((of, place) => ({ of, lane: laid[place] ?? { column: [], top: [], passes: [] } }));
  const stood = standing(picture, lanes, framesOf(picture));
  const ways = picture.links.map((link) => wayOf(link, stood));
  return {
    width: stood.width,
    height: Math.max(0, ...stood.lanes.map(({ top, height }) => top + height)),
    lanes: stood.lanes,
    frames: stood.frames,
    boxes: stood.boxes,
    ways,
    strands: strandsOf(picture.links, ways),
    places: {
      lanes: Object.fromEntries(
        lanes.map(({ of, lane }) => [
          of.name,
          placesIn(of, lane, keeps === undefined ? undefined : laneIn(keeps, of.name)),
        ]),
      ),
      added: keeps === undefined ? 0 : keeps.added + countNew(keeps, ids),
    },
  };
}

function laneIn(kept: EarlierPlaces, name: string): EarlierLane | undefined {
  return Object.hasOwn(kept.lanes, name) ? kept.lanes[name] : undefined;
}

/** What is gone keeps its place until all is laid out anew: an earlier version is drawn as it was. */
function placesIn({ items }: LaneItems, { column, top, passes }: Lane, before: EarlierLane | undefined): EarlierLane {
  const own = Map.groupBy(passes, ({ target }) => items[target]?.id ?? '');
  return {
    boxes: {
      ...before?.boxes,
      ...Object.fromEntries(items.map(({ id }, place) => [id, [column[place] ?? 0, top[place] ?? 0] as const])),
    },
    passes: {
      ...before?.passes,
      ...Object.fromEntries([...own].map(([id, some]) => [id, some.map(({ column: at, y }) => [at, y] as const)])),
    },
  };
}

interface Standing {
  readonly width: number;
  readonly lanes: readonly DrawnLane[];
  readonly frames: readonly Rect[];
  readonly boxes: readonly Rect[];
  readonly laneOf: Int32Array;
  /** Of a box that stands in its lane by itself, else −1. */
  readonly columnOf: Int32Array;
  readonly walls: readonly (() => ReturnType<typeof wallsOf>)[];
  /** The corners between which lines to a box pass a column. */
  readonly passOf: (box: number, column: number) => readonly [right: Point, left: Point] | undefined;
  /** The right end of a column. */
  readonly edgeOf: (column: number) => number;
}

function standing(
  picture: Picture,
  lanes: readonly { readonly lane: Lane; readonly of: LaneItems }[],
  frames: readonly Frame[],
): Standing {
  const columns = columnsOf(lanes, frames);
  const boxes = new Array<Rect>(picture.boxes.length).fill({ x: 0, y: 0, w: boxWidth, h: boxHeight });
  const frameRects = frames.map(({ w, h }): Rect => ({ x: 0, y: 0, w, h }));
  const laneOf = new Int32Array(picture.boxes.length);
  const columnOf = new Int32Array(picture.boxes.length).fill(-1);
  const passes = new Map<string, readonly [Point, Point]>();
  const drawn: DrawnLane[] = [];
  let top = 0;
  for (const [place, { lane, of }] of lanes.entries()) {
    const inner = top + (of.name === '' ? 0 : head) + padding;
    const shift = shiftsOf(lane, of, frames);
    let bottom = inner;
    for (const [at, { box, frame }] of of.items.entries()) {
      const column = lane.column[at] ?? 0;
      const y = inner + (lane.top[at] ?? 0) + shift(column, lane.top[at] ?? 0);
      const x = columns.left[column] ?? 0;
      const rect = { x, y, w: boxWidth, h: boxHeight };
      if (box >= 0) {
        boxes[box] = rect;
        laneOf[box] = place;
        columnOf[box] = column;
        bottom = Math.max(bottom, y + boxHeight);
        continue;
      }
      const opened = frames[frame];
      if (opened === undefined) continue;
      const around = { x, y, w: opened.w, h: opened.h };
      frameRects[frame] = around;
      for (const member of opened.members) {
        boxes[member.box] = memberRect(member, around);
        laneOf[member.box] = place;
      }
      bottom = Math.max(bottom, y + opened.h);
    }
    for (const { target, column, y } of lane.passes) {
      const box = of.items[target]?.box ?? -1;
      const at = inner + y + shift(column, y);
      const corners = [
        { x: columns.right[column] ?? 0, y: at },
        { x: columns.left[column] ?? 0, y: at },
      ] as const;
      if (box < 0) continue;
      passes.set(`${box} ${column}`, corners);
      // An open group may push a line below all boxes.
      bottom = Math.max(bottom, at + waypointGap);
    }
    drawn.push({ name: of.name, top, height: bottom + padding - top });
    top = bottom + padding + laneGap;
  }
  return {
    width: (columns.right.at(-1) ?? padding) + padding,
    lanes: drawn,
    frames: frameRects,
    boxes,
    laneOf,
    columnOf,
    walls: lanes.map((_, place) => once(() => wallsOf(boxes.filter((__, box) => laneOf[box] === place)))),
    passOf: (box, column) => passes.get(`${box} ${column}`),
    edgeOf: (column) => columns.right[column] ?? 0,
  };
}

/**
 * The way of a link. Within a lane it passes the columns between as the layout says, or through the nearest gaps where it says
 * nothing. Between lanes it runs level until it is beside its end. One that points to the right, as within a cycle, leaves on
 * the right and arrives on the left, a little lower than the others, so that both halves of a cycle are seen; within a column
 * it swings round on the right.
 */
function wayOf({ from, to }: Link, stood: Standing): Point[] {
  const [a, b] = [stood.boxes[from], stood.boxes[to]];
  if (a === undefined || b === undefined) return [];
  const start = { x: a.x, y: a.y + a.h / 2 };
  const end = { x: b.x + b.w, y: b.y + b.h / 2 };
  if (a.x < b.x) {
    return [
      { x: a.x + a.w, y: start.y + 11 },
      { x: b.x, y: end.y + 11 },
    ];
  }
  if (start.x < end.x) return [{ x: a.x + a.w, y: start.y }, end];
  const lane = stood.laneOf[from] ?? 0;
  if (lane !== stood.laneOf[to]) {
    const way = wayThrough(stood.walls[lane]?.() ?? [], start, { x: end.x, y: start.y });
    return [...way.slice(0, -1), end];
  }
  return plannedWay(start, end, from, to, stood) ?? wayThrough(stood.walls[lane]?.() ?? [], start, end);
}

function plannedWay(start: Point, end: Point, from: number, to: number, stood: Standing): Point[] | undefined {
  const [first, last] = [stood.columnOf[from] ?? -1, stood.columnOf[to] ?? -1];
  if (first < 0 || last < 0) return undefined;
  const way: Point[] = [start];
  for (let column = first - 1; column > last; column--) {
    const corners = stood.passOf(to, column);
    if (corners === undefined) return undefined;
    way.push(...corners);
  }
  // Beside an open group a column is wider than its boxes.
  const edge = stood.edgeOf(last);
  if (edge > end.x) way.push({ x: edge, y: end.y });
  way.push(end);
  return way;
}
