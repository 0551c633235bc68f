import { numberSection, type Section, type SectionFile } from '../graph/section-file.ts';

/** Which components read a file, or list a folder (`path`, `path/`, `path/**`). */
export interface ReaderIndex {
  get(place: string): readonly string[] | undefined;
  [Symbol.iterator](): Iterator<readonly [place: string, readers: readonly string[]]>;
}

/**
 * The index as sections of a kept view: places in order, one after another, and for each the numbers of its readers in the
 * graph. A question asks for a few of a hundred thousand places, so only what it asks for is read: O(log places) each.
 */
export function readerSections(readers: ReaderIndex, ids: readonly string[]): ReadonlyMap<string, Section> {
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const entries = [...readers].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const places = entries.map(([place]) => Buffer.from(place));
  const known = entries.map(([, list]) => list.flatMap((id) => numbers.get(id) ?? []));
  return new Map<string, Section>([
    ['readers.places', { kind: 'blocks', bytes: Buffer.concat(places) }],
    ['readers.starts', numberSection(startsOf(places))],
    ['readers.lists', numberSection(startsOf(known))],
    ['readers.ids', numberSection(Uint32Array.from(known.flat()))],
  ]);
}

/** Where each of several parts begins, and where the last one ends. */
function startsOf(parts: readonly { readonly length: number }[]): Uint32Array {
  const starts = new Uint32Array(parts.length + 1);
  for (const [at, { length }] of parts.entries()) starts[at + 1] = (starts[at] ?? 0) + length;
  return starts;
}

/** @throws KARMA_DATA_CORRUPT */
export function readersFromSections(file: SectionFile, ids: readonly string[]): ReaderIndex {
  const text = file.blocks('readers.places');
  const starts = file.numbers('readers.starts');
  const lists = file.numbers('readers.lists');
  const numbers = file.numbers('readers.ids');
  const count = starts.length - 1;
  const placeAt = (at: number): string => text.read(starts[at] ?? 0, starts[at + 1] ?? 0);
  const readersAt = (at: number): string[] =>
    Array.from(numbers.subarray(lists[at] ?? 0, lists[at + 1] ?? 0), (number) => ids[number] ?? '');
  return {
    get: (place) => {
      let [low, high] = [0, count - 1];
      while (low <= high) {
        const middle = (low + high) >> 1;
        const found = placeAt(middle);
        if (found === place) return readersAt(middle);
        if (found < place) low = middle + 1;
        else high = middle - 1;
      }
      return undefined;
    },
    *[Symbol.iterator]() {
      for (let at = 0; at < count; at++) yield [placeAt(at), readersAt(at)] as const;
    },
  };
}
