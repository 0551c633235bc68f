import { type Item, layersOf, ranksOf } from './layers.ts';
import type { Box, Link, Picture } from './picture.ts';
import { placesOf } from './places.ts';

/** Where everything stands, in pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly bands: readonly DrawnBand[];
  /** By place in the picture's boxes: the left top corner. */
  readonly boxes: readonly Point[];
  /** Pieces of links: those that several links share are there once. */
  readonly strands: readonly Strand[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface DrawnBand {
  readonly name: string;
  readonly top: number;
  readonly height: number;
}

/** A curve from the dependent towards what it depends on: mostly from right to left. */
export interface Strand {
  readonly from: Point;
  readonly to: Point;
  /** How many references run along it. */
  readonly count: number;
  readonly orders: boolean;
  readonly cycle: boolean;
  /** It ends at a box: there is the arrow. */
  readonly arrow: boolean;
  /** The place of the box it leads to. */
  readonly target: number;
  /** Places of the boxes whose links run along it, at both ends. */
  readonly ends: ReadonlySet<number>;
}

export const boxWidth = 164;
export const boxHeight = 44;
const columnGap = 76;
const rowGap = 14;
const padding = 20;
const bandHead = 26;
const bandGap = 18;

/** Lays a picture out: a lane for each environment, one below the other, with common columns. */
export function layout(picture: Picture): Drawing {
  const ranks = ranksOf(picture.boxes.length, picture.links);
  const linked = new Set(picture.links.flatMap(({ from, to }) => [from, to]));
  const columns = columnCount(ranks, picture.boxes.length - linked.size);
  const corners: Point[] = new Array<Point>(picture.boxes.length).fill({ x: 0, y: 0 });
  const strands = new Map<string, Strand>();
  const bands: DrawnBand[] = [];
  let top = 0;
  for (const [name, members] of membersByBand(picture.boxes)) {
    const head = name === '' ? 0 : bandHead;
    const inner = drawBand(picture, ranks, members, linked, columns, top + head + padding);
    for (const [box, corner] of inner.corners) corners[box] = corner;
    for (const [key, strand] of inner.strands) strands.set(key, strand);
    const height = Math.ceil(head + inner.height + padding * 2);
    bands.push({ name, top, height });
    top += height + bandGap;
  }
  for (const link of picture.links) acrossBands(picture, link, corners, strands);
  return {
    width: columns * (boxWidth + columnGap) - columnGap + padding * 2,
    height: Math.max(0, top - bandGap),
    bands,
    boxes: corners,
    strands: [...strands.values()],
  };
}

function columnCount(ranks: readonly number[], alone: number): number {
  const deepest = ranks.reduce((most, rank) => Math.max(most, rank), 0) + 1;
  return Math.max(deepest, Math.min(5, Math.ceil(Math.sqrt(alone))), 2);
}

function membersByBand(boxes: readonly Box[]): ReadonlyMap<string, readonly number[]> {
  return Map.groupBy(boxes.keys(), (place) => boxes[place]?.band ?? '');
}

interface InnerBand {
  readonly height: number;
  readonly corners: ReadonlyMap<number, Point>;
  readonly strands: ReadonlyMap<string, Strand>;
}

function drawBand(
  picture: Picture,
  ranks: readonly number[],
  members: readonly number[],
  linked: ReadonlySet<number>,
  columns: number,
  top: number,
): InnerBand {
  const own = new Set(members);
  const links = picture.links.filter(({ from, to }) => own.has(from) && own.has(to));
  const connected = members.filter((box) => linked.has(box));
  const layers = layersOf(ranks, connected, links);
  const { y, height } = placesOf(layers, { boxHeight, gap: rowGap, waypointGap: 11 });
  const corners = new Map<number, Point>();
  for (const [item, middle] of y) {
    if (!item.waypoint) corners.set(item.box, { x: columnX(item.rank), y: Math.round(top + middle - boxHeight / 2) });
  }
  const strands = new Map<string, Strand>();
  for (const [place, route] of layers.routes.entries()) {
    const link = links[place];
    if (link !== undefined) addRoute(strands, link, route, (item) => Math.round(top + (y.get(item) ?? 0)));
  }
  const alone = members.filter((box) => !linked.has(box));
  const below = connected.length === 0 ? 0 : height + (alone.length > 0 ? rowGap * 2 : 0);
  for (const [place, box] of alone.entries()) {
    const row = Math.floor(place / columns);
    corners.set(box, { x: columnX(place % columns), y: Math.round(top + below + row * (boxHeight + rowGap)) });
  }
  const rows = Math.ceil(alone.length / columns);
  return { height: below + (rows > 0 ? rows * (boxHeight + rowGap) - rowGap : 0), corners, strands };
}

function columnX(rank: number): number {
  return padding + rank * (boxWidth + columnGap);
}

/**
 * A link as curves between its columns, and a straight piece across each column it passes. Curves that lead to one box from
 * the same place are one strand.
 */
function addRoute(
  strands: Map<string, Strand>,
  link: Link,
  route: readonly Item[],
  middle: (item: Item) => number,
): void {
  for (const [step, item] of route.entries()) {
    const next = route[step + 1];
    if (next === undefined || next.rank >= item.rank) continue;
    const from = { x: columnX(item.rank), y: middle(item) };
    const to = { x: columnX(next.rank) + boxWidth, y: middle(next) };
    put(strands, link, from, to, !next.waypoint);
    if (next.waypoint) put(strands, link, to, { x: columnX(next.rank), y: to.y }, false);
  }
}

/**
 * Links between lanes, and those that point to the right within a cycle: one curve. The latter leave on the right and arrive
 * on the left, a little lower than the others, so that both halves of a cycle are seen. Within a column it swings round on the
 * right.
 */
function acrossBands(picture: Picture, link: Link, corners: readonly Point[], strands: Map<string, Strand>): void {
  const [from, to] = [corners[link.from], corners[link.to]];
  if (from === undefined || to === undefined) return;
  const sameBand = picture.boxes[link.from]?.band === picture.boxes[link.to]?.band;
  if (sameBand && from.x > to.x) return;
  const middle = boxHeight / 2;
  const right = { x: from.x + boxWidth, y: from.y + middle };
  if (from.x < to.x) put(strands, link, { ...right, y: right.y + 11 }, { x: to.x, y: to.y + middle + 11 }, true);
  else {
    const start = from.x === to.x ? right : { x: from.x, y: from.y + middle };
    put(strands, link, start, { x: to.x + boxWidth, y: to.y + middle }, true);
  }
}

function put(strands: Map<string, Strand>, link: Link, from: Point, to: Point, arrow: boolean): void {
  const key = `${link.to} ${from.x},${from.y} ${to.x},${to.y}`;
  const old = strands.get(key);
  strands.set(key, {
    from,
    to,
    arrow,
    target: link.to,
    count: (old?.count ?? 0) + link.count,
    orders: link.orders && (old?.orders ?? true),
    cycle: link.cycle || old?.cycle === true,
    ends: new Set([...(old?.ends ?? []), link.from, link.to]),
  });
}
