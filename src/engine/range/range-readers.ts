import type { RangeEnd } from '../../graph/impact-of-change/range-end.ts';
import { changedReads, type RangeReaders } from '../../graph/impact-of-change/touched.ts';
import { linkPlace } from '../../infer/record-reads.ts';
import type { Claim } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { contentsMark } from '../../model/contents.ts';
import type { ReaderIndex } from '../view/following/reader-index.ts';
import type { LoadedView } from '../view/view.ts';
import type { RangeChanges } from './range-changes.ts';

interface Views {
  readonly before: LoadedView;
  readonly after: LoadedView;
}

/**
 * Who reads which changed file. A file that came or went also changes listings: of its folder, which the comparison looks
 * at itself, and of the repository's top, whose readers are told here where their read-sets differ.
 */
export function readersIn(
  { files, unfetched }: RangeChanges,
  ends: { readonly before: RangeEnd; readonly after: RangeEnd },
  views: Views,
): RangeReaders {
  const listed = files.some(({ kind }) => kind !== 'modified');
  const differing = (ids: readonly ComponentId[]) =>
    ids.filter((id) => differs(ends.before.claim(id), ends.after.claim(id)));
  const top = listed ? differing(topReaders(views, ['', '/', '/**'])) : [];
  // Whoever reads of the contents of the whole repository, or may read any file of it, is told by each.
  const changed = new Set(files.map(({ path }) => path));
  const anywhere =
    changed.size === 0 ? [] : [...differing(topReaders(views, [contentsMark('')])), ...readersOfAnything(views)];
  const moved = new Set(files.flatMap(({ kind, path }) => (kind === 'modified' ? [] : [path])));
  const away = new Set(unfetched);
  const readers = (view: LoadedView) => (place: string) => {
    const index = view.readers();
    if (away.has(place)) return readersWithin(index, place);
    const keys = [place, `${place}/`, `${place}/**`, contentsMark(place), linkPlace(place)];
    const found = [...keys.flatMap((key) => index.get(key) ?? []), ...(changed.has(place) ? anywhere : [])];
    return moved.has(place) ? [...found, ...top] : found;
  };
  const [before, after] = [readers(views.before), readers(views.after)];
  // Of the rest of its repository an estate has only what it reads.
  const isItsOwn = (file: string) => !file.startsWith('../') || before(file).length + after(file).length > 0;
  return { changedFiles: [...files.map(({ path }) => path), ...unfetched].filter(isItsOwn), before, after };
}

/** Who looked for anything in a folder: of one whose content is not at hand, all whom it may have changed. */
function readersWithin(index: ReaderIndex, folder: string): ComponentId[] {
  const found = new Set<ComponentId>();
  for (const [place, ids] of index)
    if (place === folder || place.startsWith(`${folder}/`)) for (const id of ids) found.add(id);
  return [...found];
}

function topReaders(views: Views, keys: readonly string[]): ComponentId[] {
  const readers = new Set<ComponentId>();
  for (const view of [views.before, views.after])
    for (const key of keys) for (const id of view.readers().get(key) ?? []) readers.add(id);
  return [...readers];
}

/** Components of which a file that they read is not known at all. */
function readersOfAnything(views: Views): ComponentId[] {
  const found = new Set<ComponentId>();
  for (const { graph } of [views.before, views.after])
    for (let node = 0; node < graph.size; node++) {
      if (graph.blind[node] !== 1) continue;
      const { id, blindSpots = [] } = graph.component(node);
      if (blindSpots.some(({ code }) => code === 'file-unknown')) found.add(id);
    }
  return [...found];
}

function differs(before: Claim | undefined, after: Claim | undefined): boolean {
  if (before === undefined || after === undefined) return true;
  return changedReads(before.readSet, after.readSet).length > 0;
}
