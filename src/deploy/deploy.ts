import { runActions } from '../consequence/run-events.ts';
import { notPassed } from '../model/check.ts';
import { byCodeUnit } from '../model/digest.ts';
import { isKarmaError } from '../model/errors.ts';
import { deploymentKey } from '../model/record.ts';
import { Journal } from './journal.ts';
import { type HeldLease, holdLease, lent } from './lease.ts';
import type { RunContext } from './member-run.ts';
import { runMember } from './run-one.ts';
import { Schedule } from './schedule.ts';
import type { DeployOptions, DeployPorts, DeployResult, DeploySet, MemberResult, SetMember } from './set.ts';

/**
 * Deploys a set: takes the lease of each environment, then lets the ready queue go, so many at once, until nothing is left.
 * What happens to one component stands in `run-one.ts`, what may start when in `schedule.ts`.
 *
 * @throws KARMA_LOCK_HELD, and KARMA_REFUSED when no order exists; what fails in a component is in the result.
 */
export async function deploySet(set: DeploySet, ports: DeployPorts, options: DeployOptions): Promise<DeployResult> {
  return runSet(set, ports, options, 'apply', runMember);
}

type MemberRunner = (context: RunContext, member: SetMember) => Promise<MemberResult>;

/** The frame that deploy and destroy share. */
export async function runSet(
  set: DeploySet,
  ports: DeployPorts,
  options: DeployOptions,
  action: 'apply' | 'destroy',
  run: MemberRunner,
): Promise<DeployResult> {
  const members = new Map(set.components.map((one) => [deploymentKey(one.component, one.deployment), one]));
  const schedule = scheduleOf(members, options, action === 'destroy');
  const environments = [...new Set(set.components.map((one) => one.environment))].sort(byCodeUnit);
  const leases = await holdAll(environments, ports, options);
  const stopping = new AbortController();
  const stop = AbortSignal.any([stopping.signal, ...leases.map((one) => one.lost), ...present(options.stopNow)]);
  try {
    const lease = joined(leases);
    await ports.raiseFences?.(lease.held);
    const journal = new Journal(ports, set, lease.held);
    await journal.begin(action, environments, options.cause);
    ports.listen({ kind: 'deploy', state: 'started', deploy: set.id, components: members.size });
    const context = { ports, options, journal, lease, deploy: set.id, stop };
    const results = await drain(schedule, members, context, run);
    const outcome = outcomeOf(results, options);
    const leaseLost = !(await journal.end(outcome, countStates(results), lease));
    ports.listen({ kind: 'deploy', state: 'ended', deploy: set.id, components: members.size });
    const sorted = results.sort((a, b) => byCodeUnit(a.key, b.key));
    return { deploy: set.id, outcome, members: sorted, ...(leaseLost ? { leaseLost } : {}) };
  } finally {
    stopping.abort();
    await Promise.allSettled(leases.map((one) => one.release()));
  }
}

function scheduleOf(members: ReadonlyMap<string, SetMember>, options: DeployOptions, backwards: boolean): Schedule {
  const left = [...members].filter(([key]) => !options.alreadyDone?.has(key));
  const nodes = left.map(([id, { dependsOn, weight }]) => ({
    id,
    dependsOn,
    ...(weight === undefined ? {} : { weight }),
  }));
  return new Schedule(nodes, { backwards, failFast: options.failFast === true });
}

/** In sorted order, so that two deploys over the same environments never wait for each other. */
async function holdAll(
  environments: readonly string[],
  ports: DeployPorts,
  options: DeployOptions,
): Promise<HeldLease[]> {
  const held: HeldLease[] = [];
  try {
    for (const environment of environments) {
      const already = ports.held?.(leaseName(environment));
      if (already !== undefined) {
        held.push(lent(already));
        continue;
      }
      const lease = {
        name: leaseName(environment),
        holder: ports.holder,
        ...(options.leaseTtlMs === undefined ? {} : { ttlMs: options.leaseTtlMs }),
        ...(options.takeOver === undefined ? {} : { takeOver: options.takeOver }),
      };
      held.push(await holdLease(ports.ledger.leases, ports.clock, lease));
    }
    return held;
  } catch (error) {
    await Promise.allSettled(held.map((one) => one.release()));
    throw error;
  }
}

export function leaseName(environment: string): string {
  return `environment:${environment}`;
}

/** Several environments are one lease to a run: all must still be held. */
function joined(leases: readonly HeldLease[]): HeldLease {
  return {
    fence: Math.max(0, ...leases.map((one) => one.fence)),
    held: leases.flatMap((one) => one.held),
    lost: AbortSignal.any(leases.map((one) => one.lost)),
    check: async () => {
      for (const one of leases) await one.check();
    },
    lose: () => {
      for (const one of leases) one.lose();
    },
    release: async () => undefined,
  };
}

async function drain(
  schedule: Schedule,
  members: ReadonlyMap<string, SetMember>,
  context: RunContext,
  run: MemberRunner,
): Promise<MemberResult[]> {
  const results: MemberResult[] = [];
  const going = new Map<string, Promise<{ readonly key: string; readonly result: MemberResult }>>();
  const { options } = context;
  for (;;) {
    const halted = options.finishOnly?.aborted === true || context.stop.aborted;
    if (halted) results.push(...(await discard(context, members, schedule.stop(), whyHalted(context))));
    for (const key of schedule.ready()) {
      if (going.size >= Math.max(1, options.parallelism)) break;
      const member = members.get(key);
      if (member === undefined) continue;
      schedule.start(key);
      context.ports.listen({ kind: 'state', key, state: 'ready' });
      going.set(
        key,
        run(context, member).then((result) => ({ key, result })),
      );
    }
    if (going.size === 0) return results;
    const { key, result } = await oneOf(going);
    going.delete(key);
    results.push(result);
    const good = isGood(result, options);
    const behind = schedule.finish(key, good ? 'done' : 'failed');
    const why = good ? '' : `${key} ${whyNotGood(result)}`;
    results.push(...(await discard(context, members, behind, why)));
  }
}

function isGood({ state, checks }: MemberResult, { verify }: DeployOptions): boolean {
  if (state !== 'finished' && state !== 'skipped') return false;
  return verify !== true || notPassed(checks).length === 0;
}

function whyNotGood({ state, checks }: MemberResult): string {
  if (state === 'failed') return 'failed';
  return notPassed(checks).length > 0 ? 'did not pass its checks' : 'did not run';
}

function whyHalted({ lease }: RunContext): string {
  return lease.lost.aborted ? 'the lease passed to someone else' : 'the deploy was interrupted';
}

/** When one of them throws, Karma itself is broken: the others are asked to stop, and waited for. */
async function oneOf<V>(going: ReadonlyMap<string, Promise<V>>): Promise<V> {
  try {
    return await Promise.race(going.values());
  } catch (error) {
    await Promise.allSettled(going.values());
    throw error;
  }
}

async function discard(
  context: RunContext,
  members: ReadonlyMap<string, SetMember>,
  keys: readonly string[],
  reason: string,
): Promise<MemberResult[]> {
  if (keys.length === 0) return [];
  const { journal, ports } = context;
  const drafts = keys.map((key) => {
    const member = members.get(key);
    const details = { reason, deployment: member?.deployment ?? '' };
    return journal.draft(
      runActions.discarded,
      member?.component ?? key,
      'ok',
      details,
      journal.cause,
      member?.environment,
    );
  });
  // With the lease lost somebody else speaks for these components; the result says enough.
  await unlessLost(context, () => journal.append(drafts));
  for (const key of keys) ports.listen({ kind: 'state', key, state: 'discarded', reason });
  return keys.map((key) => ({ key, state: 'discarded', reason }));
}

async function unlessLost({ lease }: RunContext, write: () => Promise<unknown>): Promise<void> {
  if (lease.lost.aborted) return;
  try {
    await write();
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_LEASE_LOST') throw error;
  }
}

function outcomeOf(results: readonly MemberResult[], options: DeployOptions): DeployResult['outcome'] {
  const stopped = options.finishOnly?.aborted === true || options.stopNow?.aborted === true;
  if (results.some((one) => one.state === 'failed' && one.code !== 'KARMA_INTERRUPTED')) return 'failed';
  if (stopped && results.some((one) => one.state === 'discarded' || one.code === 'KARMA_INTERRUPTED'))
    return 'interrupted';
  return results.every((one) => isGood(one, options)) ? 'finished' : 'failed';
}

export function countStates(results: readonly MemberResult[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { state } of results) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function present(signal: AbortSignal | undefined): AbortSignal[] {
  return signal === undefined ? [] : [signal];
}
