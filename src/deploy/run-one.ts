import { stateMismatch } from '../consequence/state-mismatch.ts';
import { checkInWords, notPassed } from '../model/check.ts';
import { digestOf } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import type { Digest } from '../model/record.ts';
import { noChanges } from '../model/run.ts';
import { outputDigestsOf, runtimeOf } from '../run/outputs.ts';
import { leftByRun } from '../run/plan-state.ts';
import type { KeptPlan } from '../run/port.ts';
import { cutoffOf } from './cutoff-of.ts';
import { guardContract, guardNewState } from './guards.ts';
import { MemberRun, type RunContext } from './member-run.ts';
import type { KeptRecords } from './records.ts';
import type { ComponentWork, MemberResult, PlannedBefore, SetMember } from './set.ts';

/** One component of a deploy: cut off with its proof, or planned, applied, published and recorded. */
export async function runMember(context: RunContext, member: SetMember): Promise<MemberResult> {
  const run = new MemberRun(context, member, 'apply');
  let work: ComponentWork | undefined;
  try {
    work = await context.ports.work(member);
    if (work.refusal !== undefined) throw work.refusal;
    const kept = await run.kept();
    const before = context.options.planned?.get(run.key);
    const skips = before === undefined ? context.options.cutoff !== false : before.plan === undefined;
    const skipped = skips ? await cutOff(run, work, kept) : undefined;
    if (skipped === undefined && before !== undefined) await holdToPlan(work, before);
    return skipped ?? (await execute(run, work, kept, before?.plan));
  } catch (error) {
    return run.fail(error, work);
  }
}

async function cutOff(
  run: MemberRun,
  work: ComponentWork,
  kept: KeptRecords | undefined,
): Promise<MemberResult | undefined> {
  const unchecked = run.context.options.verify === true ? unverified(work, kept) : undefined;
  if (unchecked !== undefined) {
    run.note(`runs, because ${unchecked}`);
    return undefined;
  }
  const decision = await cutoffOf(run.member, work, kept);
  if (!decision.skip) {
    run.note(`runs, because ${decision.reasons.map((one) => one.text).join('; ')}`);
    return undefined;
  }
  const { proof } = decision;
  await run.context.lease.check();
  await run.skip(proof);
  const { checks } = kept?.last ?? {};
  return run.result({ proof, ...(checks === undefined ? {} : { checks }) });
}

/** Why its last run is no word that all its checks hold; undefined when it is. */
function unverified({ checks }: ComponentWork, kept: KeptRecords | undefined): string | undefined {
  const results = kept?.last.checks ?? [];
  const [first] = notPassed(results);
  if (first !== undefined) return checkInWords(first);
  const missing = checks?.declared.find(({ is }) => !results.some((one) => one.is === is));
  return missing === undefined ? undefined : `the check ${missing.name} was not made`;
}

/** @throws KARMA_REFUSED when what was shown is not what would run */
async function holdToPlan(work: ComponentWork, { plan, inputs, state }: PlannedBefore): Promise<void> {
  const again = { hint: 'plan again: `karma plan … --out FILE`' };
  if (plan === undefined)
    throw new KarmaError('KARMA_REFUSED', 'it was to be skipped, and would have to run now', again);
  if (plannedInputs(work) !== inputs)
    throw new KarmaError('KARMA_REFUSED', 'what it was planned from changed since', again);
  const mismatch = stateMismatch(state, await work.stateNow?.());
  if (mismatch !== undefined)
    throw new KarmaError('KARMA_REFUSED', `its plan was made of another state: ${mismatch}`, again);
}

/** Everything a plan is made from, as one digest. */
export function plannedInputs({ inputs }: ComponentWork): Digest {
  const { unseen: _unseen, ...rest } = inputs;
  return digestOf(rest);
}

async function execute(
  run: MemberRun,
  work: ComponentWork,
  kept: KeptRecords | undefined,
  before: KeptPlan | undefined,
): Promise<MemberResult> {
  const { options, ports } = run.context;
  const { component } = run.member;
  await ports.refuseEdited?.(component, false);
  const job = await run.open(work);
  try {
    await run.steps(work, 'before');
    const plan =
      before === undefined
        ? await work.runner.plan(job, { mode: 'apply' }, run.control())
        : await work.runner.reopen(job, before, run.control());
    guardNewState(run.key, work, plan, options);
    for (const text of guardContract(run.key, work, plan, options)) run.note(text);
    if (!(await run.isApproved(plan))) return run.result({ reason: 'its plan was declined' });
    // A step of its own may have made files anew.
    if (plan.anyChange && (work.steps?.before.length ?? 0) === 0) await ports.refuseEdited?.(component, true);
    const applied = plan.anyChange ? await run.apply(work, job, plan) : undefined;
    const produced = applied?.outputs ?? plan.outputs;
    // Where nothing was applied, what stands there now is what the plan was made of, or somebody else's.
    const state =
      applied === undefined
        ? leftByRun(plan.madeOf, await work.runner.state(job, run.control()), false)
        : applied.state;
    await run.steps(work, 'after');
    await run.context.lease.check();
    const published = await run.publish(work, runtimeOf(produced));
    const outputs = (await work.readBack?.()) ?? produced;
    const checks = await run.checks(work, outputs);
    const record = run.record(work, kept, {
      plan,
      outputs: outputDigestsOf(outputs),
      outcome: 'finished',
      state,
      checks,
    });
    return await run.conclude(record, plan.anyChange ? plan.changes : noChanges, published);
  } finally {
    await work.runner.clean(job).catch(() => undefined);
  }
}
