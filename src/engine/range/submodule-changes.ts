import type { FileView } from '../../model/file-view.ts';
import type { ChangedFile } from '../../observe/git/changed-files.ts';
import type { RepositoryView } from '../../observe/views/repository-view.ts';

/**
 * Git tells of a submodule only that it stands at another commit. What that changes are the files in it, as far as they were
 * fetched; of one that was not the path alone remains.
 */
export function withinSubmodules(changes: readonly ChangedFile[], before: FileView, after: FileView): ChangedFile[] {
  return changes.flatMap((change) => {
    const { path } = change;
    // A link to a folder is no folder that another repository fills.
    if (before.links?.targets.has(path) === true || after.links?.targets.has(path) === true) return [change];
    if (before.isFile(path) || after.isFile(path) || !(before.isDirectory(path) || after.isDirectory(path)))
      return [change];
    return differing(before, after, path);
  });
}

function differing(before: FileView, after: FileView, folder: string): ChangedFile[] {
  return [...new Set([...before.files(folder), ...after.files(folder)])].sort().flatMap((path): ChangedFile[] => {
    const [was, is] = [before.digest(path), after.digest(path)];
    if (was === is) return [];
    return [{ kind: was === undefined ? 'added' : is === undefined ? 'deleted' : 'modified', path }];
  });
}

/**
 * Folders of submodules that stand at another commit, came or went, and whose content is not at hand at both ends: what
 * changed in them nobody can tell. Sorted.
 */
export function unfetchedChanges(before: RepositoryView, after: RepositoryView): string[] {
  const missing = (view: RepositoryView): string[] =>
    view.troubles().flatMap(({ kind, path }) => (kind === 'submodule-missing' ? [path] : []));
  const paths = [...new Set([...missing(before), ...missing(after)])];
  return paths.filter((path) => commitOver(before, path) !== commitOver(after, path)).sort();
}

/** The commit of the submodule that a path is, or lies in. */
function commitOver({ submodules }: RepositoryView, path: string): string | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const commit = submodules.get(at);
    if (commit !== undefined) return commit;
  }
  return undefined;
}
