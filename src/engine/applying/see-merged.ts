import type { Change, MergedAs } from '../../change/change.ts';
import { mayFollow } from '../../change/states.ts';
import { canonicalJson } from '../../model/digest.ts';
import { isWithin } from '../../observe/git/content-commit.ts';
import { followedBranch } from '../../observe/git/followed-branch.ts';
import { type ChangeGround, openGround } from '../changing/change-ground.ts';
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
  { ground: known, lookedAt = new Map() }: { readonly ground?: ChangeGround; readonly lookedAt?: LookedAt } = {},
): Promise<readonly Change[]> {
  const here = known ?? (await openGround(context));
  const open = (await here.book.all()).filter(
    ({ state, merged }) => merged === undefined && mayFollow(state, 'change.merged'),
  );
  if (open.length === 0 || !(await mergesByPullRequest(context, here))) return [];
  const ground = known ?? (await sharedGround(context, here));
  const found: { readonly change: Change; readonly merge: MergedAs; readonly age: number }[] = [];
  for (const change of open) {
    const past = await mergedAs(ground, change, lookedAt.get(change.head));
    if (past !== undefined) {
      const { commit, parent, author, age } = past;
      found.push({ change, merge: { commit, parent, by: author }, age });
    } else lookedAt.set(change.head, ground.followed.commit);
  }
  const told: Change[] = [];
  for (const { change, merge } of found.sort((a, b) => b.age - a.age)) {
    const now = await tellMerged(context, ground, change, merge);
    if (now !== undefined) told.push(now);
  }
  return told;
}

/** The ground as the shared branch has it, where that is ahead of the one here. */
async function sharedGround(context: EngineContext, ground: ChangeGround): Promise<ChangeGround> {
  const branch = await followedBranch(ground.repository, ground.branch);
  const shared = sharedAt(ground, branch);
  if (shared === undefined) return ground;
  const { repository } = ground;
  const there = await context.shared.fetch(repository.commonDir, shared.remote, shared.branch);
  const isAhead = there !== undefined && (await isWithin(repository, branch.commit, there));
  return isAhead ? { ...ground, followed: { ...ground.followed, commit: there } } : ground;
}

async function tellMerged(
  context: EngineContext,
  ground: ChangeGround,
  change: Change,
  merge: MergedAs,
): Promise<Change | undefined> {
  // What it does was found out where it was merged: on the commit before it.
  const then = { ...ground, followed: { ...ground.followed, commit: merge.parent } };
  const { simulation, as } = await simulate(context, then, change);
  await (await context.stores.ledger()).putObject(new TextEncoder().encode(canonicalJson(simulation)));
  const { actor, door, now } = context;
  const step = await ground.book.step(change.id, (current) =>
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
