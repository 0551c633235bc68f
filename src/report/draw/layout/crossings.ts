import type { Layers } from './layers.ts';

/** How many pairs of links cross, between all neighbouring ranks. Barth, Jünger and Mutzel 2002; O(links · log items). */
export function crossings({ rows, left }: Layers, place: Int32Array): number {
  let count = 0;
  for (const [rank, row] of rows.entries()) {
    const width = rows[rank - 1]?.length ?? 0;
    if (width === 0) continue;
    const tree = new Int32Array(width + 1);
    let seen = 0;
    for (const item of row) {
      const [first, end] = [left.start[item] ?? 0, left.start[item + 1] ?? 0];
      for (let slot = first; slot < end; slot++) {
        const at = (place[left.items[slot] ?? 0] ?? 0) + 1;
        let before = 0;
        for (let node = at; node > 0; node -= node & -node) before += tree[node] ?? 0;
        count += seen - before;
      }
      for (let slot = first; slot < end; slot++) {
        const at = (place[left.items[slot] ?? 0] ?? 0) + 1;
        for (let node = at; node <= width; node += node & -node) tree[node] = (tree[node] ?? 0) + 1;
        seen++;
      }
    }
  }
  return count;
}
