import { byCodeUnit } from '../../../model/digest.ts';
import type { Picture } from '../picture.ts';
import type { Ends } from './connected-boxes.ts';

/** What stands in a lane: a box, or an open group with its members in a frame. */
export interface Item {
  readonly id: string;
  /** Place in the picture's boxes; −1 for an open group. */
  readonly box: number;
  /** Place in the picture's open groups; −1 for a box. */
  readonly frame: number;
}

export interface LaneItems {
  readonly name: string;
  /** Sorted by id. */
  readonly items: readonly Item[];
  /** Between items of the lane, each pair once. */
  readonly links: readonly Ends[];
}

/** What stands in which lane, lanes sorted by name. A group stands where it would if it were closed. */
export function itemsOf({ boxes, open, links }: Picture): readonly LaneItems[] {
  const lanes = new Map<string, Item[]>();
  const add = (band: string, item: Item): void => {
    const lane = lanes.get(band);
    if (lane === undefined) lanes.set(band, [item]);
    else lane.push(item);
  };
  for (const [box, { id, band, group }] of boxes.entries()) if (group === '') add(band, { id, box, frame: -1 });
  for (const [frame, { id, band }] of open.entries()) add(band, { id, box: -1, frame });
  const frameOf = new Map(open.map(({ id }, frame) => [id, frame]));
  const laneOfBox = new Array<string>(boxes.length);
  const placeOfBox = new Int32Array(boxes.length);
  const named = [...lanes].sort(([a], [b]) => byCodeUnit(a, b));
  const placeOfFrame = new Int32Array(open.length);
  for (const [, items] of named) {
    items.sort((a, b) => byCodeUnit(a.id, b.id));
    for (const [place, { box, frame }] of items.entries()) {
      if (box >= 0) placeOfBox[box] = place;
      else placeOfFrame[frame] = place;
    }
  }
  for (const [box, { band, group }] of boxes.entries()) {
    const frame = group === '' ? -1 : (frameOf.get(group) ?? -1);
    laneOfBox[box] = frame < 0 ? band : (open[frame]?.band ?? band);
    if (frame >= 0) placeOfBox[box] = placeOfFrame[frame] ?? 0;
  }
  const inLane = Map.groupBy(
    links.filter(({ from, to }) => laneOfBox[from] === laneOfBox[to]),
    ({ from }) => laneOfBox[from] ?? '',
  );
  return named.map(([name, items]) => {
    const pairs = new Map<number, Ends>();
    for (const link of inLane.get(name) ?? []) {
      const [from, to] = [placeOfBox[link.from] ?? 0, placeOfBox[link.to] ?? 0];
      if (from !== to) pairs.set(from * items.length + to, { from, to });
    }
    return { name, items, links: [...pairs.values()].sort((a, b) => a.from - b.from || a.to - b.to) };
  });
}
