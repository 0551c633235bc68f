import type { FileView } from '../../model/file-view.ts';
import type { ChangedFile } from '../../observe/changed-files.ts';

/**
 * Git tells of a submodule only that it stands at another commit. What that changes are the files in it, as far as they were
 * fetched; of one that was not the path alone remains.
 */
export function withinSubmodules(changes: readonly ChangedFile[], before: FileView, after: FileView): ChangedFile[] {
  return changes.flatMap((change) => {
    const { path } = change;
    if (before.isFile(path) || after.isFile(path) || !(before.isDirectory(path) || after.isDirectory(path)))
      return [change];
    const inside = differing(before, after, path);
    return inside.length === 0 ? [change] : inside;
  });
}

function differing(before: FileView, after: FileView, folder: string): ChangedFile[] {
  return [...new Set([...before.files(folder), ...after.files(folder)])].sort().flatMap((path): ChangedFile[] => {
    const [was, is] = [before.digest(path), after.digest(path)];
    if (was === is) return [];
    return [{ kind: was === undefined ? 'added' : is === undefined ? 'deleted' : 'modified', path }];
  });
}
