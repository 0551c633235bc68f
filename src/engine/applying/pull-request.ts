import type { Change, MergedAs, SimulatedAs } from '../../change/change.ts';
import { mustFollow } from '../../change/change-book.ts';
import type { Simulation } from '../../change/simulation.ts';
import { KarmaError } from '../../model/errors.ts';
import { firstParents, type PastCommit, replayTree, treeOf } from '../../observe/git/content-commit.ts';
import { followedBranch } from '../../observe/git/followed-branch.ts';
import { type OpenedChanges, viewAt } from '../changing/opened-changes.ts';
import { verdictsOn } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { branchOffered } from './ahead.ts';
import { type Attempt, mustBeContent } from './attempt.ts';
import { commitOf, mustNotBeHeldBack, sharedAt } from './becoming.ts';

/** A change where a team that merges pull requests finds it. */
export interface PullRequest {
  readonly remote: string;
  readonly branch: string;
  /** The branch that it is to be merged into. */
  readonly into: string;
  readonly commit: string;
  readonly title: string;
  /** Markdown: what it does, and what to make of it. */
  readonly body: string;
}

/** So many commits of the followed branch are looked at for a merge. */
const mostLookedAt = 300;

/** Whether the team merges pull requests, as the followed ref says. */
export async function mergesByPullRequest(context: EngineContext, opened: OpenedChanges): Promise<boolean> {
  const { estate } = await viewAt(context, opened, opened.followed.commit);
  return estate?.karmaFile?.publish?.via === 'pull-request';
}

/**
 * The commit of the followed branch by which a change was merged, whatever way: one that did there exactly what the change does, be it
 * a merge, a squash or the commit itself. Undefined while there is none.
 * @param until a commit up to which there was none
 */
export async function mergedAs(
  { repository, followed }: OpenedChanges,
  { base, head }: Pick<Change, 'base' | 'head'>,
  until?: string,
): Promise<(PastCommit & { readonly age: number }) | undefined> {
  const line = await firstParents(repository, followed.commit, mostLookedAt);
  for (const [age, past] of line.entries()) {
    if (past.commit === base || past.commit === until) return undefined;
    const replayed = await replayTree(repository, past.parent, { base, head });
    if (!('tree' in replayed) || replayed.tree === (await treeOf(repository, past.parent))) continue;
    if (replayed.tree === (await treeOf(repository, past.commit))) return { ...past, age };
  }
  return undefined;
}

/** Makes the branch and the text; who merges it agrees to it. */
export async function offer(attempt: Attempt, change: Change, simulation: Simulation): Promise<PullRequest> {
  const { context } = attempt;
  const opened = await attempt.opened();
  const into = await followedBranch(opened.repository, opened.branch);
  const shared = sharedAt(opened, into);
  if (shared === undefined)
    throw new KarmaError('KARMA_NOT_CONFIGURED', 'nothing says where a pull request would go', {
      hint: '`publish: { remote: origin, via: pull-request }` in karma.yaml',
    });
  // It may have been given another content, or ended, while somebody was asked.
  const now = await attempt.change();
  mustBeContent(change, now);
  mustFollow(now, 'change.offered');
  const commit = await commitOf(context, opened, change, simulation);
  const branch = branchOffered(change);
  const pushed = await context.shared.push(opened.repository.commonDir, shared.remote, commit, branch, { anew: true });
  if (pushed.is !== 'pushed')
    throw new KarmaError(
      'KARMA_REFUSED',
      `${shared.remote} does not take ${branch}${pushed.is === 'denied' ? `: ${pushed.said}` : ''}`,
      {
        hint: 'whoever runs Karma needs the right to push branches there',
      },
    );
  const [title = change.id, ...rest] = change.reason.split('\n');
  const body = [
    ...rest,
    '',
    ...simulation.summary,
    '',
    ...simulation.comparison.changed.map(({ id }) => `- changes \`${id}\``),
    ...simulation.comparison.added.map((id) => `- adds \`${id}\``),
    ...simulation.comparison.removed.map((id) => `- takes out \`${id}\``),
    ...simulation.comparison.affected.slice(0, 50).map(({ id }) => `- affects \`${id}\``),
    '',
    `Karma-Change: ${change.id}`,
  ]
    .join('\n')
    .trim();
  const pull = { remote: shared.remote, branch, into: shared.branch, commit, title, body };
  // Of another content that it got meanwhile nobody would know the merge; offered again, the branch is made anew.
  await attempt.tell('change.offered', { ...pull }, { of: change });
  return pull;
}

/** What was merged is a commit of the followed branch. What holds it back still does: merged is not deployed. */
export async function takeMerged(
  attempt: Attempt,
  change: Change & { readonly merged: MergedAs },
  { simulation, as }: { readonly simulation: Simulation; readonly as: SimulatedAs },
): Promise<void> {
  const { context } = attempt;
  const opened = await attempt.opened();
  const { ref } = await followedBranch(opened.repository, opened.branch);
  const { merged } = change;
  mustNotBeHeldBack(change.id, await verdictsOn(context, opened, change, simulation));
  await attempt.tell('change.applying', { ref, from: merged.parent }, { outcome: 'intent', of: change });
  await attempt.tell(
    'change.committing',
    { ref, from: merged.parent, commit: merged.commit, simulation: as },
    { outcome: 'intent' },
  );
  await attempt.tell('change.committed', { commit: merged.commit });
}
