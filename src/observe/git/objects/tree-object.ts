import type { GitObject } from './git-object.ts';

/** One entry of one folder, as a tree object has it. */
export interface TreeEntry {
  readonly mode: number;
  readonly oid: string;
}

/** A name that one of two folders has otherwise than the other. */
export interface EntryChange {
  readonly name: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** The body of a tree; undefined where the object is none. Each entry is `<mode> <name>\0<id>`, sorted by name. */
export function treeBody(object: GitObject | undefined): Buffer | undefined {
  return object?.type === 'tree' ? object.body : undefined;
}

/**
 * What differs between two folders. Entries that are byte for byte the same are not looked at closer: of thousands mostly one
 * differs. Undefined where a body is damaged or a name that differs is not UTF-8.
 */
export function entryChanges(before: Buffer, after: Buffer, idBytes: number): readonly EntryChange[] | undefined {
  const changes: EntryChange[] = [];
  let [old, now] = [0, 0];
  while (old < before.length || now < after.length) {
    const [oldEnd, nowEnd] = [entryEnd(before, old, idBytes), entryEnd(after, now, idBytes)];
    if (oldEnd > before.length || nowEnd > after.length) return undefined;
    if (isSame(before, after, { old, oldEnd, now, nowEnd })) [old, now] = [oldEnd, nowEnd];
    else {
      const was = old < oldEnd ? decode(before, old, oldEnd, idBytes) : undefined;
      const is = now < nowEnd ? decode(after, now, nowEnd, idBytes) : undefined;
      const order = was === undefined ? 1 : is === undefined ? -1 : inTreeOrder(was, is);
      if (was?.name.includes('\uFFFD') || is?.name.includes('\uFFFD')) return undefined;
      changes.push({
        name: (order <= 0 ? was?.name : is?.name) ?? '',
        before: order <= 0 ? was?.entry : undefined,
        after: order >= 0 ? is?.entry : undefined,
      });
      if (order <= 0) old = oldEnd;
      if (order >= 0) now = nowEnd;
    }
  }
  return changes;
}

/** Where the entry that begins at a place ends; the place itself at the end of all. */
function entryEnd(body: Buffer, start: number, idBytes: number): number {
  if (start >= body.length) return start;
  let at = start;
  while (at < body.length && body[at] !== 0) at++;
  return at + 1 + idBytes;
}

interface Places {
  readonly old: number;
  readonly oldEnd: number;
  readonly now: number;
  readonly nowEnd: number;
}

function isSame(before: Buffer, after: Buffer, { old, oldEnd, now, nowEnd }: Places): boolean {
  const length = oldEnd - old;
  if (length === 0 || length !== nowEnd - now) return false;
  for (let at = length - 1; at >= 0; at--) if (before[old + at] !== after[now + at]) return false;
  return true;
}

interface Decoded {
  readonly name: string;
  readonly bytes: Buffer;
  readonly entry: TreeEntry;
}

function decode(body: Buffer, start: number, end: number, idBytes: number): Decoded {
  const gap = body.indexOf(space, start);
  const bytes = body.subarray(gap + 1, end - idBytes - 1);
  const mode = Number.parseInt(body.toString('latin1', start, gap), 8);
  return { name: bytes.toString('utf8'), bytes, entry: { mode, oid: body.toString('hex', end - idBytes, end) } };
}

const space = 32;
const slash = Buffer.from('/');

/** Folders stand as if their names ended with a slash. */
function inTreeOrder(one: Decoded, other: Decoded): number {
  const key = ({ bytes, entry }: Decoded) => (isFolder(entry) ? Buffer.concat([bytes, slash]) : bytes);
  return Buffer.compare(key(one), key(other));
}

export function isFolder(entry: TreeEntry | undefined): entry is TreeEntry {
  return entry !== undefined && (entry.mode & 0o170000) === 0o040000;
}
