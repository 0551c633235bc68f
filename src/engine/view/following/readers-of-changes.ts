import type { ComponentId } from '../../../model/component.ts';
import { parseContents } from '../../../model/contents.ts';
import type { EstateView } from '../../../model/estate.ts';
import type { Seal } from '../../../model/record.ts';
import { normalPath } from '../../../observe/views/indexed-view.ts';
import { foundAt, type PlaceIndex, readersAt } from './places.ts';

/**
 * Components that looked at a place where something else is found now. Where a view says of which other one it differs in a few
 * files only, and that one was looked through before, the rest is as it was then.
 */
export function readersOfChanges(index: PlaceIndex, estate: EstateView, seal: Seal): ReadonlySet<ComponentId> {
  const main = estate.repos.get('');
  const { since, names } = main ?? {};
  const lookup = lookupOf(index);
  const scan = since && scansOf(index).get(since.base);
  const changed = new Set<ComponentId>();
  const differing = new Set<number>();
  const look = (place: number) => {
    const name = index.names[place] ?? '';
    if (foundAt(name, name.slice(1), { estate, seal }) === index.digests[place]) return;
    differing.add(place);
    for (const id of readersAt(index, place)) changed.add(id);
  };
  const touched = [...(since?.paths ?? [])].flatMap((path) => lookup.files().get(path) ?? []);
  if (names !== undefined && scan?.names === names) {
    const some = new Set([...lookup.always(), ...scan.differing, ...touched]);
    // In the order of all places, so that everything made of the answer is in one order.
    for (const place of [...some].sort((a, b) => a - b)) look(place);
  } else {
    for (let place = 0; place < index.names.length; place++) look(place);
    if (since !== undefined && names !== undefined)
      scansOf(index).set(since.base, { names, differing: new Set([...differing, ...touched]) });
  }
  return changed;
}

/** What was found when every place was looked at. */
interface Scan {
  /** See {@link FileView.names}. */
  readonly names: object;
  /** Places where something else was found than the index says, or may be found in the files that others are told by. */
  readonly differing: ReadonlySet<number>;
}

const scans = new WeakMap<PlaceIndex, WeakMap<object, Scan>>();

function scansOf(index: PlaceIndex): WeakMap<object, Scan> {
  const known = scans.get(index) ?? new WeakMap<object, Scan>();
  scans.set(index, known);
  return known;
}

/** The places of an index as they are looked for. */
interface Lookup {
  /** Places of files of the main repository, by path. */
  readonly files: () => ReadonlyMap<string, number>;
  /** Places that more decides than the files and folders of the main repository. */
  readonly always: () => readonly number[];
}

const lookups = new WeakMap<PlaceIndex, Lookup>();

function lookupOf(index: PlaceIndex): Lookup {
  const known = lookups.get(index) ?? makeLookup(index);
  lookups.set(index, known);
  return known;
}

function makeLookup({ names }: PlaceIndex): Lookup {
  let sorted: { readonly files: ReadonlyMap<string, number>; readonly always: readonly number[] } | undefined;
  const sort = () => {
    const files = new Map<string, number>();
    const always: number[] = [];
    for (const [place, name] of names.entries()) {
      const path = name.slice(1);
      const isListing = name[0] === 'd' && parseContents(path) === undefined;
      const isPlain = !path.includes(':') && (isListing || (name[0] === 'f' && normalPath(path) === path));
      if (!isPlain) always.push(place);
      else if (name[0] === 'f') files.set(path, place);
    }
    sorted = { files, always };
    return sorted;
  };
  return { files: () => (sorted ?? sort()).files, always: () => (sorted ?? sort()).always };
}
