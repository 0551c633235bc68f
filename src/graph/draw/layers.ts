/**
 * Layered layout after Sugiyama, Tagawa and Toda 1981, own and small: ranks by longest path, order within a rank by
 * barycentre sweeps, places by isotonic regression. What is depended on stands on the left. Deterministic: equal input, equal
 * picture; the first order is the input's, so a small change moves little.
 *
 * A link over several ranks runs through *waypoints*, and links to one box share theirs: they run together and part where
 * they must, which is what keeps sixty boxes legible.
 */
export interface LayerLink {
  readonly from: number;
  readonly to: number;
}

/** Ranks and, by rank, the items in it: boxes, and waypoints of links that pass. */
export interface Layers {
  readonly ranks: readonly (readonly Item[])[];
  /** Each link as the items it runs through, from the dependent to what it depends on. */
  readonly routes: readonly (readonly Item[])[];
}

export interface Item {
  /** The box, or the box that the links of a waypoint lead to. */
  readonly box: number;
  readonly waypoint: boolean;
  readonly rank: number;
  /** Neighbours one rank to the left (towards what is depended on) and to the right. */
  readonly left: Set<Item>;
  readonly right: Set<Item>;
}

const sweeps = 8;

/** The items of some boxes and the links between them, ordered within their ranks. */
export function layersOf(ranks: readonly number[], members: readonly number[], links: readonly LayerLink[]): Layers {
  const items = new Map<number, Item>();
  const rows: Item[][] = [];
  const place = (item: Item): Item => {
    let row = rows[item.rank];
    if (row === undefined) {
      row = [];
      rows[item.rank] = row;
    }
    row.push(item);
    return item;
  };
  for (const box of members) items.set(box, place(newItem(box, false, ranks[box] ?? 0)));
  const waypoints = new Map<string, Item>();
  const waypoint = (box: number, rank: number): Item => {
    const key = `${box} ${rank}`;
    let item = waypoints.get(key);
    if (item === undefined) {
      item = place(newItem(box, true, rank));
      waypoints.set(key, item);
    }
    return item;
  };
  const routes = links.map(({ from, to }) => {
    const [start, end] = [items.get(from), items.get(to)];
    if (start === undefined || end === undefined) return [];
    const route = [start];
    for (let rank = start.rank - 1; rank > end.rank; rank--) route.push(waypoint(to, rank));
    route.push(end);
    for (const [step, item] of route.entries()) {
      const next = route[step + 1];
      if (next === undefined || next.rank >= item.rank) continue;
      item.left.add(next);
      next.right.add(item);
    }
    return route;
  });
  const filled = Array.from({ length: rows.length }, (_, rank) => rows[rank] ?? []);
  return { ranks: ordered(filled), routes };
}

function newItem(box: number, waypoint: boolean, rank: number): Item {
  return { box, waypoint, rank, left: new Set(), right: new Set() };
}

/**
 * Ranks by longest path to what a box rests on; then each box moves right until it stands beside its nearest dependent, so
 * that links are short. Links within a cycle that point the wrong way are left out. O(boxes + links).
 */
export function ranksOf(boxes: number, links: readonly LayerLink[]): number[] {
  const { order, forward } = topological(boxes, links);
  const ranks = new Array<number>(boxes).fill(0);
  const out = Map.groupBy(forward, (link) => link.from);
  const into = Map.groupBy(forward, (link) => link.to);
  for (const box of order) {
    for (const { to } of out.get(box) ?? []) ranks[box] = Math.max(ranks[box] ?? 0, (ranks[to] ?? 0) + 1);
  }
  for (const box of order.toReversed()) {
    const nearest = Math.min(...(into.get(box) ?? []).map(({ from }) => ranks[from] ?? 0));
    if (Number.isFinite(nearest)) ranks[box] = Math.max(ranks[box] ?? 0, nearest - 1);
  }
  return ranks;
}

/** Boxes with what they depend on first, and the links that agree with it: depth-first, those that close a cycle left out. */
function topological(
  boxes: number,
  links: readonly LayerLink[],
): { readonly order: readonly number[]; readonly forward: readonly LayerLink[] } {
  const out = Map.groupBy(links, (link) => link.from);
  const state = new Uint8Array(boxes);
  const order: number[] = [];
  const forward: LayerLink[] = [];
  for (let root = 0; root < boxes; root++) {
    const stack = state[root] === 0 ? [{ box: root, next: 0 }] : [];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      state[top.box] = 1;
      const link = (out.get(top.box) ?? [])[top.next++];
      if (link === undefined) {
        state[top.box] = 2;
        order.push(top.box);
        stack.pop();
        continue;
      }
      if (state[link.to] !== 1) forward.push(link);
      if (state[link.to] === 0) stack.push({ box: link.to, next: 0 });
    }
  }
  return { order, forward };
}

/** Barycentre sweeps, to the right and back; the order with the fewest crossings is kept. */
function ordered(rows: readonly (readonly Item[])[]): Item[][] {
  let current = rows.map((row) => [...row]);
  let best = current;
  let fewest = crossings(current);
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const toRight = sweep % 2 === 0;
    current = swept(current, toRight);
    const count = crossings(current);
    if (count < fewest) [best, fewest] = [current, count];
  }
  return best.map((row) => [...row]);
}

function swept(rows: readonly (readonly Item[])[], toRight: boolean): Item[][] {
  const next = rows.map((row) => [...row]);
  const places = new Map<Item, number>();
  const ranks = toRight ? next.keys() : [...next.keys()].reverse();
  for (const rank of ranks) {
    const row = next[rank] ?? [];
    const wanted = new Map(
      row.map((item, place) => [item, barycentre(toRight ? item.left : item.right, places, place)]),
    );
    row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
    // As a share of the column, so that short and long columns compare.
    for (const [place, item] of row.entries()) places.set(item, (place + 0.5) / row.length);
    next[rank] = row;
  }
  return next;

  function barycentre(neighbours: ReadonlySet<Item>, at: ReadonlyMap<Item, number>, place: number): number {
    if (neighbours.size === 0) return (place + 0.5) / Math.max(1, (next[0] ?? []).length, place + 1);
    let sum = 0;
    for (const item of neighbours) sum += at.get(item) ?? 0;
    return sum / neighbours.size;
  }
}

/** How many pairs of links cross, between all neighbouring ranks. O(links²) a pair of ranks, small at what can be drawn. */
function crossings(rows: readonly (readonly Item[])[]): number {
  let count = 0;
  for (const [rank, row] of rows.entries()) {
    const below = new Map((rows[rank - 1] ?? []).map((item, place) => [item, place]));
    const pairs: (readonly [number, number])[] = [];
    for (const [place, item] of row.entries()) for (const left of item.left) pairs.push([place, below.get(left) ?? 0]);
    for (let a = 0; a < pairs.length; a++) {
      for (let b = a + 1; b < pairs.length; b++) {
        const [one, two] = [pairs[a] ?? [0, 0], pairs[b] ?? [0, 0]];
        if ((one[0] - two[0]) * (one[1] - two[1]) < 0) count++;
      }
    }
  }
  return count;
}
