import { firstNot } from '../../model/binary-search.ts';
import type { TreeEntry } from '../git/objects/tree-object.ts';
import { byBytes, type TreeChange } from '../git/tree-changes.ts';
import { indexedFile, kindOfMode } from '../git/tree-listing.ts';
import { ChangedMap } from '../views/changed-map.ts';
import type { IndexedFile } from '../views/indexed-view.ts';
import { TreeNames } from '../views/tree-names.ts';

/** Everything below one tree. */
export interface Listing {
  readonly files: ReadonlyMap<string, IndexedFile>;
  readonly names: TreeNames;
}

export function listingOf(files: ReadonlyMap<string, IndexedFile>): Listing {
  return { files, names: new TreeNames(files) };
}

/**
 * A listing with some of its entries changed: equal to the one that git gives, order included. Where no entry came, went or
 * became of another kind, what follows from names stays.
 */
export function changedListing({ files, names }: Listing, changes: readonly TreeChange[]): Listing {
  const isContentOnly = changes.every(
    ({ path, after }) => after !== undefined && files.get(path)?.kind === kindOfMode(after.mode),
  );
  if (isContentOnly) {
    const changed = changes.flatMap(({ path, after }) => (after === undefined ? [] : [[path, fileOf(after)] as const]));
    return { files: ChangedMap.of(files, new Map(changed)), names };
  }
  const now = changes.some(({ path, after }) => after !== undefined && !files.has(path))
    ? withAdded(files, changes)
    : new Map(files);
  for (const { path, after } of changes) {
    if (after === undefined) now.delete(path);
    else now.set(path, fileOf(after));
  }
  return listingOf(now);
}

function fileOf({ mode, oid }: TreeEntry): IndexedFile {
  return indexedFile(mode, oid);
}

/** The same entries with places for new ones among them. */
function withAdded(files: ReadonlyMap<string, IndexedFile>, changes: readonly TreeChange[]): Map<string, IndexedFile> {
  const paths = [...files.keys()];
  const made = new Map<string, IndexedFile>();
  let from = 0;
  for (const { path, after } of changes) {
    if (after === undefined || files.has(path)) continue;
    const to = placeFor(paths, path, from);
    for (; from < to; from++) {
      const known = paths[from] ?? '';
      const file = files.get(known);
      if (file !== undefined) made.set(known, file);
    }
    made.set(path, fileOf(after));
  }
  for (; from < paths.length; from++) {
    const known = paths[from] ?? '';
    const file = files.get(known);
    if (file !== undefined) made.set(known, file);
  }
  return made;
}

/** The first place from which on no path stands before a new one. */
function placeFor(paths: readonly string[], wanted: string, from: number): number {
  return firstNot(paths.length, (place) => byBytes(paths[place] ?? '', wanted) < 0, from);
}
