import { entryChanges, isFolder, type TreeEntry } from './objects/tree-object.ts';

/** A path that one of two trees has otherwise than the other; no folder. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** Beyond so many trees or paths git lists everything in less time. */
const mostTrees = 512;
const mostPaths = 2048;

/**
 * What differs between two trees, in Git's order of paths; folders whose ids are equal are not read. Undefined where that
 * cannot be told, or where too much differs.
 *
 * @param read the body of a tree
 */
export function treeChanges(
  before: string,
  after: string,
  read: (oid: string) => Buffer | undefined,
): readonly TreeChange[] | undefined {
  const changes: TreeChange[] = [];
  let trees = 0;
  const bodyOf = (oid: string | undefined): Buffer | undefined => {
    if (oid === undefined) return nothing;
    trees += 1;
    return read(oid);
  };
  const compare = (folder: string, was: string | undefined, is: string | undefined): boolean => {
    const [old, now] = [bodyOf(was), bodyOf(is)];
    if (old === undefined || now === undefined || trees > mostTrees) return false;
    const differing = entryChanges(old, now, before.length / 2);
    if (differing === undefined) return false;
    for (const { name, before: one, after: other } of differing) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const [oldFolder, newFolder] = [folderId(one), folderId(other)];
      const [oldFile, newFile] = [fileOf(one), fileOf(other)];
      if (oldFile !== undefined || newFile !== undefined) changes.push({ path, before: oldFile, after: newFile });
      if (changes.length > mostPaths) return false;
      if ((oldFolder !== undefined || newFolder !== undefined) && !compare(path, oldFolder, newFolder)) return false;
    }
    return true;
  };
  return compare('', before, after) ? inOrder(changes) : undefined;
}

function folderId(entry: TreeEntry | undefined): string | undefined {
  return isFolder(entry) ? entry.oid : undefined;
}

function fileOf(entry: TreeEntry | undefined): TreeEntry | undefined {
  return isFolder(entry) ? undefined : entry;
}

const nothing = Buffer.alloc(0);

/** As `ls-tree -r` and `log` list paths: by their bytes. */
function inOrder(changes: TreeChange[]): TreeChange[] {
  return changes.length < 2 ? changes : changes.sort((a, b) => byBytes(a.path, b.path));
}

export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
