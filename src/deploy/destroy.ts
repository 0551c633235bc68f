import { byCodeUnit } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { deploymentKey } from '../model/record.ts';
import { runSet } from './deploy.ts';
import { MemberRun, type RunContext } from './member-run.ts';
import { allRecords } from './records.ts';
import { type Consumers, remainingConsumers } from './remaining-consumers.ts';
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
  consumers: Omit<Consumers, 'records'>,
): Promise<DeployResult> {
  const records = await allRecords(ports.ledger);
  refuseConsumed(set, { ...consumers, records: [...records.values()].flatMap((one) => one.finished ?? []) });
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

/** @throws KARMA_REFUSED with who stays and consumes what would go */
export function refuseConsumed(set: DeploySet, consumers: Consumers): void {
  const left = remainingConsumers(set, consumers);
  if (left.length === 0) return;
  const list = left.map(({ consumer, provider }) => `${consumer} (of ${provider})`).join(', ');
  throw new KarmaError('KARMA_REFUSED', `still consumed by ${list}`, {
    hint: left.some(({ outside }) => outside !== true)
      ? 'destroy those first, or select them too'
      : '`consumers` in karma.yaml names who reads it from outside: take them out there when they read it no more',
    details: { consumers: left },
  });
}

async function destroyMember(context: RunContext, member: SetMember): Promise<MemberResult> {
  const run = new MemberRun(context, member, 'destroy');
  let work: ComponentWork | undefined;
  try {
    work = await context.ports.work(member);
    return await destroy(run, work);
  } catch (error) {
    return run.fail(error, work);
  }
}

async function destroy(run: MemberRun, work: ComponentWork): Promise<MemberResult> {
  const kept = await run.kept();
  const job = await run.open(work);
  try {
    const plan = await work.runner.plan(job, { mode: 'destroy' }, run.control());
    if (!(await run.isApproved(plan))) return run.result({ reason: 'its plan was declined' });
    if (plan.anyChange) await run.apply(work, job, plan);
    await run.context.lease.check();
    // A store forgets no parameter: a runtime of nothing is what is left to read.
    const published = await run.publish(work, {});
    const record = run.record(work, kept, { plan, outputs: {}, outcome: 'finished' });
    return await run.conclude(record, plan.changes, published);
  } finally {
    await work.runner.clean(job).catch(() => undefined);
  }
}
