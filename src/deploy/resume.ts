import { runActions } from '../consequence/run-events.ts';
import type { EventDraft } from '../model/event.ts';
import type { ChildProcessMark, RunState } from '../model/run.ts';
import type { RunControl, Runner } from '../run/port.ts';
import { isStillAlive } from '../run/process-mark.ts';
import type { AppendTogether } from '../stores/ledger/port.ts';
import { leaseName } from './deploy.ts';
import {
  type DeployDocument,
  deployKind,
  endDeploy,
  type RunDocument,
  runDocument,
  runKind,
  written,
} from './journal.ts';
import { holdLease, lent } from './lease.ts';
import { appendWithRecord, recordsOf } from './records.ts';
import type { DeployOptions, DeployPorts, DeploySet } from './set.ts';

/**
 * After a Karma that was killed: which deploys did not end, what was running in them, and whether it still runs. Settling
 * such a deploy waits for (or interrupts) the programs it left, writes down that their runs did not finish, and answers what
 * is left of the set, so that it can be deployed again. What had finished is not run twice.
 */
export interface InterruptedDeploy {
  readonly deploy: DeployDocument;
  readonly runs: readonly RunDocument[];
  /** Keys whose runs are over for good. */
  readonly done: readonly string[];
  /** Keys that were in the middle of something. */
  readonly inFlight: readonly string[];
  /** Keys that were never started. */
  readonly notStarted: readonly string[];
  /** Who runs it still: then it is not ours to settle. */
  readonly heldBy: string | undefined;
}

/** @param isAlive whether a process lives, as far as this host can tell; for another host: whether its lease still beats. */
export async function interruptedDeploys(
  ledger: DeployPorts['ledger'],
  isAlive: (deploy: DeployDocument) => boolean,
): Promise<readonly InterruptedDeploy[]> {
  const found: InterruptedDeploy[] = [];
  for (const { body } of await pages(ledger, deployKind)) {
    const deploy = body as DeployDocument;
    if (deploy.state !== 'running') continue;
    const runs = (await pages(ledger, runKind, `${deploy.id}/`))
      .filter(({ id }) => id.startsWith(`${deploy.id}/`))
      .map((one) => one.body as RunDocument);
    const states = new Map<string, RunState>(runs.map((one) => [one.key, one.state]));
    const keys = deploy.members.map((one) =>
      one.deployment === '' ? one.component : `${one.component}@${one.deployment}`,
    );
    found.push({
      deploy,
      runs,
      done: keys.filter((key) => states.get(key) === 'finished' || states.get(key) === 'skipped'),
      inFlight: keys.filter((key) => inFlight.has(states.get(key) ?? 'queued')),
      notStarted: keys.filter((key) => !states.has(key)),
      heldBy: isAlive(deploy) ? `${deploy.actor} (process ${deploy.pid} on ${deploy.host})` : undefined,
    });
  }
  return found;
}

const inFlight: ReadonlySet<RunState> = new Set(['planning', 'unconfirmed', 'applying']);

async function pages(ledger: DeployPorts['ledger'], kind: string, from = '') {
  const all: { readonly id: string; readonly body: unknown }[] = [];
  let after = from;
  for (;;) {
    const page = await ledger.listDocuments(kind, after === '' ? { limit: 200 } : { after, limit: 200 });
    all.push(...page);
    const last = page.at(-1)?.id;
    // Ids are sorted: past the prefix there is nothing more of it.
    if (page.length < 200 || last === undefined || (from !== '' && !last.startsWith(from))) return all;
    after = last;
  }
}

export interface SettleOptions {
  readonly living: 'wait' | 'interrupt';
  /** The last program a run started, out of its folder; undefined when there was none. */
  readonly markOf: (runFolder: string) => ChildProcessMark | undefined;
  readonly runner: Pick<Runner, 'rejoin'>;
  readonly control: RunControl;
  readonly options?: Pick<DeployOptions, 'leaseTtlMs' | 'takeOver'>;
}

export interface Settled {
  /** The whole set again; hand {@link alreadyDone} to `deploySet` with it. */
  readonly set: DeploySet;
  readonly alreadyDone: ReadonlySet<string>;
  /** What became of each program left behind. */
  readonly programs: readonly { readonly key: string; readonly was: 'was gone' | 'ended' }[];
}

/** @throws KARMA_LOCK_HELD while that deploy is alive, or somebody else settles it */
export async function settleDeploy(
  interrupted: InterruptedDeploy,
  ports: DeployPorts,
  how: SettleOptions,
): Promise<Settled> {
  const { deploy } = interrupted;
  const held = [];
  try {
    for (const environment of deploy.environments) {
      const name = leaseName(environment);
      const { leaseTtlMs, takeOver } = how.options ?? {};
      const more = {
        ...(leaseTtlMs === undefined ? {} : { ttlMs: leaseTtlMs }),
        ...(takeOver === undefined ? {} : { takeOver }),
      };
      const already = ports.held?.(name);
      held.push(
        already === undefined
          ? await holdLease(ports.ledger.leases, ports.clock, { name, holder: ports.holder, ...more })
          : lent(already),
      );
    }
    await ports.raiseFences?.(held.flatMap((one) => one.held));
    const [begun] = await ports.ledger.read({ action: runActions.deployStarted, subject: deploy.id, limit: 1 });
    const settling = {
      leases: held.flatMap((one) => one.held),
      ...(begun === undefined ? {} : { cause: begun.id }),
    };
    const programs = [];
    for (const run of interrupted.runs) {
      if (!inFlight.has(run.state)) continue;
      const mark = run.runFolder === '' ? undefined : how.markOf(run.runFolder);
      // It may take long, or hang: whoever waits must see for what.
      if (mark !== undefined && isStillAlive(mark, ports.holder.host))
        ports.listen({
          kind: 'note',
          key: run.key,
          text: `its program still runs (process ${mark.pid}) and is waited for`,
        });
      const was = mark === undefined ? ('was gone' as const) : await how.runner.rejoin(mark, how.living, how.control);
      programs.push({ key: run.key, was });
      for (const lease of held) await lease.check();
      await writeUnfinished(ports, deploy, run, settling);
    }
    for (const lease of held) await lease.check();
    const told = settledDraft(ports, deploy, interrupted, settling);
    await endDeploy(ports.ledger, deploy.id, 'settled', told, settling.leases);
    return { set: { id: deploy.id, components: deploy.members }, alreadyDone: new Set(interrupted.done), programs };
  } finally {
    await Promise.allSettled(held.map((one) => one.release()));
  }
}

/**
 * A run in flight did not finish, whatever its program did in the end: nobody recorded what it read and wrote. It may have
 * changed resources, so that those who look them up run again; the next run of it finds out and records it.
 */
interface Settling {
  readonly leases: NonNullable<AppendTogether['leases']>;
  /** The event that the deploy began with. */
  readonly cause?: string;
}

async function writeUnfinished(
  ports: DeployPorts,
  deploy: DeployDocument,
  run: RunDocument,
  settling: Settling,
): Promise<void> {
  const { ledger } = ports;
  const kept = await recordsOf(ledger, run.component, run.deployment);
  // The record was written and only the last word is missing: then it did finish.
  const finished = kept?.last.id === run.run;
  const touched = run.state === 'applying';
  const record =
    kept === undefined || !touched || finished
      ? undefined
      : {
          ...kept.last,
          id: run.run,
          outcome: 'failed' as const,
          reconstructed: false,
          at: ports.clock.now(),
          cloudChange: run.run,
        };
  const about = { deploy: deploy.id, run: run.run, deployment: run.deployment };
  const why = { code: 'KARMA_INTERRUPTED', message: 'Karma was killed while it ran' };
  const draft = finished
    ? draftOf(ports, runActions.settled, run.component, 'ok', about, settling)
    : draftOf(
        ports,
        runActions.failed,
        run.component,
        'failed',
        {
          ...about,
          ...why,
          ...(record === undefined ? {} : { record }),
        },
        settling,
      );
  const state = finished ? 'finished' : 'failed';
  await appendWithRecord(ledger, [draft], record, {
    leases: settling.leases,
    beside: async () => [await written(ledger, runDocument({ ...run, state }))],
  });
}

function settledDraft(
  ports: DeployPorts,
  deploy: DeployDocument,
  { done, inFlight, notStarted }: InterruptedDeploy,
  settling: Settling,
) {
  const counts = { done: done.length, inFlight: inFlight.length, notStarted: notStarted.length };
  return draftOf(ports, runActions.deploySettled, deploy.id, 'ok', { deploy: deploy.id, counts }, settling);
}

function draftOf(
  { clock, actor, door }: DeployPorts,
  action: string,
  subject: string,
  outcome: EventDraft['outcome'],
  details: EventDraft['details'],
  { cause }: Settling,
): EventDraft {
  const because = cause === undefined ? {} : { cause };
  return { action, actor, door, subject, outcome, at: clock.now(), ...because, details };
}
