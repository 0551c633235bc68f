import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { OpenSource } from '../../observe/estate/source.ts';
import { makeFolder } from '../../observe/make-folder.ts';
import { checkoutCommit, removeCheckout } from '../../run/checkout.ts';
import { writeOwner } from '../../run/job-files.ts';
import { hasOwner } from '../../run/sweep.ts';
import { fileNameOf } from '../../run/workplace.ts';

/** Where one repository's files are run from. */
export interface RunFolder {
  /** The estate's folder in it, to run in: inside a checkout of the commit, or as it is. */
  readonly folder: string;
  /** The same folder in the tree people work in: where local states have always been. */
  readonly original: string;
  /** Undefined when files are run as they are, uncommitted changes included. */
  readonly commit: string | undefined;
  /** Nothing may lie beside its files: it has no work tree. */
  readonly bare: boolean;
}

export interface RunFolders {
  /** Names the deploy that they are made for. */
  readonly deploy: string;
  of(repo: string): Promise<RunFolder>;
  /** Repositories that are run as they are, with the reason in words. */
  readonly asTheyAre: readonly string[];
  /** The commit of the main repository, when it is run from one. */
  readonly commit: string | undefined;
  remove(): void;
}

export interface RunFoldersOptions {
  readonly sources: readonly OpenSource[];
  readonly data: string;
  readonly deploy: string;
  /** Ignored files that modules need all the same, as `karma.yaml` names them. */
  readonly ignored: readonly string[];
}

/** What Terraform itself leaves beside modules says nothing of what is deployed. */
export const leftByRuns =
  /(^|\/)(terraform\.tfstate(\.d\/.*|\.backup|\.torn)?|[^/]*\.tfstate(\.backup)?|\.terraform\.tfstate\.lock\.info)$/;

/**
 * A commit is run from a checkout of its own, so that a run sees exactly what is recorded; a work tree with changes is run as
 * it is. One checkout a deploy and repository, made when it is first needed.
 */
export function runFolders({ sources, data, deploy, ignored }: RunFoldersOptions): RunFolders {
  const made = new Map<string, Promise<RunFolder>>();
  const open = async (repo: string): Promise<RunFolder> => {
    const source = sources.find((one) => one.name === repo);
    if (source === undefined)
      throw new KarmaError('KARMA_NOT_FOUND', `the repository ${repo} is not at hand`, {
        hint: 'name a checkout of it in karma.yaml (`repositories`), or with --repo',
      });
    const original = source.folder;
    const { repository } = source;
    const commit = commitOf(source);
    if (repository === undefined || commit === undefined)
      return { folder: original, original, commit: undefined, bare: false };
    const own = join(checkoutsIn(data), fileNameOf(deploy));
    makeFolder(own);
    writeOwner(own);
    const into = join(own, repo === '' ? 'estate' : `other-${fileNameOf(repo)}`);
    const root = await checkoutCommit({
      gitDir: repository.commonDir,
      commit,
      into,
      deploy,
      ...(repo === '' && !repository.bare ? { ignored: scoped(ignored, repository.root, original) } : {}),
      workTree: repository.root,
    });
    const scope = repository.bare ? '' : relative(repository.root, original);
    return { folder: join(root, scope), original, commit, bare: repository.bare };
  };
  return {
    deploy,
    of: (repo) => {
      const known = made.get(repo) ?? open(repo);
      made.set(repo, known);
      return known;
    },
    asTheyAre: sources.flatMap((source) => reasonAsItIs(source) ?? []),
    commit: sources[0] === undefined ? undefined : commitOf(sources[0]),
    remove: () => removeCheckout(join(checkoutsIn(data), fileNameOf(deploy))),
  };
}

/** Those of which no commit is everything: files of such a one are run where they lie. */
export function sourcesAsTheyAre(sources: readonly OpenSource[]): readonly OpenSource[] {
  return sources.filter((source) => source.repository === undefined || commitOf(source) === undefined);
}

function scoped(paths: readonly string[], root: string, folder: string): readonly string[] {
  const scope = relative(root, folder);
  return scope === '' ? paths : paths.map((path) => `${scope}/${path}`);
}

/** Changes that are not committed, but for what runs leave behind. */
function changed(source: OpenSource): readonly string[] {
  return [...source.dirty.keys()].filter((path) => !leftByRuns.test(path)).sort();
}

function commitOf(source: OpenSource): string | undefined {
  if (source.view.revision === source.commit) return source.commit;
  return changed(source).length === 0 ? source.commit : undefined;
}

function reasonAsItIs(source: OpenSource): string | undefined {
  const name = source.name === '' ? 'the estate' : source.name;
  if (source.repository === undefined) return `${name} is no Git repository`;
  if (source.commit === undefined) return `${name} has no commit yet`;
  if (commitOf(source) !== undefined) return undefined;
  const paths = changed(source);
  const shown = paths.slice(0, 3).join(', ');
  return `${name} has uncommitted changes (${shown}${paths.length > 3 ? ` and ${paths.length - 3} more` : ''})`;
}

function checkoutsIn(data: string): string {
  return join(data, 'checkouts');
}

/**
 * Removes checkouts that nobody works in any more: whoever made them is gone, and so are the programs that it may have left
 * running there.
 *
 * @param isUnsettled whether a deploy was killed and nobody looked yet what it left running
 */
export function sweepCheckouts(data: string, isUnsettled: (deploy: string) => boolean): void {
  const folder = checkoutsIn(data);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const checkout = join(folder, name);
    if (!isUnsettled(name) && !hasOwner(checkout)) removeCheckout(checkout);
  }
}
