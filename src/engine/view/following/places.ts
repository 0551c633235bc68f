import { fileAt, folderAt } from '../../../infer/record-reads.ts';
import type { Claim, ReadSet } from '../../../model/claim.ts';
import type { ComponentId } from '../../../model/component.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { Seal } from '../../../model/record.ts';
import { sealedValue } from '../sealed-environment.ts';
import type { ReaderIndex } from './reader-index.ts';

/**
 * Everything that the claims of a view looked at, each place once with what was found there and who looked. A place is a file
 * (`f`), a folder (`d`), a value of the environment (`e`) or a parameter (`p`), told by the first letter of its name.
 */
export interface PlaceIndex {
  readonly names: readonly string[];
  /** What was found at each place; `''` when nothing. */
  readonly digests: readonly string[];
  /** Where the readers of each place begin. */
  readonly readerStart: Uint32Array;
  /** Numbers of components in `ids`. */
  readonly readers: Uint32Array;
  readonly ids: readonly ComponentId[];
}

/** Tells each place of a read-set with what was found there. */
export function eachPlace(readSet: ReadSet, tell: (name: string, digest: string) => void): void {
  for (const [kind, found] of lookedInto(readSet)) eachFound(found, (place, digest) => tell(kind + place, digest));
}

/** What was found, by place; or each place followed by what was found there. */
type Found = Readonly<Record<string, string | number | null>> | readonly (string | null)[];
type Kind = 'f' | 'd' | 'e' | 'p';

/** What was found, kind by kind; where a part is shared it is the same object for all. */
function lookedInto(readSet: ReadSet): readonly (readonly [kind: Kind, found: Found])[] {
  const { parts, listed, environment, parameters } = readSet;
  const asked: readonly (readonly [kind: Kind, found: Found])[] = [
    ['e', environment],
    ['p', parameters],
  ];
  if (listed !== undefined) return [['f', listed.files], ['d', listed.folders], ...asked];
  const { folders } = readSet;
  return parts === undefined
    ? [['f', readSet.files], ['d', folders], ...asked]
    : [['f', parts.shared], ['f', parts.own], ['d', folders], ...asked];
}

function eachFound(found: Found, tell: (place: string, digest: string) => void): void {
  if (isList(found)) for (let at = 0; at < found.length; at += 2) tell(found[at] ?? '', found[at + 1] ?? '');
  else for (const place in found) tell(place, String(found[place] ?? ''));
}

function isList(found: Found): found is readonly (string | null)[] {
  return Array.isArray(found);
}

/** The names of all places of a read-set. */
export function placesIn(readSet: ReadSet): string[] {
  const names: string[] = [];
  eachPlace(readSet, (name) => names.push(name));
  return names;
}

/** @param ids of all nodes, sorted; who claims is among them */
export function placeIndex(claims: Iterable<Claim>, ids: readonly ComponentId[]): PlaceIndex {
  const numbers = new Map(ids.map((id, number) => [id, number]));
  // By kind and then by place: a name for each look would be made hundreds of thousands of times.
  const kinds = new Map<Kind, Map<string, ReadPlace>>();
  const looked = new Map<Found, { readonly kind: Kind; readonly readers: number[] }>();
  for (const { component, readSet } of claims) {
    const number = numbers.get(component.id) ?? 0;
    for (const [kind, found] of lookedInto(readSet)) {
      const known = looked.get(found);
      if (known === undefined) looked.set(found, { kind, readers: [number] });
      else known.readers.push(number);
    }
  }
  for (const [found, { kind, readers }] of looked) {
    const ofKind = kinds.get(kind) ?? new Map<string, ReadPlace>();
    kinds.set(kind, ofKind);
    eachFound(found, (place, digest) => {
      const known = ofKind.get(place);
      if (known === undefined) ofKind.set(place, { digest, readers: [readers] });
      else known.readers.push(readers);
    });
  }
  const places = [...kinds.values()].flatMap((ofKind) => [...ofKind.values()]);
  const readerStart = new Uint32Array(places.length + 1);
  let count = 0;
  let at = 0;
  for (const { readers } of places) {
    for (const one of readers) count += one.length;
    readerStart[++at] = count;
  }
  const readers = new Uint32Array(count);
  at = 0;
  for (const place of places)
    for (const one of place.readers) {
      readers.set(one, at);
      at += one.length;
    }
  return {
    names: [...kinds].flatMap(([kind, ofKind]) => Array.from(ofKind.keys(), (place) => kind + place)),
    digests: places.map(({ digest }) => digest),
    readerStart,
    readers,
    ids,
  };
}

interface ReadPlace {
  readonly digest: string;
  /** Numbers of components, list by list: one whose reads are shared tells them once for all of them. */
  readonly readers: (readonly number[])[];
}

/** Whether everything that a claim looked at is found there now as it was then. */
export function readSetStands(readSet: ReadSet, estate: EstateView, seal: Seal): boolean {
  let stands = true;
  eachPlace(readSet, (name, digest) => {
    stands &&= foundAt(name, name.slice(1), { estate, seal }) === digest;
  });
  return stands;
}

/**
 * What is found at a place now, as {@link PlaceIndex.digests} writes it; undefined where nobody can look.
 * @param place the name without its first letter
 */
export function foundAt(
  name: string,
  place: string,
  { estate, seal }: { readonly estate: EstateView; readonly seal: Seal },
): string | undefined {
  switch (name[0]) {
    case 'f':
      return orEmpty(fileAt(place, estate.repos));
    case 'd':
      return folderAt(place, estate.repos);
    case 'e':
      return orEmpty(sealedValue(place, estate.environment, seal));
    default: {
      const cut = place.indexOf(':');
      const parameter = estate.parameters.get(place.slice(0, cut))?.get(place.slice(cut + 1));
      return String(parameter?.version ?? '');
    }
  }
}

function orEmpty(digest: string | null | undefined): string | undefined {
  return digest === null ? '' : digest;
}

export function* readersAt({ readerStart, readers, ids }: PlaceIndex, place: number): Generator<ComponentId> {
  for (let at = readerStart[place] ?? 0; at < (readerStart[place + 1] ?? 0); at++) yield ids[readers[at] ?? 0] ?? '';
}

/** Environment values that were looked at, as they were found. */
export function environmentIn({ names, digests }: PlaceIndex): Record<string, string | null> {
  const environment: Record<string, string | null> = {};
  for (const [place, name] of names.entries())
    if (name.startsWith('e')) environment[name.slice(1)] = digests[place] || null;
  return environment;
}

/**
 * Who reads what, looked up when asked for: a question names a few of a hundred thousand places.
 * @param changed what components read now, by id; nothing of one that is gone
 */
export function readerIndex(
  index: PlaceIndex,
  changed: ReadonlyMap<ComponentId, readonly string[]> = new Map(),
): ReaderIndex {
  const added = new Map<string, ComponentId[]>();
  for (const [id, names] of changed)
    for (const name of names) {
      const known = added.get(name);
      if (known === undefined) added.set(name, [id]);
      else known.push(id);
    }
  let numbers: ReadonlyMap<string, number> | undefined;
  const readersOfPlace = (place: string): readonly ComponentId[] | undefined => {
    numbers ??= new Map(index.names.map((name, number) => [name, number]));
    const found = new Set<ComponentId>();
    for (const kind of kindsRead) {
      const number = numbers.get(kind + place);
      if (number !== undefined) for (const id of readersAt(index, number)) if (!changed.has(id)) found.add(id);
      for (const id of added.get(kind + place) ?? []) found.add(id);
    }
    return found.size === 0 ? undefined : [...found].sort();
  };
  return {
    get: readersOfPlace,
    *[Symbol.iterator]() {
      const places = new Set([...index.names, ...added.keys()].filter(isRead).map((name) => name.slice(1)));
      for (const place of places) {
        const readers = readersOfPlace(place);
        if (readers !== undefined) yield [place, readers] as const;
      }
    },
  };
}

const kindsRead = ['f', 'd'] as const;

function isRead(name: string): boolean {
  return name.startsWith('f') || name.startsWith('d');
}
