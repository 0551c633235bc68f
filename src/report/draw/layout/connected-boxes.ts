/** A link between boxes by their places, from the dependent to what it depends on. */
export interface Ends {
  readonly from: number;
  readonly to: number;
}

/** Sets of boxes that links connect, sorted within and by their first box. Union-find; O(boxes + links). */
export function connectedBoxes(boxes: number, links: readonly Ends[]): number[][] {
  const parent = Int32Array.from({ length: boxes }, (_, box) => box);
  const find = (box: number): number => {
    let root = box;
    for (let up = parent[root] ?? root; up !== root; up = parent[root] ?? root) root = up;
    for (let at = box; at !== root; ) {
      const up = parent[at] ?? root;
      parent[at] = root;
      at = up;
    }
    return root;
  };
  for (const { from, to } of links) {
    const [a, b] = [find(from), find(to)];
    // The smaller is the root, so that a part is known by its first box.
    if (a !== b) parent[Math.max(a, b)] = Math.min(a, b);
  }
  const parts = new Map<number, number[]>();
  for (let box = 0; box < boxes; box++) {
    const root = find(box);
    const part = parts.get(root);
    if (part === undefined) parts.set(root, [box]);
    else part.push(box);
  }
  return [...parts.values()];
}
