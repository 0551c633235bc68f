import type { Picture } from '../picture.ts';
import type { Rect } from './geometry.ts';
import { lanesOf } from './lane.ts';
import { boxHeight, boxWidth, columnStep, head, padding } from './measures.ts';

/** An open group: its size, and where its members stand in it. */
export interface Frame {
  readonly w: number;
  readonly h: number;
  readonly members: readonly { readonly box: number; readonly x: number; readonly y: number }[];
}

/** Lays out the members of each open group. */
export function framesOf({ boxes, open, links }: Picture): Frame[] {
  if (open.length === 0) return [];
  const membersOf = Map.groupBy(boxes.keys(), (box) => boxes[box]?.group ?? '');
  return open.map(({ id }) => {
    const members = membersOf.get(id) ?? [];
    const local = new Map(members.map((box, place) => [box, place]));
    const own = links.flatMap(({ from, to }) => {
      const [a, b] = [local.get(from), local.get(to)];
      return a === undefined || b === undefined ? [] : [{ from: a, to: b }];
    });
    const [lane] = lanesOf([{ boxes: members.length, links: own }]);
    const { column = [], top = [] } = lane ?? {};
    const placed = members.map((box, place) => ({
      box,
      x: padding + (column[place] ?? 0) * columnStep,
      y: head + padding + (top[place] ?? 0),
    }));
    return {
      w: Math.max(0, ...placed.map(({ x }) => x + boxWidth)) + padding,
      h: Math.max(head, ...placed.map(({ y }) => y + boxHeight)) + padding,
      members: placed,
    };
  });
}

/** The rectangle of a member whose frame stands somewhere. */
export function memberRect({ x, y }: Frame['members'][number], frame: Rect): Rect {
  return { x: frame.x + x, y: frame.y + y, w: boxWidth, h: boxHeight };
}
