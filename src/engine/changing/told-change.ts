import type { ApprovalStanding } from '../../change/approval.ts';
import { type Change, changeNumber } from '../../change/change.ts';
import { consequenceDigest } from '../../change/consequence.ts';
import { type Relation, relationOf } from '../../change/footprint.ts';
import { goTogether } from '../../change/go-together.ts';
import type { Blocker, Simulation } from '../../change/simulation.ts';
import { isOpen, mayFollow } from '../../change/states.ts';
import { type Clause, type Move, smallestUnblocking, type Unblocking } from '../../change/unblock.ts';
import { canonicalJson } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { commitsHeld, type Merged, mergeTrees } from '../../observe/git/content-commit.ts';
import type { EngineContext } from '../context.ts';
import { approvalOf } from './approving.ts';
import { keptSimulation } from './kept-simulation.ts';
import type { OpenedChanges } from './opened-changes.ts';
import { blockersOfPolicies, inputOf, judgePolicies, type PolicyVerdict, policiesInForce } from './policies.ts';
import { simulate, simulatedDraft, upheldDraft } from './simulate.ts';

/** A change with what it would do now, and how it stands to every other one that is open. */
export interface SimulatedChange {
  readonly change: Change;
  readonly simulation: Simulation;
  readonly others: readonly Relation[];
  /** What blocks it, other changes included. */
  readonly blockers: readonly Blocker[];
  readonly unblocking: Unblocking;
  /** What the estate's policies say of it; those that say nothing are left out. */
  readonly policies: readonly PolicyVerdict[];
  /** Who must agree to it, and who did. */
  readonly approval: ApprovalStanding;
  /** Digest of all that it does: what somebody agrees to. */
  readonly consequence: string;
  /** The last event about it. */
  readonly event?: LedgerEvent;
}

/**
 * Brings what is known of a change up to date: simulated anew where the followed ref moved, or where that is asked for. A change that
 * is over is told as it was last.
 * @param keeps whether what is found, and the state that follows from it, is written
 */
export async function bringUpToDate(
  context: EngineContext,
  opened: OpenedChanges,
  name: string,
  { anew = false, keeps = false }: { readonly anew?: boolean; readonly keeps?: boolean } = {},
): Promise<SimulatedChange> {
  const change = await opened.book.get(name);
  await mustBeHeld(opened, change);
  const ledger = await context.stores.ledger();
  const known = change.simulation;
  const isOver = !isOpen(change.state);
  const kept = known === undefined ? undefined : await keptSimulation(ledger, known.digest);
  if (
    kept !== undefined &&
    known !== undefined &&
    (isOver || change.merged !== undefined || (!anew && known.on === opened.followed.commit))
  ) {
    if (isOver)
      return {
        change,
        simulation: kept,
        others: [],
        policies: [],
        blockers: kept.blockers,
        unblocking: unblockingOf(kept.blockers),
        approval: overStanding(change),
        consequence: consequenceDigest(kept),
      };
    return settled(context, opened, change, { simulation: kept, as: known, keeps });
  }
  const found = await simulate(context, opened, change);
  if (keeps) await ledger.putObject(new TextEncoder().encode(canonicalJson(found.simulation)));
  return settled(context, opened, change, { ...found, keeps });
}

async function settled(
  context: EngineContext,
  opened: OpenedChanges,
  change: Change,
  {
    simulation,
    as,
    keeps,
  }: { readonly simulation: Simulation; readonly as: NonNullable<Change['simulation']>; readonly keeps: boolean },
): Promise<SimulatedChange> {
  const others = await relationsOf(context, opened, change, simulation);
  const policies = await verdictsOn(context, opened, change, simulation);
  const blockers = [...simulation.blockers, ...clashesOf(change, others), ...blockersOfPolicies(policies)];
  const blocked = blockers.map(({ code, subject }) => `${code} ${subject}`);
  const isSame = canonicalJson(change.simulation ?? null) === canonicalJson(as);
  const approval = await approvalOf(context, opened, change, { simulation, as }, policies);
  const wanted = wantedState(change, { blocked, isSame }, approval);
  const told = {
    simulation,
    others,
    blockers,
    policies,
    unblocking: unblockingOf(await withOthers(context, opened, change, blockers)),
    approval,
    consequence: consequenceDigest(simulation),
  };
  const isFixed = change.state === 'applying' || change.state === 'failed' || change.merged !== undefined;
  if (isFixed || (isSame && change.state === wanted)) return { change, ...told };
  // Who only looks is told what the state is now, not what it was when somebody last kept it.
  if (!keeps) return { change: { ...change, state: wanted, simulation: as }, ...told };
  const gone = approval.given.filter(({ holds }) => !holds);
  const step = await opened.book.step(change.id, (now) => {
    const draft =
      change.state === 'approved' && wanted === 'approved'
        ? upheldDraft(context, now, as)
        : simulatedDraft(context, now, { simulation, as }, blocked, gone);
    // Somebody else gave it another content meanwhile, or began to apply it: this is not about that.
    return now.head === change.head && mayFollow(now.state, draft.action) ? draft : undefined;
  });
  return step === undefined
    ? { change: await opened.book.get(change.id), ...told }
    : { change: step.change, event: step.event, ...told };
}

/** An approved change stays so while all that is asked is met, and what was agreed to is what it is. */
function wantedState(
  change: Change,
  { blocked, isSame }: { readonly blocked: readonly string[]; readonly isSame: boolean },
  { met, given }: ApprovalStanding,
): Change['state'] {
  if (blocked.length > 0) return 'blocked';
  const isAgreed = met && given.every(({ holds }) => holds);
  if (change.state === 'approved' && isAgreed) return 'approved';
  // Plans are of one moment.
  return change.state === 'planned' && isSame ? 'planned' : 'simulated';
}

/** Of a change that is over nobody is asked anything. */
function overStanding({ approvals = [] }: Change): ApprovalStanding {
  return { asked: [], given: approvals.map((one) => ({ ...one, holds: true })), met: true };
}

/** What the policies in force say; of a change that does nothing any more, nothing. */
export async function verdictsOn(
  context: EngineContext,
  opened: OpenedChanges,
  change: Parameters<typeof inputOf>[2],
  simulation: Simulation,
): Promise<readonly PolicyVerdict[]> {
  const policies = await policiesInForce(context, opened);
  return policies.length === 0 ? [] : judgePolicies(policies, await inputOf(context, opened, change, simulation));
}

/** @throws KARMA_NOT_CONFIGURED where the content is in another clone */
async function mustBeHeld({ repository }: OpenedChanges, { id, head, base }: Change): Promise<void> {
  const held = await commitsHeld(repository, [head, base]);
  if (held.has(head) && held.has(base)) return;
  throw new KarmaError('KARMA_NOT_CONFIGURED', `the content of ${id} is not in this clone`, {
    hint: "`git fetch origin 'refs/karma/changes/*:refs/karma/changes/*'` brings it, where it was pushed",
    details: { change: id, commit: held.has(head) ? base : head },
  });
}

/** So many others Git is asked about; of the rest it is not known whether their files go together, so they wait. */
const mostMerges = 100;

/** How a change stands to every other open one that was looked into. O(open changes), Git is asked only about those that share files. */
export async function relationsOf(
  context: EngineContext,
  { book, repository }: OpenedChanges,
  change: Pick<Change, 'id'>,
  simulation: Simulation,
): Promise<readonly Relation[]> {
  const { footprint, head } = simulation;
  const ledger = await context.stores.ledger();
  const relations: Relation[] = [];
  const others = (await book.all()).filter(({ id, state }) => id !== change.id && isOpen(state));
  const heads = others.flatMap((other) => (other.simulation === undefined ? [] : [other.simulation.head]));
  const held = await commitsHeld(repository, heads);
  let asked = 0;
  const merge = async (theirs: Simulation, there: string): Promise<Merged> => {
    if (!held.has(there)) return { untold: 'its content is in another clone' };
    if (goTogether(simulation, theirs)) return { tree: '' };
    asked += 1;
    return asked > mostMerges
      ? { untold: `Git was asked about ${mostMerges} others that write the same files` }
      : mergeTrees(repository, head, there);
  };
  for (const other of others) {
    const theirs = other.simulation === undefined ? undefined : await keptSimulation(ledger, other.simulation.digest);
    if (other.simulation === undefined || theirs === undefined) {
      relations.push({
        change: other.id,
        is: 'waits',
        over: ['it was not simulated yet'],
        more: 0,
        first: firstOf(change.id, other.id),
      });
      continue;
    }
    // What is part of the followed ref already is what this one is laid over: Git has nothing to put together.
    const isThere = other.apply?.committed === true || other.merged !== undefined;
    const merged: Merged = isThere ? { tree: '' } : await merge(theirs, other.simulation.head);
    const { is, over, more } = relationOf(footprint, theirs.footprint, 'tree' in merged ? undefined : merged);
    relations.push({
      ...{ change: other.id, is, over, more },
      ...(is === 'commutes' ? {} : { first: firstOf(change.id, other.id) }),
    });
  }
  return relations;
}

/** The earlier of two; a new one that has no number yet is the later. */
function firstOf(one: string, other: string): string {
  const [a, b] = [changeNumber(one) ?? Number.POSITIVE_INFINITY, changeNumber(other) ?? Number.POSITIVE_INFINITY];
  return a < b ? one : other;
}

/**
 * An earlier change that says something else of the same blocks a later one, not the other way round. What takes an applied change
 * back waits for no proposal.
 */
export function clashesOf(
  { id, reverts }: Pick<Change, 'id' | 'reverts'>,
  others: readonly Relation[],
): readonly Blocker[] {
  if (reverts !== undefined) return [];
  return others.flatMap(({ change, is, first, over }) =>
    is !== 'clashes' || first === id
      ? []
      : [
          {
            ...{ code: 'clash', subject: change, key: over.join(' ') },
            message: `${change} says something else of ${over.join(', ')}`,
            clauses: [
              [
                { kind: 'cancel', what: change, say: `${change} is cancelled` },
                {
                  kind: 'apply',
                  what: change,
                  say: `${change} is applied first, and this one is revised on top of it`,
                },
              ] satisfies Clause,
            ],
          },
        ],
  );
}

/** Where another open change does what would unblock this one, it is a way too. */
async function withOthers(
  context: EngineContext,
  { book }: OpenedChanges,
  { id }: Pick<Change, 'id'>,
  blockers: readonly Blocker[],
): Promise<readonly Blocker[]> {
  if (blockers.length === 0) return blockers;
  const ledger = await context.stores.ledger();
  const writers = new Map<string, Set<string>>();
  for (const other of await book.all()) {
    if (other.id === id || !isOpen(other.state) || other.simulation === undefined) continue;
    const theirs = await keptSimulation(ledger, other.simulation.digest);
    for (const { from, to } of theirs?.graph.referencesRemoved ?? []) add(writers, `${from} ${to}`, other.id);
    for (const { from, to, consumesRemoved } of theirs?.graph.referencesChanged ?? [])
      for (const pointer of consumesRemoved) add(writers, `${from} ${to}#${pointer}`, other.id);
    for (const component of theirs?.comparison.added ?? []) add(writers, component, other.id);
  }
  const also = (blocker: Blocker, { kind, what }: Move): readonly Move[] => {
    const names =
      kind === 'create'
        ? [...writers.keys()].filter((name) => what === name || what.endsWith(`:${name}`))
        : kind === 'edit'
          ? lostBy(what, blocker)
          : [];
    return [...new Set(names.flatMap((name) => [...(writers.get(name) ?? [])]))].map((change) => ({
      ...{ kind: 'apply', what: change, say: `${change} is applied first` },
    }));
  };
  return blockers.map((one) => ({
    ...one,
    clauses: one.clauses.map((clause) => [...clause, ...clause.flatMap((move) => also(one, move))]),
  }));
}

/** The reads that would have to go, as {@link withOthers} names them. */
function lostBy(reader: string, { code, subject, key }: Blocker): readonly string[] {
  if (code === 'contract-broken' && reader !== subject) return [`${reader} ${subject}`, `${reader} ${subject}#${key}`];
  if (code === 'contract-mismatch' && reader === subject) return [`${reader} ${key.split('#')[0]}`, `${reader} ${key}`];
  return [];
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, new Set([value]));
  else known.add(value);
}

export function unblockingOf(blockers: readonly Blocker[]): Unblocking {
  return smallestUnblocking(blockers.flatMap(({ clauses }) => clauses));
}
