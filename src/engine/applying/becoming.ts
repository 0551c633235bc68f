import type { Change, SimulatedAs } from '../../change/change.ts';
import type { Simulation } from '../../change/simulation.ts';
import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { hideInText } from '../../model/secrets/text.ts';
import { isWithin, moveRef, personInWords, treeOf, writeCommit } from '../../observe/git/content-commit.ts';
import {
  bringAlong,
  changedSince,
  type FollowedBranch,
  followedBranch,
  inTheWay,
  strayIn,
} from '../../observe/git/followed-branch.ts';
import { approvalOf, whyOutgrown } from '../changing/approving.ts';
import { keptSimulation } from '../changing/kept-simulation.ts';
import type { OpenedChanges } from '../changing/opened-changes.ts';
import { blockersOfPolicies, type PolicyVerdict } from '../changing/policies.ts';
import { signedBy } from '../changing/signed-by.ts';
import { simulate } from '../changing/simulate.ts';
import { verdictsOn } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { leftByRuns } from '../deploying/folders.ts';
import type { Attempt } from './attempt.ts';

/** Where the followed branch is shared: a remote, and its branch. */
export interface Shared {
  readonly remote: string;
  readonly branch: string;
}

/** What a change became. */
export interface Became {
  readonly commit: string;
  readonly branch: FollowedBranch;
  /** The simulation of what it became: on the commit before it. */
  readonly simulation: Simulation;
}

const mostTries = 10;

export function sharedAt({ root }: OpenedChanges, { name }: Pick<FollowedBranch, 'name'>): Shared | undefined {
  const setting = root.karmaFile?.publish;
  return setting === undefined ? undefined : { remote: setting.remote, branch: setting.branch ?? name };
}

/**
 * Brings the followed branch to where it stands elsewhere, if it is shared. What is only here is not Karma's to push.
 * @throws KARMA_REFUSED where the two parted, or this one is ahead
 */
export async function catchUp(context: EngineContext, opened: OpenedChanges): Promise<void> {
  const branch = await followedBranch(opened.repository, opened.branch);
  const shared = sharedAt(opened, branch);
  if (shared === undefined) return;
  const there = await mustBeShared(context, opened, branch);
  if (there === undefined || there === branch.commit) return;
  await mustBeClean(branch, there);
  await advance(opened, branch, there);
}

/**
 * Where the branch stands elsewhere, if it is shared and there. Nothing moves.
 * @throws KARMA_REFUSED where the two parted, or this one is ahead
 */
export async function mustBeShared(
  context: EngineContext,
  opened: OpenedChanges,
  branch: FollowedBranch,
): Promise<string | undefined> {
  const shared = sharedAt(opened, branch);
  if (shared === undefined) return undefined;
  const { repository } = opened;
  const there = await context.shared.fetch(repository.commonDir, shared.remote, shared.branch);
  if (there === undefined || (await isWithin(repository, branch.commit, there))) return there;
  throw new KarmaError(
    'KARMA_REFUSED',
    `${branch.name} holds commits that ${shared.remote}/${shared.branch} does not`,
    {
      hint: `push them, or lay them over it (\`git pull --rebase\`): a change is applied on top of what all see`,
    },
  );
}

/** @throws KARMA_REFUSED naming the work tree, its files, and what to do */
export async function mustBeClean({ name, commit, workTrees }: FollowedBranch, to?: string): Promise<void> {
  for (const workTree of workTrees) {
    const changed = await changedSince(workTree, commit);
    const blocked = changed.length > 0 || to === undefined ? changed : await inTheWay(workTree, commit, to);
    if (blocked.length === 0) continue;
    const shown = blocked.slice(0, 3).join(', ');
    const more = blocked.length > 3 ? ` and ${blocked.length - 3} more` : '';
    throw new KarmaError(
      'KARMA_REFUSED',
      `${name} is checked out in ${workTree.root}, where ${shown}${more} ${changed.length > 0 ? 'differs from it' : 'would be written over'}`,
      { hint: 'commit it, or put it aside (`git stash -u`): the work tree moves along with the branch' },
    );
  }
}

/**
 * Where units are run that Terragrunt runs in the work tree, the branch has to be checked out in the estate's own, and nothing may lie
 * beside it: else its commit would be made, and nothing could run.
 * @throws KARMA_REFUSED
 */
export async function mustRunInPlace(
  { repository }: OpenedChanges,
  { name, workTrees }: FollowedBranch,
  [unit]: readonly string[],
): Promise<void> {
  if (unit === undefined) return;
  const here = workTrees.find(({ root }) => root === repository.root);
  const [stray] = here === undefined ? [] : (await strayIn(here)).filter((path) => !leftByRuns.test(path));
  const why = here === undefined ? `${name} is not checked out here` : stray && `nobody added ${stray}`;
  if (why === undefined) return;
  throw new KarmaError('KARMA_REFUSED', `${unit} is run by Terragrunt in the work tree, and ${why}`, {
    hint: here === undefined ? `\`git switch ${name}\`` : 'commit it, let Git ignore it, or take it away',
  });
}

/** Moves the branch from where it was seen, and the work trees along with it. False where it stands elsewhere by now. */
async function advance({ repository }: OpenedChanges, branch: FollowedBranch, to: string): Promise<boolean> {
  if (!(await moveRef(repository, branch.ref, to, branch.commit))) return false;
  await bringWorkTrees(branch, branch.commit, to);
  return true;
}

async function bringWorkTrees({ name, workTrees }: FollowedBranch, from: string, to: string): Promise<void> {
  for (const workTree of workTrees) {
    const odd = await bringAlong(workTree, from, to);
    if (odd.length > 0)
      throw new KarmaError(
        'KARMA_REFUSED',
        `${name} moved to ${to.slice(0, 12)}, and ${workTree.root} could not be moved along: ${odd.slice(0, 3).join(', ')} is neither as it was nor as it will be`,
        { hint: `put it aside (\`git stash\`), then \`karma change resume\` brings the work tree to ${name}` },
      );
  }
}

/**
 * Makes the change a commit of the followed branch. Where that moved, it is laid over what is there now, if it commutes with it and
 * comes to do no more; a push that is refused since somebody was first is that, too. Begun and cut off, it is ended.
 * @throws KARMA_CHANGED where it is to be looked at again: it was returned
 */
export async function becomeCommit(attempt: Attempt): Promise<Became> {
  const { repository, branch } = await attempt.opened();
  const { ref } = await followedBranch(repository, branch);
  return attempt.during(branchLease(ref), () => makeCommit(attempt));
}

/** Who moves a branch and the work trees along with it does so alone: halfway they look as if somebody had edited them. */
export function branchLease(ref: string): string {
  return `branch:${ref}`;
}

async function makeCommit(attempt: Attempt): Promise<Became> {
  const ended = await endCommit(attempt);
  if (ended !== undefined) return ended;
  for (let tries = 0; tries < mostTries; tries++) {
    const { context } = attempt;
    await catchUp(context, await attempt.opened());
    const opened = await attempt.opened();
    const { repository } = opened;
    const change = await opened.book.get(attempt.id);
    const branch = await followedBranch(repository, opened.branch);
    const shared = sharedAt(opened, branch);
    const { simulation, as } = await asItIsNow(attempt, opened, change);
    if (simulation.base !== branch.commit) continue;
    await mustBeClean(branch, simulation.head);
    const commit = await commitOf(context, opened, change, simulation);
    const about = { ref: branch.ref, from: branch.commit, commit, simulation: as };
    await attempt.check();
    if (shared !== undefined) {
      await attempt.tell('change.pushing', { ...about, ...shared }, { outcome: 'intent' });
      const pushed = await context.shared.push(repository.commonDir, shared.remote, commit, shared.branch);
      if (pushed.is === 'moved') continue;
      if (pushed.is === 'denied')
        throw new KarmaError('KARMA_REFUSED', `${shared.remote} does not take it: ${pushed.said}`, {
          hint: 'where the branch is protected, `publish: { via: pull-request }` makes a pull request of it',
        });
    }
    await attempt.tell('change.committing', { ...about, ...shared }, { outcome: 'intent' });
    await attempt.check();
    // What is pushed has happened; the branch here follows as soon as it can.
    if (!(await advance(opened, branch, commit)) && shared === undefined) continue;
    await attempt.tell('change.committed', { commit });
    return { commit, branch, simulation };
  }
  throw new KarmaError('KARMA_CONFLICT', `the followed branch moved ${mostTries} times while this was applied`, {
    hint: 'try again',
  });
}

/** What was begun before: found where it was to go, or not. */
async function endCommit(attempt: Attempt): Promise<Became | undefined> {
  const { context } = attempt;
  const before = await attempt.opened();
  const { apply, simulation: as } = await before.book.get(attempt.id);
  if (apply?.commit === undefined || apply.from === undefined || as === undefined) return undefined;
  const { commit, from } = apply;
  const { repository } = before;
  if (!apply.committed && apply.remote !== undefined && apply.branch !== undefined) {
    const there = await context.shared.fetch(repository.commonDir, apply.remote, apply.branch);
    if (there === undefined || !(await isWithin(repository, commit, there))) return undefined;
    const branch = await followedBranch(repository, before.branch);
    if (!(await isWithin(repository, commit, branch.commit)) && branch.commit === from)
      await advance(before, branch, commit);
  }
  const branch = await followedBranch(repository, before.branch);
  if (!(await isWithin(repository, commit, branch.commit))) {
    if (!apply.committed && apply.remote === undefined) return undefined;
    throw new KarmaError(
      'KARMA_REFUSED',
      `${attempt.id} is ${commit.slice(0, 12)}, which ${branch.name} does not hold`,
      {
        hint: `bring it there (\`git pull --rebase\`), then \`karma change resume ${attempt.id}\``,
      },
    );
  }
  // Whoever was killed may have moved the branch and not the work trees.
  if (branch.commit === commit) await bringWorkTrees(branch, from, commit);
  const kept = await keptSimulation(await context.stores.ledger(), as.digest);
  if (kept === undefined)
    throw new KarmaError('KARMA_DATA_CORRUPT', `what ${attempt.id} was found to do is not kept`, {
      hint: '`karma store verify` looks at all that is kept',
    });
  if (!apply.committed) await attempt.tell('change.committed', { commit });
  return { commit, branch, simulation: kept };
}

interface Now {
  readonly simulation: Simulation;
  readonly as: SimulatedAs;
}

/** The change on what is there now: as it was agreed to, or it goes back. */
async function asItIsNow(attempt: Attempt, opened: OpenedChanges, change: Change): Promise<Now> {
  const { context } = attempt;
  const seen = change.simulation;
  const now = await simulate(context, opened, change);
  const ledger = await context.stores.ledger();
  await ledger.putObject(new TextEncoder().encode(canonicalJson(now.simulation)));
  const { policies, approval } = await held(context, opened, change, now);
  // What is looked at last is whether it is agreed to: from here on it happens.
  const [void_] = approval.given.filter(({ holds }) => !holds);
  const [blocker] = now.simulation.blockers;
  const because =
    void_?.because ??
    (seen === undefined ? undefined : await whyOutgrown(context, opened, seen.digest, now)) ??
    (blocker === undefined ? undefined : `it is blocked by now: ${blocker.message}`) ??
    (approval.met ? undefined : 'more people must agree by now');
  if (because === undefined) {
    // One that goes by the hour says otherwise later; what was agreed to is still that.
    mustNotBeHeldBack(change.id, policies);
    return now;
  }
  await attempt.tell('change.returned', { because, void: approval.given.map(({ by }) => by) });
  throw new KarmaError('KARMA_CHANGED', `${change.id} goes back to be looked at again: ${because}`, {
    hint: `\`karma change show ${change.id}\` says what it does now`,
  });
}

/** @throws KARMA_REFUSED */
export function mustNotBeHeldBack(id: string, verdicts: readonly PolicyVerdict[]): void {
  const [first] = blockersOfPolicies(verdicts);
  if (first === undefined) return;
  throw new KarmaError('KARMA_REFUSED', `${id} does not go on: ${first.message}`, {
    hint: `\`karma change show ${id}\` says what the policies say of it`,
  });
}

async function held(context: EngineContext, opened: OpenedChanges, change: Change, now: Now) {
  const policies = await verdictsOn(context, opened, change, now.simulation);
  return { policies, approval: await approvalOf(context, opened, change, now, policies) };
}

/** The author is who proposed it, the committer who applies it; who gave it another content stands beside the author. */
export async function commitOf(
  context: EngineContext,
  { repository }: OpenedChanges,
  { id, reason, proposer, author = { name: proposer }, revisers = [], proposedAt }: Change,
  { base, head }: Simulation,
): Promise<string> {
  const others = revisers.map((one) => `Co-authored-by: ${personInWords(one.author ?? { name: one.by })}`);
  const message = `${hideInText(reason)}\n\n${[`Karma-Change: ${id}`, ...others].join('\n')}`;
  const tree = await treeOf(repository, head);
  const committer = { ...(await signedBy(context, repository, 'committer')), at: context.now() };
  return writeCommit(repository, { tree, parents: [base], author, at: proposedAt, message, committer });
}
