import { statSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import { besideIdentity, readBeside, withBeside } from '../estate/beside-git.ts';
import { untrackedIn } from '../resident/resident-untracked.ts';
import { type Disk, type DiskStat, folderOf } from '../views/disk.ts';
import type { IndexedFile } from '../views/indexed-view.ts';
import { splitNames, type Untracked, untrackedBelow } from '../views/untracked.ts';
import { type GitIndex, type IndexEntry, readGitIndex } from './git-index.ts';
import { gitAsync, gitSync, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import type { GitObjects } from './objects/git-objects.ts';
import { readPlainFile } from './plain-file.ts';
import type { Revision } from './revision.ts';
import { decodeName, indexedFile } from './tree-listing.ts';

/** How a path of the work tree differs from the commit that is checked out. */
export type DirtyKind = 'modified' | 'deleted' | 'untracked' | 'staged';

/** A work tree as it is: what git would commit if everything not ignored were added, and what runs read beside that. */
export interface WorktreeState {
  readonly files: ReadonlyMap<string, IndexedFile>;
  /** Sorted by path when shown. */
  readonly dirty: ReadonlyMap<string, DirtyKind>;
  /** Equal for equal content: HEAD's tree when nothing is dirty. */
  readonly identity: string;
  /** What Git ignores. */
  readonly ignored: IgnoredPaths | undefined;
}

const noFiles: ReadonlyMap<string, IndexedFile> = new Map();

function isFolder(disk: Disk, path: string): boolean {
  return disk.stat(path)?.kind === 'directory';
}

/**
 * Compares the work tree with the index by stat alone, as git does: a file whose times, size and inode are as the index
 * remembers keeps its blob id unread. While this process looks at files, git lists the untracked ones beside it.
 * O(files): about 5 µs each.
 */
export async function readWorktree(
  repository: Repository,
  head: Promise<Revision>,
  {
    disk,
    objects,
    untracked: listing = untrackedIn(repository),
    onDirty,
  }: {
    readonly disk: Disk;
    readonly objects: GitObjects;
    readonly untracked?: Promise<Untracked> | undefined;
    /** Told as soon as it shows that the work tree is not as its commit, while git still looks for untracked files. */
    readonly onDirty?: (() => void) | undefined;
  },
): Promise<WorktreeState> {
  const { index, writtenMs } = loadIndex(repository);
  const { trustsModes } = repository;
  const tracked = compareWithIndex(index, { writtenMs, disk, objects, trustsModes });
  if (tracked.dirty.size > 0) onDirty?.();
  const staged = await stagedPaths(repository, index, await head);
  const untracked = await listing;
  const dirty = new Map<string, DirtyKind>(staged.map((path) => [path, 'staged']));
  for (const [path, kind] of tracked.dirty) dirty.set(path, kind);
  const { files } = tracked;
  const replaced = [...tracked.dirty].filter(([path, kind]) => kind === 'deleted' && isFolder(disk, path));
  const inFolders = await untrackedBelow(
    repository,
    replaced.map(([path]) => path),
  );
  const names = [...untracked.names, ...inFolders];
  for (const path of addUntracked(names, { disk, files, trustsModes })) dirty.set(path, 'untracked');
  if (dirty.size > 0) onDirty?.();
  await dropUnfetched(tracked.skipped, files, objects);
  const identity = identityOf(await head, { files, dirty, disk });
  const beside = readBeside(repository, untracked);
  const { ignored } = beside;
  const all = withBeside(files, beside.files);
  if (all === undefined && ignored === undefined) return { files, dirty, identity, ignored };
  return { files: all ?? files, dirty, identity: `${identity} ${besideIdentity(all ?? noFiles, ignored)}`, ignored };
}

function loadIndex(repository: Repository): { index: GitIndex; writtenMs: number } {
  const path = join(repository.gitDir, 'index');
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return { index: { entries: [], tree: undefined }, writtenMs: 0 };
  const index = readGitIndex(bytesOf(path), repository.hash);
  // A split or sparse index: git spells it out, without stat data, so every file is compared by content.
  return { index: index ?? askForIndex(repository), writtenMs: stat.mtimeMs };
}

/** @throws KARMA_GIT where nobody may read it, or it is no file */
function bytesOf(path: string): Buffer {
  try {
    return readPlainFile(path);
  } catch (cause) {
    const said = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    throw new KarmaError('KARMA_GIT', `the index of the repository cannot be read${said}`, {
      hint: 'see who may read .git/index; `rm -r .git/index && git reset` makes it anew',
      cause,
    });
  }
}

/** `git ls-files -s -t -z`: `<tag> <mode> <oid> <stage>\t<path>\0`; the tag `S` marks what a sparse checkout left out. */
function askForIndex(repository: Repository): GitIndex {
  const bytes = succeeded(repository, gitSync(repository, ['ls-files', '-s', '-t', '-z']));
  const entries: IndexEntry[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tab = bytes.indexOf(9, at);
    const end = bytes.indexOf(0, tab);
    if (tab < 0 || end < 0) break;
    const [tag = '', mode = '', oid = '', stage = ''] = bytes.toString('latin1', at, tab).split(' ');
    const name = bytes.subarray(tab + 1, end);
    const path = decodeName(name);
    entries.push({
      path,
      rawPath: name.equals(Buffer.from(path)) ? undefined : Buffer.from(name),
      file: indexedFile(Number.parseInt(mode, 8), oid),
      stage: Number(stage),
      skipWorktree: tag === 'S',
      intentToAdd: false,
      stat: { ctimeMs: 0, mtimeMs: 0, inode: 0, size: 0 },
    });
    at = end + 1;
  }
  return { entries, tree: undefined };
}

/** What a closer look needs. */
interface Look {
  readonly disk: Disk;
  readonly objects: GitObjects;
  readonly trustsModes: boolean;
}

interface Compared {
  readonly files: Map<string, IndexedFile>;
  readonly dirty: Map<string, DirtyKind>;
  readonly skipped: readonly string[];
}

function compareWithIndex(index: GitIndex, { writtenMs, ...at }: Look & { readonly writtenMs: number }): Compared {
  const { disk, trustsModes } = at;
  const files = new Map<string, IndexedFile>();
  const dirty = new Map<string, DirtyKind>();
  const skipped: string[] = [];
  for (const entry of index.entries) {
    const { path, file } = entry;
    if (file.kind === 'submodule') {
      files.set(path, file);
      continue;
    }
    if (entry.skipWorktree) {
      skipped.push(path);
      files.set(path, file);
      continue;
    }
    disk.remember(path, entry.rawPath);
    const stat = disk.stat(path);
    const sameMode = !trustsModes || stat?.executable === (file.executable === true);
    if (stat !== undefined && sameMode && entry.stage === 0 && isUnchanged(entry, stat, writtenMs)) {
      files.set(path, file);
      continue;
    }
    if (stat === undefined && disk.forbidden.has(folderOf(path))) {
      // Only a look that succeeds removes anything: until then it is what Git holds.
      files.set(path, file);
      dirty.set(path, 'modified');
      continue;
    }
    const found = stat === undefined ? undefined : lookCloser(entry, stat, at);
    if (found === undefined) files.delete(path);
    else files.set(path, found);
    if (found === undefined) dirty.set(path, 'deleted');
    else if (isOther(found, file) || entry.stage !== 0 || entry.intentToAdd) dirty.set(path, 'modified');
  }
  return { files, dirty, skipped };
}

/** Content or mode; what is looked at as a link or a file has the id of that. */
function isOther(found: IndexedFile, held: IndexedFile): boolean {
  return found.oid !== held.oid || found.executable !== held.executable;
}

/**
 * As git's `ie_match_stat`: equal times, inode and size, and older than the index; a file touched in the instant the index
 * was written ("racily clean") could have changed without its times telling.
 */
function isUnchanged(
  { file: { kind }, intentToAdd, stat: known }: IndexEntry,
  stat: DiskStat,
  writtenMs: number,
): boolean {
  if (intentToAdd || stat.kind !== kind || known.mtimeMs === 0) return false;
  if (known.size !== stat.size % low32 || !sameInode(known.inode, stat.inode)) return false;
  if (known.mtimeMs % 1000 === 0 && known.ctimeMs % 1000 === 0) {
    // Written by a tool that keeps whole seconds.
    const second = stat.mtimeMs - (stat.mtimeMs % 1000);
    return known.mtimeMs === second && second < writtenMs - (writtenMs % 1000);
  }
  return known.mtimeMs === stat.mtimeMs && known.ctimeMs === stat.ctimeMs && known.mtimeMs < writtenMs;
}

const low32 = 2 ** 32;

/** Inodes beyond what a number holds exactly cannot be compared; times and size must do. */
function sameInode(known: number, inode: number): boolean {
  return inode > Number.MAX_SAFE_INTEGER || known === inode % low32;
}

/** A file whose stat tells nothing: read and hashed. Line ends that git would convert on adding are no change. */
function lookCloser(
  { path, file }: IndexEntry,
  stat: DiskStat,
  { disk, objects, trustsModes }: Look,
): IndexedFile | undefined {
  if ((stat.kind !== 'file' && stat.kind !== 'link') || !disk.isInside(path)) return undefined;
  if (stat.kind === 'link') return { kind: 'link', oid: disk.targetId(path) };
  const { oid } = file;
  const bit = (trustsModes ? stat.executable : file.executable === true) ? ({ executable: true } as const) : {};
  try {
    const blob = disk.blob(path);
    if (blob.oid !== oid && blob.bytes !== undefined && disk.idWithPlainLineEnds(blob.bytes) === oid) {
      return { kind: 'file', oid, ...bit };
    }
    if (blob.bytes !== undefined) objects.texts.keep(blob.oid, blob.bytes.toString('utf8'));
    else objects.texts.keepLarge(blob.oid);
    return { kind: 'file', oid: blob.oid, ...bit };
  } catch {
    return { kind: 'file', oid: undefined, ...bit };
  }
}

/** Paths where the index already differs from HEAD. None, without asking, when both name the same tree. */
async function stagedPaths(repository: Repository, { tree }: GitIndex, head: Revision): Promise<string[]> {
  if (tree === head.tree) return [];
  const against = head.commit ?? head.tree;
  const answer = await gitAsync(repository, ['diff-index', '--cached', '--name-only', '--no-renames', '-z', against]);
  return splitNames(succeeded(repository, answer)).map(decodeName);
}

/** Adds what git lists as untracked; a nested repository (`folder/`) is one of its own. */
function addUntracked(
  names: readonly Buffer[],
  {
    disk,
    files,
    trustsModes,
  }: { readonly disk: Disk; readonly files: Map<string, IndexedFile>; readonly trustsModes: boolean },
): string[] {
  const added: string[] = [];
  for (const name of names) {
    const path = decodeName(name);
    if (path.endsWith('/')) continue;
    if (!name.equals(Buffer.from(path))) disk.remember(path, Buffer.from(name));
    const stat = disk.stat(path);
    if (stat?.kind !== 'file' && stat?.kind !== 'link') continue;
    const bit = trustsModes && stat.executable ? ({ executable: true } as const) : {};
    files.set(path, { kind: stat.kind, oid: undefined, ...bit });
    added.push(path);
  }
  return added;
}

/** What a sparse checkout left out counts as there, as long as the clone holds it. */
async function dropUnfetched(
  skipped: readonly string[],
  files: Map<string, IndexedFile>,
  objects: GitObjects,
): Promise<void> {
  if (skipped.length === 0) return;
  const missing = await objects.missing(skipped.map((path) => files.get(path)?.oid ?? ''));
  for (const path of skipped) if (missing.has(files.get(path)?.oid ?? '')) files.delete(path);
}

function identityOf(
  head: Revision,
  {
    files,
    dirty,
    disk,
  }: {
    readonly files: ReadonlyMap<string, IndexedFile>;
    readonly dirty: ReadonlyMap<string, DirtyKind>;
    readonly disk: Disk;
  },
): string {
  if (dirty.size === 0) return head.tree;
  const parts = [head.tree];
  for (const path of [...dirty.keys()].sort()) {
    const file = files.get(path);
    const bit = file?.executable === true ? ' x' : '';
    parts.push(`${path}\0${file === undefined ? 'gone' : (file.oid ?? stamp(disk.stat(path)))}${bit}`);
  }
  return `worktree:${sha256(parts.join('\n'))}`;
}

/** Stands for the content of an untracked file that nobody has asked for yet. */
function stamp(stat: DiskStat | undefined): string {
  return stat === undefined ? 'gone' : `~${stat.size}:${stat.mtimeMs}:${stat.inode}`;
}
