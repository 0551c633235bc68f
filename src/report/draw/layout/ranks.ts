import type { Ends } from './connected-boxes.ts';
import { type Lists, listsOf } from './lists.ts';

/**
 * Ranks by longest path to what a box rests on; only one that rests on nothing moves right, until it stands just before its
 * first reader: it would be at the far left with long links else. Links within a cycle that point the wrong way are left out.
 * O(boxes + links).
 */
export function ranksOf(boxes: number, links: readonly Ends[]): Int32Array {
  const from = links.map((link) => link.from);
  const to = links.map((link) => link.to);
  const out = listsOf(boxes, from, to);
  const { order, place } = topological(boxes, out);
  const ranks = new Int32Array(boxes);
  for (const box of order) {
    let rank = 0;
    for (const end of forward(out, box, place)) rank = Math.max(rank, (ranks[end] ?? 0) + 1);
    ranks[box] = rank;
  }
  const readers = listsOf(boxes, to, from);
  for (const box of order) {
    if ((out.start[box + 1] ?? 0) > (out.start[box] ?? 0)) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let slot = readers.start[box] ?? 0; slot < (readers.start[box + 1] ?? 0); slot++)
      nearest = Math.min(nearest, ranks[readers.items[slot] ?? 0] ?? 0);
    if (Number.isFinite(nearest)) ranks[box] = Math.max(0, nearest - 1);
  }
  return ranks;
}

/** What a box depends on and what comes before it. */
function* forward({ start, items }: Lists, box: number, place: Int32Array): Generator<number> {
  for (let slot = start[box] ?? 0; slot < (start[box + 1] ?? 0); slot++) {
    const end = items[slot] ?? 0;
    if ((place[end] ?? 0) < (place[box] ?? 0)) yield end;
  }
}

/** Boxes with what they depend on first, as far as there are no cycles: depth-first, with a stack of its own. */
function topological(boxes: number, out: Lists): { readonly order: readonly number[]; readonly place: Int32Array } {
  const seen = new Uint8Array(boxes);
  const next = out.start.slice();
  const place = new Int32Array(boxes);
  const order: number[] = [];
  const stack: number[] = [];
  for (let root = 0; root < boxes; root++) {
    if (seen[root] === 1) continue;
    seen[root] = 1;
    stack.push(root);
    for (let box = stack.at(-1); box !== undefined; box = stack.at(-1)) {
      const slot = next[box] ?? 0;
      if (slot >= (out.start[box + 1] ?? 0)) {
        place[box] = order.length;
        order.push(box);
        stack.pop();
        continue;
      }
      next[box] = slot + 1;
      const end = out.items[slot] ?? 0;
      if (seen[end] === 1) continue;
      seen[end] = 1;
      stack.push(end);
    }
  }
  return { order, place };
}
