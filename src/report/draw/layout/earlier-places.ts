import type { Ends } from './connected-boxes.ts';
import type { Lane } from './lane.ts';
import { boxHeight, columnStep, rowGap } from './measures.ts';

/** Where things of a lane stood: columns, and pixels from the top of the lane. By id. */
export interface EarlierLane {
  readonly boxes: Readonly<Record<string, readonly [column: number, top: number]>>;
  /** Where links to a box pass columns, by the box. */
  readonly passes: Readonly<Record<string, readonly (readonly [column: number, y: number])[]>>;
}

/** Where everything of a picture stands, to be handed in when the next one is laid out. Plain data. */
export interface EarlierPlaces {
  readonly lanes: Readonly<Record<string, EarlierLane>>;
  /** How many boxes came since all was laid out. */
  readonly added: number;
}

/** Boxes that may be new before everything is laid out anew: one in twenty, at least one. */
const mostNew = 0.05;
/** Kept boxes that may be gone before everything is laid out anew. */
const mostGone = 0.25;

/**
 * Whether places are worth keeping. New boxes in free slots cost crossings: little up to one in twenty, much beyond; so then
 * everything moves once, and stands still again.
 */
export function isWorthKeeping(kept: EarlierPlaces, lanes: ReadonlyMap<string, readonly string[]>): boolean {
  let here = 0;
  let fresh = 0;
  let stood = 0;
  for (const [name, ids] of lanes) {
    const lane = Object.hasOwn(kept.lanes, name) ? kept.lanes[name] : undefined;
    here += ids.length;
    fresh += ids.filter((id) => lane === undefined || !Object.hasOwn(lane.boxes, id)).length;
  }
  for (const lane of Object.values(kept.lanes)) stood += Object.keys(lane.boxes).length;
  const gone = stood - (here - fresh);
  return fresh + kept.added <= Math.max(1, here * mostNew) && gone <= Math.max(1, stood * mostGone);
}

/** How many boxes of a picture are new to kept places. */
export function countNew(kept: EarlierPlaces, lanes: ReadonlyMap<string, readonly string[]>): number {
  let fresh = 0;
  for (const [name, ids] of lanes) {
    const lane = Object.hasOwn(kept.lanes, name) ? kept.lanes[name] : undefined;
    fresh += ids.filter((id) => lane === undefined || !Object.hasOwn(lane.boxes, id)).length;
  }
  return fresh;
}

/** A lane with its boxes where they stood, and each new one in the free slot that is nearest to where it belongs. */
export function laneFromEarlier(kept: EarlierLane | undefined, ids: readonly string[], links: readonly Ends[]): Lane {
  const column = new Array<number>(ids.length).fill(-1);
  const top = new Array<number>(ids.length).fill(0);
  const taken = new Map<number, number[]>();
  const take = (box: number, at: number, y: number): void => {
    column[box] = at;
    top[box] = y;
    const tops = taken.get(at);
    if (tops === undefined) taken.set(at, [y]);
    else tops.push(y);
  };
  const fresh: number[] = [];
  for (const [box, id] of ids.entries()) {
    const place = kept !== undefined && Object.hasOwn(kept.boxes, id) ? kept.boxes[id] : undefined;
    if (place === undefined) fresh.push(box);
    else take(box, place[0], place[1]);
  }
  for (const box of byNeed(fresh, links, column)) {
    const [at, y] = nearestFree(wantedFor(box, links, column, top), taken);
    take(box, at, y);
  }
  const passes = ids.flatMap((id, target) => {
    const known = kept !== undefined && Object.hasOwn(kept.passes, id) ? (kept.passes[id] ?? []) : [];
    return known.map(([at, y]) => ({ target, column: at, y }));
  });
  return { column, top, passes };
}

/** New boxes with those first that are linked to what has a place. */
function byNeed(fresh: readonly number[], links: readonly Ends[], column: readonly number[]): number[] {
  const placed = (box: number): boolean => (column[box] ?? -1) >= 0;
  const near = new Set<number>();
  for (const { from, to } of links) {
    if (placed(from)) near.add(to);
    if (placed(to)) near.add(from);
  }
  return [...fresh].sort((a, b) => Number(near.has(b)) - Number(near.has(a)) || a - b);
}

interface Wanted {
  readonly column: number;
  readonly top: number;
  /** Columns that are right of all it depends on, and left of all that use it. */
  readonly least: number;
  readonly most: number;
}

/** Just right of what it depends on, else just left of who uses it; at the middle height of both. */
function wantedFor(box: number, links: readonly Ends[], column: readonly number[], top: readonly number[]): Wanted {
  let least = 0;
  let most = Number.POSITIVE_INFINITY;
  let dependsOn = false;
  const tops: number[] = [];
  for (const { from, to } of links) {
    const other = from === box ? to : to === box ? from : -1;
    const at = column[other] ?? -1;
    if (other === box || at < 0) continue;
    tops.push(top[other] ?? 0);
    if (from === box) {
      least = Math.max(least, at + 1);
      dependsOn = true;
    } else most = Math.min(most, at - 1);
  }
  const bottom = Math.max(0, ...top.filter((_, one) => (column[one] ?? -1) >= 0));
  const at = dependsOn ? least : Number.isFinite(most) ? Math.max(0, most) : 0;
  return { column: at, top: tops.length === 0 ? bottom : middle(tops), least, most: Math.max(least, most) };
}

function middle(values: readonly number[]): number {
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}

/** What standing on the wrong side of a neighbour costs, in pixels. */
const wrongSide = 600;

function nearestFree(wanted: Wanted, taken: ReadonlyMap<number, readonly number[]>): [column: number, top: number] {
  let best: [column: number, top: number] = [wanted.column, 0];
  let least = Number.POSITIVE_INFINITY;
  const last = Math.max(wanted.column, ...taken.keys()) + 1;
  for (let column = 0; column <= last; column++) {
    const wrong = column < wanted.least || column > wanted.most ? wrongSide : 0;
    const across = Math.abs(column - wanted.column) * columnStep;
    if (across + wrong >= least) continue;
    const top = freeTop(taken.get(column) ?? [], wanted.top);
    const cost = across + wrong + Math.abs(top - wanted.top);
    if (cost < least) [best, least] = [[column, top], cost];
  }
  return best;
}

/** The height nearest to the wanted one at which a box fits between others of its column. */
function freeTop(tops: readonly number[], wanted: number): number {
  const step = boxHeight + rowGap;
  const fits = (top: number): boolean => top >= 0 && tops.every((other) => Math.abs(other - top) >= step);
  const candidates = [Math.max(0, wanted), ...tops.flatMap((top) => [top - step, top + step])].filter(fits);
  candidates.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted) || a - b);
  return candidates[0] ?? Math.max(0, ...tops) + step;
}
