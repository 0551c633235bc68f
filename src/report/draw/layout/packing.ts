/** What is to be packed: so many columns wide, so many pixels high. */
export interface Parcel {
  readonly columns: number;
  readonly height: number;
}

export interface Packed {
  /** By parcel. */
  readonly spots: readonly { readonly column: number; readonly top: number }[];
  /** Of every column, where the next thing could stand. */
  readonly floor: readonly number[];
}

/**
 * Puts parcels under each other in columns, the highest first, each where it comes to stand highest, then leftmost. The
 * columns are as wide for all, so that a part begins where others do. O(parcels · columns · width of a parcel).
 */
export function pack(parcels: readonly Parcel[], columns: number, gap: number): Packed {
  const floor = new Array<number>(columns).fill(0);
  const spots = parcels.map(() => ({ column: 0, top: 0 }));
  const highestFirst = [...parcels.keys()].sort(
    (a, b) => (parcels[b]?.height ?? 0) - (parcels[a]?.height ?? 0) || a - b,
  );
  for (const parcel of highestFirst) {
    const { columns: wide, height } = parcels[parcel] ?? { columns: 1, height: 0 };
    let best = { column: 0, top: Number.POSITIVE_INFINITY };
    for (let column = 0; column + wide <= columns; column++) {
      let top = 0;
      for (let at = column; at < column + wide; at++) top = Math.max(top, floor[at] ?? 0);
      if (top < best.top) best = { column, top };
    }
    spots[parcel] = best;
    for (let at = best.column; at < best.column + wide; at++) floor[at] = best.top + height + gap;
  }
  return { spots, floor };
}
