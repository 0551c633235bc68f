import { runActions } from '../consequence/run-events.ts';
import { byCodeUnit, digestOf } from '../model/digest.ts';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import { deploymentKey, type RunRecord } from '../model/record.ts';
import type { ReferenceRow } from '../model/reference.ts';
import type { RunJob } from '../run/port.ts';
import { runSet } from './deploy.ts';
import { publishRuntime } from './publish.ts';
import { allRecords, keepRecord, recordsOf } from './records.ts';
import { dependenciesOf, type RunContext } from './run-one.ts';
import type {
  ComponentWork,
  DeployOptions,
  DeployPorts,
  DeployResult,
  DeploySet,
  MemberResult,
  SetMember,
} from './set.ts';

/**
 * Destroys a set, backwards: first what depends on others, then those. The order comes from the recorded graph, what each
 * deployment really consumed when it last ran, together with the references of now; so it also works for what is in no config
 * any more. What somebody outside the set still consumes is refused.
 */
export async function destroySet(
  set: DeploySet,
  ports: DeployPorts,
  options: DeployOptions,
  references: readonly ReferenceRow[],
): Promise<DeployResult> {
  const records = await allRecords(ports.ledger);
  const left = remainingConsumers(
    set,
    [...records.values()].flatMap((one) => one.finished ?? []),
    references,
  );
  if (left.length > 0) {
    const list = left.map(({ consumer, provider }) => `${consumer} (of ${provider})`).join(', ');
    throw new KarmaError('KARMA_REFUSED', `still consumed by ${list}`, {
      hint: 'destroy those first, or select them too',
      details: { consumers: left },
    });
  }
  const components = set.components.map((member) => {
    const record = records.get(deploymentKey(member.component, member.deployment))?.finished;
    const recorded = (record?.dependsOn ?? []).flatMap((provider) =>
      set.components
        .filter((one) => one.component === provider)
        .map((one) => deploymentKey(one.component, one.deployment)),
    );
    return { ...member, dependsOn: [...new Set([...member.dependsOn, ...recorded])].sort(byCodeUnit) };
  });
  return runSet({ ...set, components }, ports, options, 'destroy', destroyMember);
}

/** Consumers that stay though what they consume would go; sorted. */
export function remainingConsumers(
  set: DeploySet,
  records: readonly RunRecord[],
  references: readonly ReferenceRow[],
): readonly { readonly consumer: string; readonly provider: string }[] {
  const going = new Set(set.components.map((one) => one.component));
  const found = new Map<string, { consumer: string; provider: string }>();
  const add = (consumer: string, provider: string) => {
    if (going.has(consumer) || !going.has(provider)) return;
    found.set(`${consumer}\n${provider}`, { consumer, provider });
  };
  const deployed = new Set(records.map((one) => one.component));
  for (const record of records) for (const provider of record.dependsOn) add(record.component, provider);
  // A reference of now counts only for what is deployed: a config that never ran holds on to nothing.
  for (const one of references) if (one.strength === 'proven' && deployed.has(one.from)) add(one.from, one.to);
  return [...found].sort(([a], [b]) => byCodeUnit(a, b)).map(([, one]) => one);
}

async function destroyMember(context: RunContext, member: SetMember): Promise<MemberResult> {
  const key = deploymentKey(member.component, member.deployment);
  const { ports, journal, deploy } = context;
  const begun = ports.clock.monotonic();
  const run = ports.runId();
  const runFolder = ports.runFolder(run);
  const enter = async (state: MemberResult['state'], reason?: string) => {
    const { component, deployment } = member;
    await journal.run({ deploy, key, state, run, runFolder, component, deployment });
    ports.listen({ kind: 'state', key, state, run, ...(reason === undefined ? {} : { reason }) });
  };
  const seconds = () => Math.round(ports.clock.monotonic() - begun) / 1000;
  try {
    const work = await ports.work(member);
    const job: RunJob = { ...work.job, id: run, runFolder };
    try {
      return { key, run, ...(await destroyWork(context, member, work, job, enter)), seconds: seconds() };
    } finally {
      await work.runner.clean(job).catch(() => undefined);
    }
  } catch (error) {
    if (!isKarmaError(error)) throw error;
    const because = {
      reason: error.message,
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
    if (error.code !== 'KARMA_LEASE_LOST') {
      await journal.append([
        journal.draft(runActions.failed, member.component, 'failed', {
          run,
          action: 'destroy',
          code: error.code,
          message: error.message,
        }),
      ]);
      await enter('failed', error.message);
    }
    return { key, run, state: 'failed', seconds: seconds(), ...because };
  }
}

async function destroyWork(
  context: RunContext,
  member: SetMember,
  work: ComponentWork,
  job: RunJob,
  enter: (state: MemberResult['state'], reason?: string) => Promise<void>,
): Promise<Pick<MemberResult, 'state' | 'changes' | 'reason'>> {
  const { ports, options, journal, lease } = context;
  const control = {
    signal: context.stop,
    listen: (progress: Parameters<typeof work.runner.plan>[2]['listen'] extends (one: infer P) => void ? P : never) =>
      ports.listen({
        kind: 'progress',
        key: deploymentKey(member.component, member.deployment),
        run: job.id,
        progress,
      }),
  };
  await lease.check();
  await enter('planning');
  const plan = await work.runner.plan(job, { mode: 'destroy' }, control);
  if (options.approve !== undefined && plan.anyChange) {
    await enter('unconfirmed');
    if (!(await options.approve(member, plan))) {
      await enter('discarded', 'its plan was declined');
      return { state: 'discarded', reason: 'its plan was declined' };
    }
  }
  await lease.check();
  await enter('applying');
  const draft = (action: string, outcome: 'ok' | 'intent', details: Readonly<Record<string, unknown>>) =>
    journal.draft(
      action,
      member.component,
      outcome,
      { run: job.id, fence: lease.fence, ...details },
      journal.cause,
      member.environment,
    );
  await journal.append([draft(runActions.destroying, 'intent', { plan: plan.digest, changes: plan.changes })]);
  await lease.check();
  if (plan.anyChange) await work.runner.apply(job, plan, control);
  const published =
    work.publish === undefined
      ? undefined
      : await publishRuntime(
          journal,
          {
            ...work.publish,
            runtime: {},
            at: ports.clock.now(),
            actor: ports.actor,
            subject: member.component,
            run: job.id,
            environment: member.environment,
          },
          () => lease.check(),
        );
  const kept = await recordsOf(ports.ledger, member.component, member.deployment);
  const record: RunRecord = {
    ...work.inputs,
    id: job.id,
    action: 'destroy',
    source: 'run',
    reconstructed: false,
    at: ports.clock.now(),
    outcome: 'finished',
    actor: ports.actor,
    planDigest: plan.digest,
    outputs: {},
    version: digestOf({}),
    cloudChange: job.id,
    dependsOn: kept?.finished?.dependsOn ?? dependenciesOf(work.inputs),
  };
  const destroyed = draft(runActions.destroyed, 'ok', { changes: plan.changes, record });
  await journal.append(published === undefined ? [destroyed] : [published, destroyed]);
  await keepRecord(ports.ledger, record);
  await enter('finished');
  return { state: 'finished', changes: plan.changes };
}
