/** For each of some items a list of others, in compressed sparse rows: the list of `i` is `items[start[i] … start[i + 1] - 1]`. */
export interface Lists {
  readonly start: Int32Array;
  readonly items: Int32Array;
}

/** Lists from pairs of an owner and an item, in the order of the pairs. O(owners + pairs). */
export function listsOf(owners: number, owner: ArrayLike<number>, item: ArrayLike<number>): Lists {
  const start = new Int32Array(owners + 1);
  for (let pair = 0; pair < owner.length; pair++) bump(start, (owner[pair] ?? 0) + 1, 1);
  for (let one = 0; one < owners; one++) bump(start, one + 1, start[one] ?? 0);
  const next = start.slice();
  const items = new Int32Array(item.length);
  for (let pair = 0; pair < owner.length; pair++) {
    const slot = next[owner[pair] ?? 0] ?? 0;
    items[slot] = item[pair] ?? 0;
    next[owner[pair] ?? 0] = slot + 1;
  }
  return { start, items };
}

function bump(numbers: Int32Array, at: number, by: number): void {
  numbers[at] = (numbers[at] ?? 0) + by;
}
