import { byCodeUnit } from '../model/digest.ts';
import type { FileView } from '../model/file-view.ts';
import { gitAsync, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import type { Revision } from './revision.ts';
import { decodeName } from './tree-listing.ts';

/** A file that differs between two moments. */
export interface ChangedFile {
  readonly kind: 'added' | 'modified' | 'deleted' | 'renamed';
  readonly path: string;
  /** Where a renamed file was before. */
  readonly from?: string;
}

/** What changed between two commits, renames followed (half of the content equal). Sorted by path. */
export async function changedBetweenCommits(
  repository: Repository,
  from: Revision,
  to: Revision,
): Promise<readonly ChangedFile[]> {
  if (from.tree === to.tree) return [];
  const flags = ['-r', '-z', '-M', '--no-ext-diff', '--no-textconv', '--name-status'];
  const answer = await gitAsync(repository, ['diff-tree', ...flags, from.tree, to.tree]);
  return readNameStatus(succeeded(repository, answer));
}

/** `<status>\0<path>\0`, and for a rename `R<percent>\0<from>\0<to>\0`. */
function readNameStatus(bytes: Buffer): ChangedFile[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    fields.push(bytes.subarray(at, end));
    at = end + 1;
  }
  const changed: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const status = String.fromCharCode(fields[at]?.[0] ?? 0);
    const path = decodeName(fields[at + 1] ?? Buffer.alloc(0));
    if (status === 'R' || status === 'C') {
      changed.push({ kind: 'renamed', path: decodeName(fields[at + 2] ?? Buffer.alloc(0)), from: path });
      at += 3;
    } else {
      changed.push({ kind: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified', path });
      at += 2;
    }
  }
  return changed.sort((a, b) => byCodeUnit(a.path, b.path));
}

/**
 * What changed between any two views, a commit and a work tree among them. A file that went and one of equal content that
 * came are a rename; of several the one with the nearest name, so that moving a folder pairs its files. O(files).
 */
export function changedBetweenViews(before: FileView, after: FileView): readonly ChangedFile[] {
  const changed: ChangedFile[] = [];
  const gone = new Map<string, string[]>();
  for (const path of before.files()) {
    if (after.isFile(path)) continue;
    const digest = before.digest(path) ?? '';
    gone.set(digest, [...(gone.get(digest) ?? []), path]);
  }
  for (const path of after.files()) {
    const digest = after.digest(path) ?? '';
    if (before.isFile(path)) {
      if (before.digest(path) !== digest) changed.push({ kind: 'modified', path });
      continue;
    }
    const candidates = gone.get(digest);
    const from = candidates === undefined ? undefined : takeNearest(candidates, path);
    changed.push(from === undefined ? { kind: 'added', path } : { kind: 'renamed', path, from });
  }
  for (const paths of gone.values()) for (const path of paths) changed.push({ kind: 'deleted', path });
  return changed.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Takes out of the list the path that shares the longest end with another; the first of equals. */
function takeNearest(paths: string[], path: string): string | undefined {
  let best = -1;
  let longest = -1;
  paths.forEach((candidate, index) => {
    const length = sharedEnd(candidate, path);
    if (length > longest) {
      longest = length;
      best = index;
    }
  });
  return best < 0 ? undefined : paths.splice(best, 1)[0];
}

function sharedEnd(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[a.length - 1 - length] === b[b.length - 1 - length]) length += 1;
  return length;
}
