import type { KarmaFile } from '../../config/karma-file.ts';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import { karmaFileAt } from '../../observe/estate/karma-file-at.ts';
import { readHead } from '../../observe/git/git-repository.ts';
import { resolveRevision } from '../../observe/git/revision.ts';
import type { EngineContext } from '../context.ts';
import { openEstate } from './open-estate.ts';

/**
 * `karma.yaml` as HEAD's commit has it, or as a ref has it. The estate is opened for it only where reading one file of a commit does
 * not tell: whoever stays looks again and again, and nobody who asks it something meanwhile should wait for that.
 */
export async function committedFile(context: EngineContext, ref?: string): Promise<KarmaFile | undefined> {
  const root = findEstateRoot(context.request);
  const { repository } = root;
  if (context.request.configFile !== undefined) return root.karmaFile;
  const commit =
    repository === undefined
      ? undefined
      : ref === undefined
        ? readHead(repository).commit
        : (await resolveRevision(repository, ref)).commit;
  const { resident } = context;
  const known = resident?.karmaFiles?.get(commit ?? '');
  if (commit !== undefined && known !== undefined) return known.karmaFile;
  const read = commit === undefined ? undefined : await karmaFileAt(root, commit);
  if (read === undefined || commit === undefined)
    return (await openEstate(context, { committed: true, ...(ref === undefined ? {} : { at: ref }) })).karmaFile;
  if (resident !== undefined)
    resident.karmaFiles = new Map([...(resident.karmaFiles ?? []), [commit, read] as const].slice(-mostKept));
  return read.karmaFile;
}

/** HEAD's, and that of the ref that it follows, now and before. */
const mostKept = 4;
