import { changeRefs, refOf } from '../../change/change.ts';
import { ChangeBook } from '../../change/change-book.ts';
import { isOpen } from '../../change/states.ts';
import { KarmaError } from '../../model/errors.ts';
import { type EstateRoot, findEstateRoot } from '../../observe/estate/estate-root.ts';
import { branchCommit } from '../../observe/git/branch-ref.ts';
import { commitsHeld, isWithin, moveRef, refsBelow } from '../../observe/git/content-commit.ts';
import { type Repository, readHead } from '../../observe/git/git-repository.ts';
import { type Revision, resolveRevision } from '../../observe/git/revision.ts';
import type { EngineContext } from '../context.ts';
import { viewOf } from '../view/load-view.ts';
import { openEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';

/** What changes are made in: the repository that holds the estate's configuration, and the book that tells of them. */
export interface OpenedChanges {
  readonly root: EstateRoot;
  readonly repository: Repository;
  readonly book: ChangeBook;
  /** The commit of the ref that the estate follows; where that is shared and was seen to be ahead elsewhere, what all see there. */
  readonly followed: Revision & { readonly commit: string };
  /** The branch that it is, where it is one. */
  readonly branch: string | undefined;
}

/**
 * Opens what changes are made in.
 * @param completes ends what a process began that was killed: a change that the ledger tells of and whose ref is not there yet gets
 * it, where the commit is. A question needs no ref, so it leaves that to whoever writes next.
 * @throws KARMA_USAGE where there is no repository, KARMA_NO_SUCH_REVISION where there is no commit
 */
export async function openChanges(
  context: EngineContext,
  { completes = false }: { readonly completes?: boolean } = {},
): Promise<OpenedChanges> {
  const { cwd, configFile, resident } = context.request;
  const root = findEstateRoot({ cwd, configFile });
  if (root.repository === undefined)
    throw new KarmaError('KARMA_USAGE', `${root.folder} is no Git repository, and a change is a commit`, {
      hint: '`git init` and commit first, or ask in a checkout',
    });
  const repository = resident?.of(root.repository) ?? root.repository;
  const name = root.karmaFile?.follow ?? 'HEAD';
  const followed = await resolveRevision(repository, name);
  const { commit } = followed;
  if (commit === undefined)
    throw new KarmaError(
      'KARMA_NO_SUCH_REVISION',
      `${repository.root} has no commit yet, so there is nothing to change`,
      {
        hint: 'commit first',
      },
    );
  const book = new ChangeBook(await context.stores.ledger());
  if (completes) await completeRefs(repository, book);
  const branch = root.karmaFile?.follow ?? readHead(repository).branch;
  const seen = await seenAhead(repository, root, branch, commit);
  return { root, repository, book, followed: seen ?? { ...followed, commit }, branch };
}

/**
 * Where the followed branch is shared: what was fetched of it last, if that is ahead of the branch here. A change becomes part of that,
 * and the branch here moves along only then; so what was looked at, and agreed to, on top of the branch here would be void each time.
 */
async function seenAhead(
  repository: Repository,
  { karmaFile }: EstateRoot,
  branch: string | undefined,
  here: string,
): Promise<(Revision & { readonly commit: string }) | undefined> {
  const publish = karmaFile?.publish;
  if (publish === undefined || branch === undefined) return undefined;
  const name = `${publish.remote}/${publish.branch ?? branch.replace(/^refs\/heads\//, '')}`;
  const there = branchCommit(repository, name);
  if (there === undefined || there === here || !(await isWithin(repository, here, there))) return undefined;
  return { ...(await resolveRevision(repository, there)), name, commit: there };
}

/** The append is the commit of a proposal; its ref follows, at the latest here. A commit of another clone is not there: no matter. */
async function completeRefs(repository: Repository, book: ChangeBook): Promise<void> {
  const changes = (await book.all()).filter(({ state }) => isOpen(state));
  if (changes.length === 0) return;
  const refs = await refsBelow(repository, changeRefs);
  const behind = changes.filter(({ id, head }) => refs.get(refOf(id)) !== head);
  if (behind.length === 0) return;
  const held = await commitsHeld(
    repository,
    behind.map(({ head }) => head),
  );
  for (const { id, head } of behind) {
    const there = refs.get(refOf(id));
    // What stands there and is not part of the content is another ledger's.
    if (held.has(head) && (there === undefined || (await isWithin(repository, there, head))))
      await moveRef(repository, refOf(id), head, there);
  }
}

/** The estate at a commit, as what the followed branch was or would become: so what is kept of that branch serves here too. */
export async function viewAt(context: EngineContext, { branch }: OpenedChanges, commit: string): Promise<LoadedView> {
  const as = branch === undefined ? {} : { as: branch };
  return viewOf(context, await openEstate(context, { at: commit, ...as }), 'revision');
}

/** Numbers under which some other ledger keeps a change in this repository. */
export async function takenNumbers({ repository }: OpenedChanges): Promise<(id: string) => boolean> {
  const refs = await refsBelow(repository, changeRefs);
  return (id) => refs.has(refOf(id));
}
