import type { Change, MergedAs } from '../../change/change.ts';
import { isOpen } from '../../change/states.ts';
import { KarmaError } from '../../model/errors.ts';
import { isWithin, replayTree, treeOf } from '../../observe/git/content-commit.ts';
import { followedBranch } from '../../observe/git/followed-branch.ts';
import { simulationOfApplied } from '../changing/kept-simulation.ts';
import { type OpenedChanges, openChanges } from '../changing/opened-changes.ts';
import { mustBeSeen } from '../changing/seen.ts';
import { bringUpToDate, type SimulatedChange } from '../changing/told-change.ts';
import type { EngineContext } from '../context.ts';
import { deploy, refuseInCi } from '../deploying/deploy.ts';
import type { PublishedConfig } from '../deploying/publish-configs.ts';
import type { DeployAnswer, DeployFace } from '../deploying/query.ts';
import { build } from '../versions/build.ts';
import { type ApplyAhead, aheadOf, configsOf, neverDeployed, partsOf } from './ahead.ts';
import { Attempt, changeLease, failureOf, mustBeContent } from './attempt.ts';
import {
  type Became,
  becomeCommit,
  branchLease,
  catchUp,
  mustBeClean,
  mustBeShared,
  mustRunInPlace,
} from './becoming.ts';
import { type GateOptions, gatesOf, inOrder, type Obstacle } from './gates.ts';
import { mergesByPullRequest, offer, type PullRequest, takeMerged } from './pull-request.ts';
import { seeMerged } from './see-merged.ts';

export interface ApplyOptions extends Partial<GateOptions> {
  readonly id: string;
  /** Go on with what was begun: the change is `applying` or `failed`. */
  readonly resumes?: boolean;
  readonly dryRun?: boolean;
  readonly takeOver?: boolean;
  /** Only this revision, and only if this is what it does. */
  readonly revision?: number;
  readonly consequence?: string;
  readonly parallelism?: number;
  readonly failFast?: boolean;
  readonly verify?: boolean;
}

/** What somebody is asked before a change is applied. */
export interface ApplyQuestion {
  readonly told: Pick<SimulatedChange, 'change' | 'simulation' | 'approval' | 'others'>;
  readonly ahead: ApplyAhead;
  readonly resumes: boolean;
}

export interface AppliedChange {
  readonly change: Change;
  /** `would apply`, `would not apply`: nothing was done. */
  readonly outcome: 'applied' | 'offered' | 'failed' | 'interrupted' | 'would apply' | 'would not apply';
  /** Offered: the branch and the text of a pull request. */
  readonly pull?: PullRequest;
  readonly ahead: ApplyAhead;
  /** Why it would not be applied now. */
  readonly obstacles: readonly Obstacle[];
  readonly configs: readonly PublishedConfig[];
  readonly deploy?: DeployAnswer;
  /** The graph version after it, when one was published. */
  readonly version?: number;
}

/**
 * Applies a change: it becomes a commit of the followed branch, its configs are published, what it changes and affects is deployed
 * with cutoff, and the graph is published. Every step tells what it is about to do before it does it, so that one that was killed is
 * ended by whoever resumes it.
 * @throws KARMA_REFUSED, KARMA_CHANGED, KARMA_DECLINED before anything happened outside
 */
export async function applyChange(
  context: EngineContext,
  options: ApplyOptions,
  face: DeployFace,
): Promise<AppliedChange> {
  refuseInCi(context);
  const { id } = await (await openChanges(context)).book.get(options.id);
  let answer: AppliedChange | undefined;
  if (options.dryRun === true) return tellAhead(context, id, options);
  await Attempt.at(context, id, options.takeOver === true, async (attempt) => {
    const { state, reverts } = await attempt.change();
    mustBegin(id, state, options.resumes === true);
    // Nobody goes on with a change while it is taken back: the one that ends later would undo what the other did.
    if (reverts !== undefined) await attempt.hold(changeLease(reverts));
    answer = options.resumes === true ? await goOn(attempt, options, face) : await begin(attempt, options, face);
  });
  if (answer === undefined) throw new KarmaError('KARMA_BUG', `${id} was neither applied nor refused`);
  return answer;
}

/** @throws KARMA_REFUSED where what was begun or is over is begun again, or what was not begun is gone on with */
export function mustBegin(id: string, state: Change['state'], resumes: boolean): void {
  const why = whyNotBegun(id, state, resumes);
  if (why !== undefined) throw why;
}

function whyNotBegun(id: string, state: Change['state'], resumes: boolean): KarmaError | undefined {
  const refused = (message: string, hint: string) => new KarmaError('KARMA_REFUSED', message, { hint });
  const isBegun = state === 'applying' || state === 'failed';
  if (isBegun)
    return resumes
      ? undefined
      : refused(
          `${id} is ${state} already`,
          `\`karma change resume ${id}\` goes on with it, \`karma change revert ${id}\` takes it back`,
        );
  const isOver = !isOpen(state);
  if (!isOver && !resumes) return undefined;
  const hint =
    state === 'applied'
      ? `it was brought to its end; \`karma change revert ${id}\` takes it back`
      : isOver
        ? 'propose it anew, if it is to be'
        : `\`karma change apply ${id}\` begins`;
  return refused(resumes ? `${id} is ${state}: there is nothing to go on with` : `${id} is ${state} already`, hint);
}

function gateOptions({ overtake = false, statesCopied = false }: ApplyOptions): GateOptions {
  return { overtake, statesCopied };
}

function seenOf({ revision, consequence }: ApplyOptions): Parameters<typeof mustBeSeen>[1] {
  return { ...(revision === undefined ? {} : { revision }), ...(consequence === undefined ? {} : { consequence }) };
}

/** Where the branch is shared, what all see of it is what counts. @throws KARMA_REFUSED where the one here parted from it */
async function asAllSee(context: EngineContext, here: OpenedChanges): Promise<OpenedChanges> {
  const branch = await followedBranch(here.repository, here.branch);
  const there = (await mustBeShared(context, here, branch)) ?? here.followed.commit;
  return { ...here, followed: { ...here.followed, commit: there } };
}

async function tellAhead(context: EngineContext, id: string, options: ApplyOptions): Promise<AppliedChange> {
  const here = await openChanges(context);
  const apart: Obstacle[] = [];
  const opened = await asAllSee(context, here).catch((error: unknown) => {
    apart.push(obstacleOf(error));
    return here;
  });
  const change = await opened.book.get(id);
  const { state } = change;
  const kept = await simulationOfApplied(await context.stores.ledger(), change);
  const gated = await gatesOf(context, opened, id, gateOptions(options));
  mustBeSeen(gated.told, seenOf(options));
  const offers = await mergesByPullRequest(context, opened);
  // What was begun passed the gates when it was: what is left of it is what it was then.
  const told = kept === undefined ? gated.told : { ...gated.told, simulation: kept };
  const why = whyNotBegun(id, state, options.resumes === true);
  const others =
    kept !== undefined || !isOpen(state)
      ? []
      : change.merged === undefined
        ? bearing(gated.obstacles, offers)
        : await inOrder(opened, gated.told, gateOptions(options));
  const all = [...(why === undefined ? [] : [obstacleOf(why)]), ...others];
  const ahead = await aheadOf(context, opened, told.change, told.simulation, offers);
  const branch = await followedBranch(opened.repository, opened.branch);
  // What is merged is part of the branch: that moves by what lies there.
  const dirty = await mustBeClean(branch, change.merged === undefined ? told.simulation.head : undefined)
    .then(() => mustRunInPlace(opened, branch, ahead.inWorkTree))
    .then(
      () => [],
      (error: unknown) => [obstacleOf(error)],
    );
  const refused = refusedIn(ahead);
  const found = [...apart, ...all, ...dirty, ...(refused === undefined ? [] : [obstacleOf(refused)])];
  const outcome = found.length === 0 ? 'would apply' : 'would not apply';
  return { change: told.change, outcome, ahead, obstacles: found, configs: ahead.configs };
}

/** Who merges a pull request agrees: nobody is asked before. */
export function bearing(obstacles: readonly Obstacle[], offers: boolean): readonly Obstacle[] {
  return offers ? obstacles.filter(({ asks }) => asks !== true) : obstacles;
}

/** A configuration that cannot be published: then nothing is begun. */
function refusedIn({ configs }: Pick<ApplyAhead, 'configs'>): KarmaError | undefined {
  const refused = configs.find(({ outcome }) => outcome === 'refused');
  if (refused === undefined) return undefined;
  return new KarmaError('KARMA_REFUSED', `the config of ${refused.component} cannot be published: ${refused.reason}`, {
    hint: '`karma config validate` says more',
  });
}

function obstacleOf(error: unknown): Obstacle {
  if (!(error instanceof KarmaError)) throw error;
  return { because: error.message, hint: error.hint ?? '' };
}

async function begin(attempt: Attempt, options: ApplyOptions, face: DeployFace): Promise<AppliedChange> {
  const { context, id } = attempt;
  // What all see is looked at, and nothing here moves before somebody said yes.
  const here = await attempt.opened();
  const branch = await followedBranch(here.repository, here.branch);
  const opened = await asAllSee(context, here);
  const offers = await mergesByPullRequest(context, opened);
  if (offers) await seeMerged(context, { opened });
  const known = await opened.book.get(id);
  // Also where the team does not merge pull requests any more: it is part of the branch.
  if (known.merged !== undefined) return takeUp(attempt, options, face, opened, { ...known, merged: known.merged });
  const { told, obstacles: all } = await gatesOf(context, opened, id, gateOptions(options));
  const { change, simulation } = told;
  mustBeSeen(told, seenOf(options));
  const obstacles = bearing(all, offers);
  const [first] = obstacles;
  if (first !== undefined) throw await refusal(attempt, told, obstacles, first);
  const kept = await bringUpToDate(context, opened, id, { keeps: true });
  mustBeContent(change, kept.change);
  const ahead = await aheadOf(context, opened, change, simulation, offers);
  if (!offers)
    await attempt.during(branchLease(branch.ref), async () => {
      // As it stands now: somebody else may have moved it since.
      const now = await followedBranch(opened.repository, opened.branch);
      await mustBeClean(now, now.commit === branch.commit ? simulation.head : undefined);
      await mustRunInPlace(opened, now, ahead.inWorkTree);
    });
  const refused = refusedIn(ahead);
  if (refused !== undefined) throw refused;
  if ((await face.confirmChange?.({ told: kept, ahead, resumes: false })) !== true) throw declined();
  if (offers) {
    const pull = await offer(attempt, change, simulation);
    return { change: await attempt.change(), outcome: 'offered', ahead, obstacles: [], configs: [], pull };
  }
  await attempt.holdEnvironments(ahead.environments);
  // Whoever was asked meanwhile may have taken their time, and somebody else changed it.
  if (kept.change.state !== 'approved')
    await attempt.tell('change.approved', { asked: told.approval.asked.length }, { of: change });
  await attempt.tell('change.applying', appliedIn(ahead), { outcome: 'intent', of: change });
  return carryOut(attempt, options, face, ahead);
}

/** It was merged: what is left is to publish and to deploy it. */
async function takeUp(
  attempt: Attempt,
  options: ApplyOptions,
  face: DeployFace,
  opened: OpenedChanges,
  change: Change & { readonly merged: MergedAs },
): Promise<AppliedChange> {
  const { context, id } = attempt;
  const told = await bringUpToDate(context, opened, id);
  const { simulation } = told;
  const as = change.simulation;
  if (as === undefined) throw new KarmaError('KARMA_BUG', `${id} was merged and not simulated`);
  const [first] = await inOrder(opened, { change, others: told.others }, gateOptions(options));
  if (first !== undefined)
    throw new KarmaError('KARMA_REFUSED', `${id} is not applied: ${first.because}`, { hint: first.hint });
  const ahead = await aheadOf(context, opened, change, simulation);
  if ((await face.confirmChange?.({ told: { ...told, change }, ahead, resumes: false })) !== true) throw declined();
  const branch = await followedBranch(opened.repository, opened.branch);
  await attempt.during(branchLease(branch.ref), async () => {
    await mustRunInPlace(opened, branch, ahead.inWorkTree);
    await catchUp(context, await attempt.opened());
  });
  await attempt.holdEnvironments(ahead.environments);
  await takeMerged(attempt, change, { simulation, as });
  return carryOut(attempt, options, face, ahead);
}

function appliedIn({ environments, ref, from }: ApplyAhead): Readonly<Record<string, unknown>> {
  return { environments, ref, from };
}

function declined(): KarmaError {
  return new KarmaError('KARMA_DECLINED', 'nothing was changed', { hint: 'say --yes to go on without being asked' });
}

/** What has to be looked at again goes back, and is found out anew for whoever looks. */
async function refusal(
  attempt: Attempt,
  { change, approval }: SimulatedChange,
  obstacles: readonly Obstacle[],
  first: Obstacle,
): Promise<KarmaError> {
  const { context, id } = attempt;
  const { state } = await attempt.change();
  const gone = approval.given.filter(({ holds }) => !holds).map(({ by }) => by);
  if (first.returns === true && (state === 'simulated' || state === 'planned' || state === 'approved'))
    await attempt.tell('change.returned', { because: first.because, ...(gone.length === 0 ? {} : { void: gone }) });
  await bringUpToDate(context, await attempt.opened(), id, { keeps: true });
  const more =
    obstacles.length > 1 ? ` (and ${obstacles.length - 1} more: \`karma change apply ${id} --dry-run\`)` : '';
  return new KarmaError(
    first.returns === true ? 'KARMA_CHANGED' : 'KARMA_REFUSED',
    `${change.id} is not applied: ${first.because}${more}`,
    {
      hint: first.hint,
      details: { change: id, obstacles: obstacles.map(({ because }) => because) },
    },
  );
}

/** What was begun is asked for again before it goes on: whoever resumes it says yes to what is left. */
async function goOn(attempt: Attempt, options: ApplyOptions, face: DeployFace): Promise<AppliedChange> {
  const { context, id } = attempt;
  const opened = await attempt.opened();
  const told = await bringUpToDate(context, opened, id);
  const change = await attempt.change();
  // What was begun is one revision, and what it does was looked at then.
  const { revision } = options;
  mustBeSeen({ change, consequence: told.consequence }, revision === undefined ? {} : { revision });
  const kept = await simulationOfApplied(await context.stores.ledger(), change);
  const ahead = await aheadOf(context, opened, change, kept ?? told.simulation);
  if ((await face.confirmChange?.({ told: { ...told, change }, ahead, resumes: true })) !== true) throw declined();
  await attempt.holdEnvironments(ahead.environments);
  await attempt.tell('change.applying', { ...appliedIn(ahead), resumed: true }, { outcome: 'intent' });
  return carryOut(attempt, options, face, ahead);
}

/** The steps, each begun with its intent. What fails is told, and what happened outside stands in the change. */
async function carryOut(
  attempt: Attempt,
  options: ApplyOptions,
  face: DeployFace,
  ahead: ApplyAhead,
): Promise<AppliedChange> {
  try {
    // Terragrunt runs in the work tree: nobody moves that meanwhile.
    if (ahead.inWorkTree.length > 0) await attempt.holdSoon(branchLease(ahead.ref));
    attempt.begins('commit');
    const became = await becomeCommit(attempt);
    const at = await deployedAt(attempt, became);
    attempt.begins('configs');
    const configs = await publish(attempt, became, at);
    attempt.begins('deploy');
    const deployed = await deployIt(attempt, options, face, became, at);
    const told = { ahead, obstacles: [], configs, ...(deployed === undefined ? {} : { deploy: deployed }) };
    if (deployed !== undefined && deployed.outcome !== 'finished') {
      // Whoever took over says how it stands.
      if (deployed.leaseLost !== true) await attempt.tell('change.failed', whyFailed(deployed), { outcome: 'failed' });
      const outcome = deployed.outcome === 'interrupted' ? 'interrupted' : 'failed';
      return { change: await attempt.change(), outcome, ...told };
    }
    attempt.begins('graph');
    const version = deployed?.version ?? (await publishGraph(attempt.context));
    const change = await finish(attempt, became, deployed, version);
    return { change, outcome: 'applied', ...told, ...(version === undefined ? {} : { version }) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    const { state, apply } = await attempt.change();
    // Returned to be looked at again: that is told already.
    if (state !== 'applying') throw error;
    if (apply?.committed === true || (await happened(attempt)))
      await attempt.tell('change.failed', failure, { outcome: 'failed' });
    else await attempt.tell('change.withheld', failure, { outcome: 'refused' });
    throw error;
  }
}

/** Whether the commit that was meant is part of the branch, here or where it is shared, as far as can be said. */
async function happened(attempt: Attempt): Promise<boolean> {
  const { apply } = await attempt.change();
  if (apply?.commit === undefined) return false;
  const { repository, followed } = await attempt.opened();
  if (await isWithin(repository, apply.commit, followed.commit)) return true;
  if (apply.remote === undefined || apply.branch === undefined) return false;
  const there = await attempt.context.shared
    .fetch(repository.commonDir, apply.remote, apply.branch)
    .catch(() => apply.commit);
  return there !== undefined && isWithin(repository, apply.commit, there);
}

/**
 * The commit that is deployed: its own; where the branch went on since it was begun, that, which holds it: what came later must not be
 * taken back by deploying what was there before.
 */
async function deployedAt(attempt: Attempt, { commit }: Became): Promise<string> {
  const { repository, branch } = await attempt.opened();
  const { commit: now } = await followedBranch(repository, branch);
  return now !== commit && (await isWithin(repository, commit, now)) ? now : commit;
}

async function publish(attempt: Attempt, { simulation }: Became, at: string): Promise<readonly PublishedConfig[]> {
  const { context } = attempt;
  const ahead = await configsOf(context, simulation, at, true);
  if (ahead.length === 0) return [];
  await attempt.tell('change.publishing', { configs: ahead.map(({ parameter }) => parameter) }, { outcome: 'intent' });
  const configs = await configsOf(context, simulation, at, false);
  const refused = refusedIn({ configs });
  if (refused !== undefined) throw refused;
  await attempt.tell('change.published', {
    configs: configs.map(({ parameter, outcome, version }) => ({ parameter, outcome, version })),
  });
  return configs;
}

async function deployIt(
  attempt: Attempt,
  { parallelism, failFast, verify, takeOver }: ApplyOptions,
  face: DeployFace,
  { simulation }: Became,
  on: string,
): Promise<DeployAnswer | undefined> {
  const { context, id } = attempt;
  const { run } = partsOf(simulation);
  if (run.size === 0) return undefined;
  const idle = await neverDeployed(context, simulation);
  const { event } = await attempt.tell('change.deploying', { on, components: run.size }, { outcome: 'intent' });
  const query = {
    ...{ selection: [], all: false, beside: run, idle, at: on, approval: id, cause: event.id },
    ...(parallelism === undefined ? {} : { parallelism }),
    ...(failFast === undefined ? {} : { failFast }),
    ...(verify === undefined ? {} : { verify }),
    ...(takeOver === undefined ? {} : { takeOver }),
  };
  // Whoever said yes to the change said yes to what it runs.
  const deployed = await deploy(context, query, {
    ...face,
    confirm: async (question) => {
      face.begin?.(question);
      return true;
    },
  });
  if (deployed.outcome === 'finished')
    await attempt.tell('change.deployed', { deploy: deployed.deploy, runs: countsOf(deployed) });
  return deployed;
}

function countsOf({ members }: DeployAnswer): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of members) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function whyFailed(deployed: DeployAnswer): Readonly<Record<string, unknown>> {
  const failed = deployed.members.filter(({ state }) => state === 'failed');
  const [first] = failed;
  const more = failed.length > 1 ? ` and ${failed.length - 1} more` : '';
  const code = deployed.outcome === 'interrupted' ? 'KARMA_INTERRUPTED' : (first?.code ?? 'KARMA_RUN_FAILED');
  const message =
    first === undefined ? `the deploy ${deployed.outcome}` : `${first.key} failed${more}: ${first.reason ?? ''}`;
  const ran = deployed.members.map(({ key, state }) => ({ key, state }));
  return { code, message, deploy: deployed.deploy, ran };
}

/** The graph is a projection: whatever is wrong with it, the change stands in Git and in the ledger. */
async function publishGraph(context: EngineContext): Promise<number | undefined> {
  try {
    return (await build(context)).version;
  } catch (error) {
    if (!(error instanceof KarmaError)) throw error;
    context.report({ kind: 'note', text: `the graph was not published: ${error.message}` });
    return undefined;
  }
}

async function finish(
  attempt: Attempt,
  { commit, simulation }: Became,
  deployed: DeployAnswer | undefined,
  version: number | undefined,
): Promise<Change> {
  const { reverts } = await attempt.change();
  const { left } = partsOf(simulation);
  const { change } = await attempt.tell(
    'change.applied',
    {
      commit,
      ...(deployed === undefined ? {} : { deploy: deployed.deploy, runs: countsOf(deployed) }),
      ...(version === undefined ? {} : { version }),
      ...(left.length === 0 ? {} : { left }),
    },
    reverts === undefined ? {} : await takenBack(attempt, reverts, commit),
  );
  return change;
}

/**
 * What a revert says of the change that it takes back. Somebody may have given it another content: then it is no word about what was
 * applied; what failed halfway is let go by it all the same, since people agreed that this ends it.
 */
async function takenBack(attempt: Attempt, reverts: string, commit: string): Promise<Parameters<Attempt['tell']>[2]> {
  const { repository, book } = await attempt.opened();
  const { state, apply: { commit: base = '', from: head = '' } = {} } = await book.get(reverts);
  const inverse = await replayTree(repository, `${commit}^`, { base, head });
  const isExact = 'tree' in inverse && inverse.tree === (await treeOf(repository, commit));
  if (!isExact && state === 'applied') return {};
  return { also: { name: reverts, action: 'change.reverted', details: { by: attempt.id, commit, exactly: isExact } } };
}
