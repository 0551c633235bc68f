import { KarmaError } from '../../model/errors.ts';
import { type TreeChange, treeChanges } from '../../observe/git/content-commit.ts';
import type { OpenedChanges } from './opened-changes.ts';

/** The largest patch, in bytes, and the most files of one change that is no range. */
export const largestPatch = 4 * 1024 * 1024;
const mostFiles = 5000;

const plainModes: ReadonlySet<string> = new Set(['000000', '100644', '100755']);

/**
 * What a change really comes to, whatever its way said it would: judged by the trees that Git made, so that no two readers of a
 * patch can see different things in it.
 * @param own the content without what somebody wrote who need not have the repository: what differs from it is held to more
 * @throws KARMA_INPUT_INVALID naming the file, KARMA_REFUSED for places that no change may write
 */
export async function checkedContent(
  { repository, root }: OpenedChanges,
  base: string,
  { own, tree }: { readonly own: string; readonly tree: string },
): Promise<readonly TreeChange[]> {
  const changes = await treeChanges(repository, base, tree);
  if (changes.length === 0)
    throw new KarmaError('KARMA_INPUT_INVALID', 'this changes nothing: the files are so already', {
      hint: `they are compared with ${base.slice(0, 12)}; \`--base REV\` names another commit`,
    });
  const foreign = own === tree ? [] : await treeChanges(repository, own, tree);
  if (foreign.length > mostFiles)
    throw new KarmaError('KARMA_INPUT_INVALID', `${foreign.length} files are more than one change may write so`, {
      hint: 'commit it to a branch, and propose that: `--from <branch>`',
    });
  const within = root.scope === '' ? '' : `${root.scope}/`;
  for (const { path, before, after } of foreign) {
    const refused = (why: string): KarmaError =>
      new KarmaError('KARMA_REFUSED', `${path} may not be written by a change: ${why}`, {
        hint: 'leave it out, or commit it to a branch and propose that: `--from <branch>`',
        details: { file: path },
      });
    if (!path.startsWith(within)) throw refused(`it lies outside of the estate, which is ${root.scope}`);
    if (path.split('/').some(isGits)) throw refused("it is Git's own");
    if (path.includes('\\')) throw refused('on some systems its name leads elsewhere');
    if (!plainModes.has(before) || !plainModes.has(after)) throw refused('it is a link or a repository, no file');
  }
  return changes;
}

/** `.git` as any file system spells it, streams and marks that it passes over included, and the file that points to other repositories. */
function isGits(segment: string): boolean {
  return /^(?:\.git(?:modules)?[ .]*(?::.*)?|git~\d+|gi[0-9a-f]{4}~\d+|gitmod~\d+)$/i.test(
    segment.replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, ''),
  );
}
