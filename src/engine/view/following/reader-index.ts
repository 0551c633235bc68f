import { numberSection, type Section, type SectionFile } from '../../../graph/section-file.ts';
import { TextBuffer } from '../../../graph/text-buffer.ts';
import { firstNot } from '../../../model/binary-search.ts';
import type { ComponentId } from '../../../model/component.ts';
import { fnv1a } from '../../../model/fnv.ts';
import type { PlaceIndex } from './places.ts';

/** Which components read a file, or list a folder (`path`, `path/`, `path/**`). */
export interface ReaderIndex {
  get(place: string): readonly string[] | undefined;
  [Symbol.iterator](): Iterator<readonly [place: string, readers: readonly string[]]>;
}

/**
 * A place index as sections of a cached view. A question asks for the readers of a few of a hundred thousand places, so names
 * are found by their hashes and read one by one.
 */
export function placeSections({ names, digests, readerStart, readers }: PlaceIndex): ReadonlyMap<string, Section> {
  const texts = new TextBuffer(names.length * 64 + 64);
  const ends = Uint32Array.from(names, (name) => texts.append(name));
  // Hash and place fit into the 53 bits of a number.
  const sorted = Float64Array.from(names, (name, place) => fnv1a(name) * placesAtMost + place).sort();
  return new Map<string, Section>([
    ['places', { kind: 'blocks', bytes: texts.bytes }],
    ['place-ends', numberSection(ends)],
    ['place-hashes', numberSection(Uint32Array.from(sorted, (one) => Math.floor(one / placesAtMost)))],
    ['place-order', numberSection(Uint32Array.from(sorted, (one) => one % placesAtMost))],
    ['place-digests', { kind: 'whole', bytes: Buffer.from(digests.join('\0')) }],
    ['reader-start', numberSection(readerStart)],
    ['readers', numberSection(readers)],
  ]);
}

const placesAtMost = 2 ** 21;

/** @throws KARMA_DATA_CORRUPT */
export function placesFrom(file: SectionFile, ids: readonly ComponentId[]): PlaceIndex {
  const texts = file.blocks('places');
  const ends = file.numbers('place-ends');
  const all = texts.read(0, ends.at(-1) ?? 0);
  // Where bytes are characters, ends count both.
  const isPlain = all.length === (ends.at(-1) ?? 0);
  const part = (start: number, end: number) => (isPlain ? all.slice(start, end) : texts.read(start, end));
  const names = Array.from(ends, (end, at) => part(at === 0 ? 0 : (ends[at - 1] ?? 0), end));
  return {
    names,
    digests: names.length === 0 ? [] : file.text('place-digests').split('\0'),
    readerStart: file.numbers('reader-start'),
    readers: file.numbers('readers'),
    ids,
  };
}

/**
 * Readers as a cached view tells them.
 * @param changed places that components read now, by id; none of one that is gone
 * @throws KARMA_DATA_CORRUPT
 */
export function cachedReaders(
  file: SectionFile,
  ids: readonly ComponentId[],
  changed: ReadonlyMap<ComponentId, readonly string[]> = new Map(),
): ReaderIndex {
  const texts = file.blocks('places');
  const [ends, hashes, order] = [file.numbers('place-ends'), file.numbers('place-hashes'), file.numbers('place-order')];
  const [starts, readers] = [file.numbers('reader-start'), file.numbers('readers')];
  const nameAt = (place: number) => texts.read(place === 0 ? 0 : (ends[place - 1] ?? 0), ends[place] ?? 0);
  const fresh = new Map<string, ComponentId[]>();
  for (const [id, names] of changed) for (const name of names) addTo(fresh, name, [id]);
  const placeOf = (name: string): number | undefined => {
    const hash = fnv1a(name);
    for (let at = lowerBound(hashes, hash); hashes[at] === hash; at++)
      if (nameAt(order[at] ?? 0) === name) return order[at];
    return undefined;
  };
  const readersOf = (name: string, place: number | undefined): ComponentId[] => {
    const found = [...(fresh.get(name) ?? [])];
    if (place !== undefined)
      for (const reader of readers.subarray(starts[place], starts[place + 1])) {
        const id = ids[reader] ?? '';
        if (!changed.has(id)) found.push(id);
      }
    return found;
  };
  return {
    get: (path) => {
      const found = [...'fd'].flatMap((kind) => readersOf(kind + path, placeOf(kind + path)));
      return found.length === 0 ? undefined : sortedSet(found);
    },
    *[Symbol.iterator]() {
      const paths = new Map<string, ComponentId[]>();
      const enter = (name: string, found: readonly ComponentId[]) => {
        if (found.length > 0 && /^[fd]/.test(name)) addTo(paths, name.slice(1), found);
      };
      const kept = new Set<string>();
      for (let place = 0; place < ends.length; place++) {
        kept.add(nameAt(place));
        enter(nameAt(place), readersOf(nameAt(place), place));
      }
      for (const [name, found] of fresh) if (!kept.has(name)) enter(name, found);
      for (const [path, found] of paths) yield [path, sortedSet(found)] as const;
    },
  };
}

function addTo(all: Map<string, ComponentId[]>, name: string, ids: readonly ComponentId[]): void {
  const there = all.get(name);
  if (there === undefined) all.set(name, [...ids]);
  else for (const id of ids) there.push(id);
}

function sortedSet(ids: readonly ComponentId[]): readonly ComponentId[] {
  return [...new Set(ids)].sort();
}

function lowerBound(sorted: Uint32Array, value: number): number {
  return firstNot(sorted.length, (place) => (sorted[place] ?? 0) < value);
}
