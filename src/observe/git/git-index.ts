import { KarmaError } from '../../model/errors.ts';
import type { IndexedFile } from '../views/indexed-view.ts';
import { decodeName, indexedFile } from './tree-listing.ts';

/** What Git's index says of one path. */
export interface IndexEntry {
  readonly path: string;
  /** The name's bytes, where they are not UTF-8. */
  readonly rawPath: Buffer | undefined;
  readonly file: IndexedFile;
  /** 0; 1–3 while a merge is unfinished. */
  readonly stage: number;
  /** A sparse checkout left it out of the work tree on purpose. */
  readonly skipWorktree: boolean;
  readonly intentToAdd: boolean;
  readonly stat: IndexStat;
}

/** Milliseconds since 1970 as Node counts them, and the low 32 bits of inode and size. All 0 when nothing is known. */
export interface IndexStat {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly size: number;
}

export interface GitIndex {
  readonly entries: readonly IndexEntry[];
  /** The id of the tree this index would commit, where the cache tree knows it. */
  readonly tree: string | undefined;
}

const entryHead = 40;
const flagExtended = 0x4000;
const flagSkipWorktree = 0x4000;
const flagIntentToAdd = 0x2000;

/**
 * Reads `.git/index`, versions 2 to 4 (Documentation/gitformat-index). Undefined when it is split or sparse, or a future
 * version: then git must be asked. The checksum at the end is not checked, as git itself does not by default. O(bytes).
 * @throws KARMA_GIT when the bytes do not hold together
 */
export function readGitIndex(bytes: Buffer, hash: 'sha1' | 'sha256'): GitIndex | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') throw corrupt();
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return undefined;
  const oidLength = hash === 'sha1' ? 20 : 32;
  const count = bytes.readUInt32BE(8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // One character a byte: places are the same in both, and ten thousand names are cut from one text.
  const text = bytes.toString('latin1');
  const entries: IndexEntry[] = [];
  let at = 12;
  let previous = '';
  for (let number = 0; number < count; number += 1) {
    const flagsAt = at + entryHead + oidLength;
    if (flagsAt + 2 > bytes.length) throw corrupt();
    const flags = view.getUint16(flagsAt);
    const isExtended = (flags & flagExtended) !== 0;
    const extended = isExtended ? view.getUint16(flagsAt + 2) : 0;
    const nameAt = flagsAt + (isExtended ? 4 : 2);
    const { name, end } = version === 4 ? compressedName(text, nameAt, previous) : plainName(text, nameAt);
    const isPlain = isAscii.test(name);
    entries.push({
      path: isPlain ? name : decodeName(Buffer.from(name, 'latin1')),
      rawPath: isPlain ? undefined : rawOf(name),
      file: indexedFile(view.getUint32(at + 24), bytes.toString('hex', at + entryHead, at + entryHead + oidLength)),
      stage: (flags >> 12) & 3,
      skipWorktree: (extended & flagSkipWorktree) !== 0,
      intentToAdd: (extended & flagIntentToAdd) !== 0,
      stat: statAt(view, at),
    });
    previous = name;
    // Versions 2 and 3 pad each entry with 1 to 8 NULs to a multiple of eight bytes.
    at = version === 4 ? end + 1 : at + ((end - at + 8) & ~7);
  }
  return withExtensions(bytes, at, oidLength, entries);
}

const isAscii = /^[\0-\x7f]*$/;

/** A name's bytes, where they are not UTF-8. */
function rawOf(name: string): Buffer | undefined {
  const bytes = Buffer.from(name, 'latin1');
  return bytes.toString('utf8').includes('\uFFFD') ? bytes : undefined;
}

/** Times by the same arithmetic as Node's `Stats`, so that equal times are equal numbers. */
function statAt(view: DataView, at: number): IndexStat {
  return {
    ctimeMs: view.getUint32(at) * 1000 + view.getUint32(at + 4) / 1e6,
    mtimeMs: view.getUint32(at + 8) * 1000 + view.getUint32(at + 12) / 1e6,
    inode: view.getUint32(at + 20),
    size: view.getUint32(at + 36),
  };
}

function plainName(text: string, at: number): { readonly name: string; readonly end: number } {
  const end = text.indexOf('\0', at);
  if (end < 0) throw corrupt();
  return { name: text.slice(at, end), end };
}

/** Version 4: how many bytes of the name before to drop (a base-128 number, each further byte adding one), then the rest. */
function compressedName(text: string, at: number, previous: string): { readonly name: string; readonly end: number } {
  let byte = text.charCodeAt(at);
  let drop = byte & 0x7f;
  let next = at + 1;
  while ((byte & 0x80) !== 0) {
    byte = text.charCodeAt(next);
    drop = ((drop + 1) << 7) | (byte & 0x7f);
    next += 1;
  }
  const rest = plainName(text, next);
  if (drop > previous.length) throw corrupt();
  return { name: previous.slice(0, previous.length - drop) + rest.name, end: rest.end };
}

/** Extensions that begin with a capital may be passed over; of the others (`link`, `sdir`) none is understood here. */
function withExtensions(
  bytes: Buffer,
  start: number,
  oidLength: number,
  entries: readonly IndexEntry[],
): GitIndex | undefined {
  let tree: string | undefined;
  for (let at = start; at + 8 <= bytes.length - oidLength; ) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32BE(at + 4);
    if (!/^[A-Z]/.test(name)) return undefined;
    if (name === 'TREE') tree = rootTree(bytes.subarray(at + 8, at + 8 + size), oidLength);
    at += 8 + size;
  }
  return { entries, tree };
}

/** The cache tree's first entry is the root: an empty path, `<entries> <subtrees>\n`, its id; `-1` entries mean outdated. */
function rootTree(data: Buffer, oidLength: number): string | undefined {
  const end = data.indexOf(10);
  if (data[0] !== 0 || end < 0 || data[1] === 0x2d) return undefined;
  return data.toString('hex', end + 1, end + 1 + oidLength);
}

function corrupt(): KarmaError {
  return new KarmaError('KARMA_GIT', 'the index of the repository does not hold together', {
    hint: '`git fsck` names the damage; `rm .git/index && git reset` makes the index anew',
  });
}
