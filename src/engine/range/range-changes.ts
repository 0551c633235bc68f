import { posix } from 'node:path';
import { type ChangedFile, changedBetweenCommits, changedBetweenViews } from '../../observe/changed-files.ts';
import type { Repository } from '../../observe/git-repository.ts';
import type { RevisionRange } from '../../observe/revision.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { unfetchedChanges, withinSubmodules } from './submodule-changes.ts';

export interface RangeChanges {
  /** By paths from the estate's root; `../…` where the estate is a folder of its repository. */
  readonly files: readonly ChangedFile[];
  /** Folders of submodules whose content changed and is not at hand at both ends. */
  readonly unfetched: readonly string[];
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
      : withinSubmodules(await changedBetweenCommits(repository, from, to), was, is);
  return {
    files: found.map((change) => ({ ...change, path: here(change.path) })),
    unfetched: unfetched.map(here),
  };
}
