import { join } from 'node:path';
import type { Change } from '../../change/change.ts';
import { KarmaError } from '../../model/errors.ts';
import { replayTree, TreeDraft, writeCommit } from '../../observe/git/content-commit.ts';
import { mergeBase, type Revision, resolveRevision, splitRange } from '../../observe/git/revision.ts';
import type { EngineContext } from '../context.ts';
import { openEstate } from '../view/open-estate.ts';
import { checkedContent, largestPatch } from './checked-content.ts';
import { structuralEdits } from './component-files.ts';
import type { OpenedChanges } from './opened-changes.ts';
import type { Proposal } from './proposal.ts';
import { withoutSaidSecrets } from './said-secrets.ts';
import { signedBy } from './signed-by.ts';
import { inWorkplace } from './workplace.ts';

/** The content of a change, as a commit that nothing names yet. */
export interface Content {
  /** Why, without the secrets that it said. */
  readonly reason: string;
  readonly base: string;
  readonly head: string;
  readonly files: number;
  readonly ways: readonly string[];
}

/**
 * Makes of a proposal one commit on its base. Nothing but objects is written, so a proposal that is refused halfway leaves nothing.
 * @param before the content that this one takes the place of
 */
export async function makeContent(
  context: EngineContext,
  opened: OpenedChanges,
  proposal: Proposal,
  before?: { readonly base: string; readonly head: string },
): Promise<Content> {
  const { repository } = opened;
  const { base, start, ways } = await startOf(opened, proposal, before);
  return inWorkplace(context, async (folder) => {
    const draft = await TreeDraft.of(repository, start, join(folder, 'index'));
    if (proposal.worktree === true) {
      await takeWorktree(context, draft, base);
      ways.push('worktree');
    }
    // Up to here it is of the repository; what comes now somebody may have written who need not have it.
    const own = await draft.tree();
    if (proposal.patch !== undefined) {
      await applyPatch(opened, draft, proposal.patch);
      ways.push('patch');
    }
    let isUntouched = ways.length === 0;
    for (const { way, edit } of structuralEdits(context, opened, proposal)) {
      // Each looks at the estate as the parts before it left it.
      const so = isUntouched ? start : await commitOf(opened, context, base, await draft.tree(), unsaid);
      isUntouched = false;
      const { edits, modes } = await edit(so);
      await draft.edit(edits, (path) => modes.get(path));
      if (!ways.includes(way)) ways.push(way);
    }
    const tree = await draft.tree();
    const changes = await checkedContent(opened, base, { own, tree });
    // What is said may be a secret that this very content brings. Until that is looked into, no object holds the words.
    const unnamed = await commitOf(opened, context, base, tree, unsaid);
    const reason = await withoutSaidSecrets(
      context,
      proposal.reason,
      [base, opened.followed.commit, unnamed],
      opened.branch,
    );
    const head = await commitOf(opened, context, base, tree, reason, before?.head);
    return { reason, base, head, files: changes.length, ways };
  });
}

/** The message of a commit that is only looked at. */
const unsaid = 'Part of a change';

async function commitOf(
  { repository }: OpenedChanges,
  context: EngineContext,
  base: string,
  tree: string,
  reason: string,
  before?: string,
): Promise<string> {
  // The content that it takes the place of stays reachable.
  const parents = before === undefined ? [base] : [base, before];
  const author = await signedBy(context, repository, 'author');
  return writeCommit(repository, { tree, parents, author, at: context.now(), message: reason });
}

interface Start {
  readonly base: string;
  /** The commit that the tree begins as. */
  readonly start: string;
  readonly ways: string[];
}

async function startOf(
  { repository, followed, book }: OpenedChanges,
  { range, base: named, worktree, reverts }: Proposal,
  before: { readonly base: string; readonly head: string } | undefined,
): Promise<Start> {
  const at = async (name: string): Promise<string> => mustCommit(await resolveRevision(repository, name), name);
  if (reverts !== undefined) {
    const { apply, id } = await book.get(reverts);
    return { base: followed.commit, start: await inverseOf(repository, followed.commit, id, apply), ways: ['revert'] };
  }
  if (range !== undefined) {
    const split = splitRange(range);
    const to = await resolveRevision(repository, split?.to ?? (split === undefined ? range : 'HEAD'));
    const from = split === undefined ? followed : await resolveRevision(repository, split.from);
    // Of a branch what it did since it left; of `A..B` what lies between.
    const isBetween = split !== undefined && !split.mergeBase;
    const base = isBetween ? from : await mergeBase(repository, from, to);
    return { base: mustCommit(base, range), start: mustCommit(to, range), ways: ['range'] };
  }
  if (worktree === true) {
    const head = await at('HEAD');
    return { base: head, start: head, ways: [] };
  }
  if (named !== undefined) {
    const base = await at(named);
    return { base, start: base, ways: [] };
  }
  if (before !== undefined) return { base: before.base, start: before.head, ways: [] };
  return { base: followed.commit, start: followed.commit, ways: [] };
}

/** What a commit did, taken back on top of what is there now: a tree that nothing names yet. */
async function inverseOf(
  repository: OpenedChanges['repository'],
  on: string,
  id: string,
  apply: Change['apply'],
): Promise<string> {
  const { commit = '', from = '' } = apply ?? {};
  const merged = await replayTree(repository, on, { base: commit, head: from });
  if ('tree' in merged) return merged.tree;
  const why =
    'conflicts' in merged
      ? `what came after ${id} says something else of ${merged.conflicts.join(', ')}`
      : `whether what came after ${id} lets it be taken back is not known: ${merged.untold}`;
  throw new KarmaError('KARMA_REFUSED', why, {
    hint: 'take back what came after it first, or propose by hand what is to be there',
  });
}

function mustCommit({ commit }: Revision, name: string): string {
  if (commit !== undefined) return commit;
  throw new KarmaError('KARMA_NO_SUCH_REVISION', `${name} is no commit yet`, { hint: 'commit first' });
}

async function takeWorktree(context: EngineContext, draft: TreeDraft, base: string): Promise<void> {
  const { observation } = await openEstate(context, { accounts: 'lately' });
  const { dirty, commit } = observation.main;
  if (commit !== base)
    throw new KarmaError('KARMA_CHANGED', 'the work tree stands at another commit by now', { hint: 'ask again' });
  await draft.takeWorktree([...dirty.keys()].sort());
}

async function applyPatch({ root }: OpenedChanges, draft: TreeDraft, patch: string): Promise<void> {
  const invalid = (message: string, hint: string): KarmaError =>
    new KarmaError('KARMA_INPUT_INVALID', message, { hint });
  const size = Buffer.byteLength(patch);
  if (size > largestPatch)
    throw invalid(
      `a patch of ${size} bytes is larger than the ${largestPatch} that are taken`,
      'commit it to a branch, and propose that: `--from <branch>`',
    );
  if (patch.includes('\0') || /^(?:GIT binary patch|Binary files .* differ)\r?$/m.test(patch))
    throw invalid('the patch holds what is no text', 'commit it to a branch, and propose that: `--from <branch>`');
  if (!/^(?:diff --git |--- )/m.test(patch))
    throw invalid('this is no unified diff', '`git diff > change.patch` writes one');
  const trouble = await draft.apply(patch, root.scope);
  if (trouble === undefined) return;
  const isOdd = /^(?:invalid path|new mode)|beyond a symbolic link/.test(trouble);
  throw invalid(
    `the patch does not fit: ${trouble}`,
    isOdd
      ? 'it may write plain files of the estate, and nothing through a link'
      : 'it is laid over the base, byte for byte, line ends included: `--base REV` names another commit',
  );
}
