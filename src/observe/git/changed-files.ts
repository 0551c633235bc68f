import { byCodeUnit } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';
import { gitAsync, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import type { Revision } from './revision.ts';
import { decodeName } from './tree-listing.ts';

/** A file that differs between two moments. */
export interface ChangedFile {
  readonly kind: 'added' | 'modified' | 'deleted';
  readonly path: string;
}

/** What changed between two commits. A file that moved went and came, as between any two views. Sorted by path. */
export async function changedBetweenCommits(
  repository: Repository,
  from: Revision,
  to: Revision,
): Promise<readonly ChangedFile[]> {
  if (from.tree === to.tree) return [];
  const flags = ['-r', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--name-status'];
  const answer = await gitAsync(repository, ['diff-tree', ...flags, from.tree, to.tree]);
  return readNameStatus(succeeded(repository, answer));
}

/** `<status>\0<path>\0`. */
function readNameStatus(bytes: Buffer): ChangedFile[] {
  const fields: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    fields.push(bytes.subarray(at, end));
    at = end + 1;
  }
  const changed: ChangedFile[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const status = String.fromCharCode(fields[at]?.[0] ?? 0);
    const path = decodeName(fields[at + 1] ?? Buffer.alloc(0));
    changed.push({ kind: status === 'A' ? 'added' : status === 'D' ? 'deleted' : 'modified', path });
  }
  return changed.sort((a, b) => byCodeUnit(a.path, b.path));
}

/**
 * What changed between any two views, a commit and a work tree among them. A link is what it says, as Git has it: what it leads
 * to is told by itself. Sorted by path. O(files).
 */
export function changedBetweenViews(before: FileView, after: FileView): readonly ChangedFile[] {
  const changed: ChangedFile[] = [];
  const [was, is] = [entriesOf(before), entriesOf(after)];
  for (const path of was.paths) if (is.at(path) === undefined) changed.push({ kind: 'deleted', path });
  for (const path of is.paths) {
    const held = was.at(path);
    if (held === undefined) changed.push({ kind: 'added', path });
    else if (held !== is.at(path)) changed.push({ kind: 'modified', path });
  }
  return changed.sort((a, b) => byCodeUnit(a.path, b.path));
}

/** Files and links, each with what it holds or says. */
function entriesOf(view: FileView): {
  readonly paths: readonly string[];
  readonly at: (path: string) => string | undefined;
} {
  const targets = view.links?.targets;
  const held = (path: string) => (view.isFile(path) ? (view.digest(path) ?? '') : undefined);
  if (targets === undefined) return { paths: view.files(), at: held };
  return {
    paths: [...new Set([...view.files(), ...targets.keys()])],
    at(path) {
      const target = targets.get(path);
      if (target !== undefined) return `-> ${target}`;
      // Below a link to a folder there is nothing of its own.
      return view.links?.follow(path).real === path ? held(path) : undefined;
    },
  };
}
