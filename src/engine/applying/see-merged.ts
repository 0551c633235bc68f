import type { Change, MergedAs } from '../../change/change.ts';
import { mayFollow } from '../../change/states.ts';
import { canonicalJson } from '../../model/digest.ts';
import { isWithin } from '../../observe/git/content-commit.ts';
import { followedBranch } from '../../observe/git/followed-branch.ts';
import { type OpenedChanges, openChanges } from '../changing/opened-changes.ts';
import { simulate } from '../changing/simulate.ts';
import type { EngineContext } from '../context.ts';
import { sharedAt } from './becoming.ts';
import { mergedAs, mergesByPullRequest } from './pull-request.ts';

/** Up to which commit was looked for the merge of a content, by its commit: what was looked at is not looked at again. */
export type LookedAt = Map<string, string>;

/**
 * Where a team merges pull requests: which changes were merged since somebody looked last. That is told, with who merged it, whose
 * merge is the approval; the branch here stays where it is, and nothing runs. Of two the one that was merged first is told first.
 */
export async function seeMerged(
  context: EngineContext,
  { opened: known, lookedAt = new Map() }: { readonly opened?: OpenedChanges; readonly lookedAt?: LookedAt } = {},
): Promise<readonly Change[]> {
  const here = known ?? (await openChanges(context));
  const open = (await here.book.all()).filter(
    ({ state, merged }) => merged === undefined && mayFollow(state, 'change.merged'),
  );
  if (open.length === 0 || !(await mergesByPullRequest(context, here))) return [];
  const opened = known ?? (await openShared(context, here));
  const found: { readonly change: Change; readonly merge: MergedAs; readonly age: number }[] = [];
  for (const change of open) {
    const past = await mergedAs(opened, change, lookedAt.get(change.head));
    if (past !== undefined) {
      const { commit, parent, author, age } = past;
      found.push({ change, merge: { commit, parent, by: author }, age });
    } else lookedAt.set(change.head, opened.followed.commit);
  }
  const told: Change[] = [];
  for (const { change, merge } of found.sort((a, b) => b.age - a.age)) {
    const now = await tellMerged(context, opened, change, merge);
    if (now !== undefined) told.push(now);
  }
  return told;
}

/** What is opened of the shared branch, where that is ahead of the one here. */
async function openShared(context: EngineContext, opened: OpenedChanges): Promise<OpenedChanges> {
  const branch = await followedBranch(opened.repository, opened.branch);
  const shared = sharedAt(opened, branch);
  if (shared === undefined) return opened;
  const { repository } = opened;
  const there = await context.shared.fetch(repository.commonDir, shared.remote, shared.branch);
  const isAhead = there !== undefined && (await isWithin(repository, branch.commit, there));
  return isAhead ? { ...opened, followed: { ...opened.followed, commit: there } } : opened;
}

async function tellMerged(
  context: EngineContext,
  opened: OpenedChanges,
  change: Change,
  merge: MergedAs,
): Promise<Change | undefined> {
  // What it does was found out where it was merged: on the commit before it.
  const then = { ...opened, followed: { ...opened.followed, commit: merge.parent } };
  const { simulation, as } = await simulate(context, then, change);
  await (await context.stores.ledger()).putObject(new TextEncoder().encode(canonicalJson(simulation)));
  const { actor, door, now } = context;
  const step = await opened.book.step(change.id, (current) =>
    // Somebody else saw it, or gave it another content.
    current.merged !== undefined || current.head !== change.head || !mayFollow(current.state, 'change.merged')
      ? undefined
      : {
          ...{ action: 'change.merged', actor, door, outcome: 'ok', at: now() },
          details: { revision: current.revision, merge: merge.commit, on: merge.parent, by: merge.by, simulation: as },
        },
  );
  return step?.change;
}
