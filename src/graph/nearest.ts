import { byCodeUnit } from '../model/digest.ts';

/**
 * The names nearest to one that was not found, best first: by edit distance, case and separators aside. What is more than
 * a third of the word away is no help and is left out.
 */
export function nearestNames(wanted: string, names: Iterable<string>, limit = 3): string[] {
  const target = plain(wanted);
  const bound = Math.max(1, Math.floor(target.length / 3));
  const scored: { readonly name: string; readonly distance: number }[] = [];
  for (const name of names) {
    const distance = distanceWithin(target, plain(name), bound);
    if (distance !== undefined) scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || byCodeUnit(a.name, b.name));
  return [...new Set(scored.map((one) => one.name))].slice(0, limit);
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll('_', '-');
}

/**
 * Optimal string alignment distance (Levenshtein plus swapped neighbours), or undefined beyond `bound`.
 * O(length × bound) by leaving early; Damerau 1964, in the restricted form.
 */
export function distanceWithin(a: string, b: string, bound: number): number | undefined {
  if (Math.abs(a.length - b.length) > bound) return undefined;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      next.push(cost);
      best = Math.min(best, cost);
    }
    if (best > bound) return undefined;
    before = row;
    row = next;
  }
  const distance = row[b.length] ?? 0;
  return distance <= bound ? distance : undefined;
}
