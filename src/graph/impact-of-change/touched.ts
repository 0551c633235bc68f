import type { Claim, ReadSet } from '../../model/claim.ts';
import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { Pair, RangeEnd } from './range-end.ts';

/** Who reads which file, at each end. */
export interface RangeReaders {
  readonly changedFiles: readonly string[];
  readonly before: (file: string) => Iterable<ComponentId>;
  readonly after: (file: string) => Iterable<ComponentId>;
}

export interface Touched {
  /** At both ends, and reading something that differs. Sorted by id. */
  readonly pairs: readonly Pair[];
  readonly added: readonly ComponentId[];
  readonly removed: readonly ComponentId[];
  /** How many components read a changed file, at either end. */
  readonly readers: number;
  /** Changed files that nobody reads, at neither end. Sorted. */
  readonly unread: readonly string[];
}

/**
 * The components that a range can have changed: those whose read-sets hold a changed file at either end, and those that are
 * at one end only. Without a list of changed files every read-set is compared. O(readers), else O(all read-sets).
 */
export function touchedBetween(
  before: RangeEnd,
  after: RangeEnd,
  renames: ReadonlyMap<ComponentId, ComponentId>,
  readers?: RangeReaders,
): Touched {
  const back = new Map([...renames].map(([was, id]) => [id, was]));
  const isNode = ({ graph }: RangeEnd, id: ComponentId): boolean => graph.node(id) !== undefined;
  const managed = ({ graph }: RangeEnd): ComponentId[] => graph.ids.filter((_, node) => !graph.isParameter(node));
  const wasOf = (id: ComponentId): ComponentId => back.get(id) ?? id;
  const isMoved = (id: ComponentId): boolean => renames.has(id) && isNode(after, renames.get(id) ?? '');
  const added = managed(after).filter((id) => !isNode(before, wasOf(id)));
  const removed = managed(before).filter((id) => !isNode(after, id) && !isMoved(id));
  const candidates = new Set<ComponentId>();
  const unread: string[] = [];
  if (readers === undefined) {
    for (const id of managed(after)) if (differs(before.claim(wasOf(id)), after.claim(id))) candidates.add(id);
  } else {
    const readersOf = (place: string) =>
      new Set([...[...readers.before(place)].map((id) => renames.get(id) ?? id), ...readers.after(place)]);
    // Files of one folder ask for the same again.
    const isOther = remembered((id: ComponentId) => differs(before.claim(wasOf(id)), after.claim(id)));
    const listsOther = remembered((folder: string) => {
      const found = [...readersOf(folder)].filter(isOther);
      for (const id of found) candidates.add(id);
      return found.length > 0;
    });
    for (const file of new Set(readers.changedFiles)) {
      const ids = readersOf(file);
      for (const id of ids) candidates.add(id);
      // A file that came or went also changes what a folder lists; one that differs, what is read of all below a folder.
      const listed = foldersAbove(file).filter(listsOther);
      if (ids.size + listed.length === 0) unread.push(file);
    }
  }
  for (const id of back.keys()) candidates.add(id);
  const ids = [...candidates].filter((id) => isNode(after, id) && isNode(before, wasOf(id))).sort(byCodeUnit);
  return {
    pairs: ids.map((id) => ({ id, was: wasOf(id) })),
    added,
    removed,
    readers: new Set([...candidates, ...added, ...removed]).size,
    unread: unread.sort(byCodeUnit),
  };
}

function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    const answer = known.has(name) ? (known.get(name) as T) : ask(name);
    known.set(name, answer);
    return answer;
  };
}

/** `a/b` and `a` for `a/b/c.tf`, within its repository. */
export function foldersAbove(file: string): string[] {
  const folders: string[] = [];
  for (let cut = file.lastIndexOf('/'); cut > 0; cut = file.lastIndexOf('/', cut - 1)) folders.push(file.slice(0, cut));
  return folders;
}

function differs(before: Claim | undefined, after: Claim | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return changedReads(before.readSet, after.readSet).length > 0;
}

/** What two read-sets do not have in common, absences included: files by path, the rest with its kind in front. Sorted. */
export function changedReads(before: ReadSet, after: ReadSet): string[] {
  const parts = [
    ['', before.files, after.files],
    ['folder ', before.folders, after.folders],
    ['environment ', before.environment, after.environment],
    ['parameter ', before.parameters, after.parameters],
  ] as const;
  return parts.flatMap(([kind, was, is]) => differing(was, is).map((key) => `${kind}${key}`)).sort(byCodeUnit);
}

function differing(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>): string[] {
  const held = (record: Readonly<Record<string, unknown>>, key: string): unknown =>
    Object.hasOwn(record, key) ? record[key] : undefined;
  return [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((key) => held(was, key) !== held(is, key));
}
