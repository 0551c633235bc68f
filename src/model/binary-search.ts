/**
 * The first of so many places of which something is not true that is true of all before it: in a sorted list, the first that does
 * not stand before what is looked for.
 *
 * @param from everything before this place is known to be true
 */
export function firstNot(size: number, isBefore: (place: number) => boolean, from = 0): number {
  let low = from;
  for (let high = size; low < high; ) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
