import type { Refreshed } from '../consequence/drift.ts';
import { runActions } from '../consequence/run-events.ts';
import { isKarmaError } from '../model/errors.ts';
import { deploymentKey } from '../model/record.ts';
import type { RunJob } from '../run/port.ts';
import type { DeployOptions, DeployPorts, SetMember } from './set.ts';

/** More resources than a person reads: their number is kept with the first of them. */
const mostNamed = 500;

/**
 * Lets Terraform compare the real resources of deployments with their states, so many at once, and keeps what it said as
 * events. Nothing is applied and no state is written; what cannot be refreshed is answered with the reason.
 *
 * @throws KARMA_TOOL_MISSING
 */
export async function refreshSet(
  members: readonly SetMember[],
  ports: DeployPorts,
  options: Pick<DeployOptions, 'parallelism' | 'finishOnly' | 'stopNow'>,
): Promise<ReadonlyMap<string, Refreshed>> {
  const found = new Map<string, Refreshed>();
  const waiting = [...members];
  const worker = async () => {
    for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
      const key = deploymentKey(member.component, member.deployment);
      if (options.finishOnly?.aborted || options.stopNow?.aborted) {
        found.set(key, { failed: 'it was interrupted' });
        continue;
      }
      const refreshed = await refreshMember(key, member, ports, options);
      await keep(member, refreshed, ports);
      found.set(key, refreshed);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, options.parallelism) }, worker));
  return found;
}

async function refreshMember(
  key: string,
  member: SetMember,
  ports: DeployPorts,
  { stopNow }: Pick<DeployOptions, 'stopNow'>,
): Promise<Refreshed> {
  const run = ports.runId();
  ports.listen({ kind: 'state', key, state: 'planning', run });
  try {
    const { job: given, runner, refusal } = await ports.work(member);
    if (refusal !== undefined) throw refusal;
    const job: RunJob = { ...given, id: run, runFolder: ports.runFolder(run) };
    const signal = stopNow ?? new AbortController().signal;
    const listen = (progress: Parameters<Parameters<typeof runner.plan>[2]['listen']>[0]) =>
      ports.listen({ kind: 'progress', key, run, progress });
    try {
      const { drifted, madeOf } = await runner.plan(job, { mode: 'refresh-only' }, { signal, listen });
      ports.listen({ kind: 'state', key, state: 'finished', run });
      return { changed: drifted, state: madeOf };
    } finally {
      await runner.clean(job).catch(() => undefined);
    }
  } catch (error) {
    if (!isKarmaError(error) || error.code === 'KARMA_TOOL_MISSING') throw error;
    ports.listen({ kind: 'state', key, state: 'failed', run, reason: error.message });
    return { failed: error.message };
  }
}

async function keep(member: SetMember, refreshed: Refreshed, ports: DeployPorts): Promise<void> {
  const { ledger, clock, actor, door } = ports;
  const { component: subject, deployment, environment } = member;
  const told =
    'failed' in refreshed
      ? { message: refreshed.failed }
      : { drifted: refreshed.changed.length, resources: refreshed.changed.slice(0, mostNamed) };
  await ledger.append([
    {
      action: runActions.refreshed,
      actor,
      door,
      subject,
      outcome: 'failed' in refreshed ? 'failed' : 'ok',
      at: clock.now(),
      details: { deployment, ...told },
      ...(environment === '' ? {} : { environment }),
    },
  ]);
}
