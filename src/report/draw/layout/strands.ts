import type { Link } from '../picture.ts';
import type { Point } from './ways.ts';

/** A piece of one or more lines: those that lead to one box from the same place run together. */
export interface Strand {
  readonly from: Point;
  readonly to: Point;
  /** How many references run along it. */
  readonly count: number;
  readonly orders: boolean;
  readonly cycle: boolean;
  readonly hint: boolean;
  readonly change: Link['change'];
  /** It ends at a box: there is the arrow. */
  readonly arrow: boolean;
  /** The place of the box it leads to. */
  readonly target: number;
  /** Places of the boxes whose links run along it, at both ends. */
  readonly ends: ReadonlySet<number>;
}

interface Growing extends Strand {
  count: number;
  orders: boolean;
  cycle: boolean;
  hint: boolean;
  change: Link['change'];
  readonly ends: Set<number>;
}

/** Lines taken apart where they part, in the order of the links. O(links · columns). */
export function strandsOf(links: readonly Link[], ways: readonly (readonly Point[])[]): Strand[] {
  const strands = new Map<string, Growing>();
  for (const [place, link] of links.entries()) {
    const way = ways[place] ?? [];
    for (let step = 1; step < way.length; step++) {
      const [from, to] = [way[step - 1], way[step]];
      if (from === undefined || to === undefined) continue;
      const key = `${link.to} ${from.x},${from.y} ${to.x},${to.y}`;
      const old = strands.get(key);
      if (old === undefined) {
        const { count, orders, cycle, change } = link;
        const arrow = step === way.length - 1;
        const ends = new Set([link.from, link.to]);
        const hint = link.strength === 'hint';
        strands.set(key, { from, to, count, orders, cycle, hint, change, arrow, target: link.to, ends });
        continue;
      }
      old.count += link.count;
      old.orders &&= link.orders;
      old.cycle ||= link.cycle;
      old.hint &&= link.strength === 'hint';
      if (old.change !== link.change) old.change = undefined;
      old.ends.add(link.from);
    }
  }
  return [...strands.values()];
}
