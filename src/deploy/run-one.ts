import { noChanges } from '../model/run.ts';
import { outputDigestsOf, runtimeOf } from '../run/outputs.ts';
import { cutoffOf } from './cutoff-of.ts';
import { guardContract, guardNewState } from './guards.ts';
import { MemberRun, type RunContext } from './member-run.ts';
import type { KeptRecords } from './records.ts';
import type { ComponentWork, MemberResult, SetMember } from './set.ts';

/** One component of a deploy: cut off with its proof, or planned, applied, published and recorded. */
export async function runMember(context: RunContext, member: SetMember): Promise<MemberResult> {
  const run = new MemberRun(context, member, 'apply');
  let work: ComponentWork | undefined;
  try {
    work = await context.ports.work(member);
    if (work.refusal !== undefined) throw work.refusal;
    const kept = await run.kept();
    const skipped = context.options.cutoff === false ? undefined : await cutOff(run, work, kept);
    return skipped ?? (await execute(run, work, kept));
  } catch (error) {
    return run.fail(error, work);
  }
}

async function cutOff(
  run: MemberRun,
  work: ComponentWork,
  kept: KeptRecords | undefined,
): Promise<MemberResult | undefined> {
  const decision = await cutoffOf(run.member, work, kept);
  if (!decision.skip) {
    run.note(`runs, because ${decision.reasons.map((one) => one.text).join('; ')}`);
    return undefined;
  }
  const { proof } = decision;
  await run.context.lease.check();
  await run.skip(proof);
  return run.result({ proof });
}

async function execute(run: MemberRun, work: ComponentWork, kept: KeptRecords | undefined): Promise<MemberResult> {
  const { options } = run.context;
  const job = await run.open(work);
  try {
    await run.steps(work, 'before');
    const plan = await work.runner.plan(job, { mode: 'apply' }, run.control());
    guardNewState(run.key, work, plan, options);
    for (const text of guardContract(run.key, work, plan, options)) run.note(text);
    if (!(await run.isApproved(plan))) return run.result({ reason: 'its plan was declined' });
    const applied = plan.anyChange ? await run.apply(work, job, plan) : undefined;
    const produced = applied?.outputs ?? plan.outputs;
    const state = applied === undefined ? await work.runner.state(job, run.control()) : applied.state;
    await run.steps(work, 'after');
    await run.context.lease.check();
    const published = await run.publish(work, runtimeOf(produced));
    const outputs = (await work.readBack?.()) ?? produced;
    const record = run.record(work, kept, { plan, outputs: outputDigestsOf(outputs), outcome: 'finished', state });
    return await run.conclude(record, plan.anyChange ? plan.changes : noChanges, published);
  } finally {
    await work.runner.clean(job).catch(() => undefined);
  }
}
