import { posix } from 'node:path';
import type { FileView } from '../../model/file-view.ts';
import { type ChangedFile, changedBetweenCommits, changedBetweenViews } from '../../observe/git/changed-files.ts';
import type { Repository } from '../../observe/git/git-repository.ts';
import type { RevisionRange } from '../../observe/git/revision.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { unfetchedChanges, withinSubmodules } from './submodule-changes.ts';

export interface RangeChanges {
  /** By paths from the estate's root; `../…` where the estate is a folder of its repository. */
  readonly files: readonly ChangedFile[];
  /** Folders of submodules whose content changed and is not at hand at both ends. */
  readonly unfetched: readonly string[];
}

/** What a commit gives up to the files that Git ignores did not go: it is read as it stands in the work tree, and so before. */
function seen(change: ChangedFile, was: FileView, is: FileView): ChangedFile {
  return change.kind !== 'modified' && was.isFile(change.path) && is.isFile(change.path)
    ? { ...change, kind: 'modified' }
    : change;
}

/** What differs in the main repository between the ends of a range. */
export async function changesIn(
  { before, after }: { readonly before: OpenedEstate; readonly after: OpenedEstate },
  { from, to, repository }: RevisionRange & { readonly repository: Repository },
): Promise<RangeChanges> {
  const [was, is] = [before.observation.main.whole, after.observation.main.whole];
  const unfetched = unfetchedChanges(was, is);
  const { scope } = after.observation.root;
  const here = (path: string) => (scope === '' ? path : posix.relative(scope, path));
  const found =
    to === undefined
      ? changedBetweenViews(was, is)
      : withinSubmodules(await changedBetweenCommits(repository, from, to), was, is).map((change) =>
          seen(change, was, is),
        );
  return {
    files: found.map((change) => ({ ...change, path: here(change.path) })),
    unfetched: unfetched.map(here),
  };
}
