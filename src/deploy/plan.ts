import { readFileSync } from 'node:fs';
import type { CutoffDecision } from '../consequence/cutoff.ts';
import { consumedName } from '../consequence/differences.ts';
import { isKarmaError, type KarmaError } from '../model/errors.ts';
import { outputName, wholeRuntime } from '../model/pointer.ts';
import { deploymentKey } from '../model/record.ts';
import type { KeptPlan, Plan, RunJob } from '../run/port.ts';
import { cutoffOf } from './cutoff-of.ts';
import { guardContract, guardNewState } from './guards.ts';
import { recordsOf } from './records.ts';
import { plannedInputs } from './run-one.ts';
import { Schedule } from './schedule.ts';
import type { ComponentWork, DeployOptions, DeployPorts, DeploySet, PlannedBefore, SetMember } from './set.ts';

/**
 * Plans a set in order without changing anything: what would be skipped with which proof, what Terraform would do, and what
 * nobody can plan yet because something before it will change a value it reads. Such a component is not planned on the old
 * value nor on a made-up one; it is `waiting`, with the values named as unknown.
 */
export type MemberPlan =
  | { readonly key: string; readonly state: 'skipped'; readonly decision: CutoffDecision }
  | {
      readonly key: string;
      readonly state: 'planned';
      readonly plan: Plan;
      /** What the contract gate says, and why cutoff did not skip it. */
      readonly notes: readonly string[];
      readonly decision: CutoffDecision;
      /** Where it was asked for: what it takes to apply exactly this later. Holds values in clear. */
      readonly kept?: PlannedBefore;
    }
  | {
      readonly key: string;
      readonly state: 'waiting';
      /** `prod/vpc/main#/vpc_id`, `prod/zone/x (in the cloud)`. Sorted. */
      readonly unknown: readonly string[];
    }
  | {
      readonly key: string;
      readonly state: 'failed' | 'discarded';
      readonly reason: string;
      readonly error?: KarmaError;
    };

/** What a component before would change: names of outputs, and whether resources. */
interface WouldChange {
  readonly outputs: ReadonlySet<string>;
  readonly resources: boolean;
}

/** Takes no lease: nothing is written but the runs' own folders. One after the other, in order. */
export async function planSet(
  set: DeploySet,
  ports: DeployPorts,
  options: DeployOptions,
): Promise<readonly MemberPlan[]> {
  const members = new Map(set.components.map((one) => [deploymentKey(one.component, one.deployment), one]));
  const nodes = [...members].map(([id, one]) => ({ id, dependsOn: one.dependsOn }));
  const schedule = new Schedule(nodes, { failFast: options.failFast === true });
  const changes = new Map<string, WouldChange>();
  const plans: MemberPlan[] = [];
  const going = new Map<string, Promise<MemberPlan>>();
  for (;;) {
    if (options.finishOnly?.aborted || options.stopNow?.aborted) {
      plans.push(...schedule.stop().map((key) => discarded(key, 'the plan was interrupted')));
    }
    for (const key of schedule.ready()) {
      const member = members.get(key);
      if (member === undefined || going.size >= Math.max(1, options.parallelism)) break;
      schedule.start(key);
      going.set(key, planMember(member, ports, options, changes));
    }
    if (going.size === 0) return plans.sort((a, b) => (a.key < b.key ? -1 : 1));
    const plan = await Promise.race(going.values());
    going.delete(plan.key);
    plans.push(plan);
    const behind = schedule.finish(plan.key, plan.state === 'failed' ? 'failed' : 'done');
    plans.push(...behind.map((key) => discarded(key, `${plan.key} failed`)));
  }
}

function discarded(key: string, reason: string): MemberPlan {
  return { key, state: 'discarded', reason };
}

async function planMember(
  member: SetMember,
  ports: DeployPorts,
  options: DeployOptions,
  changes: Map<string, WouldChange>,
): Promise<MemberPlan> {
  const key = deploymentKey(member.component, member.deployment);
  try {
    const work = await ports.work(member);
    const unknown = unknownInputs(member, work, changes);
    if (unknown.length > 0) {
      changes.set(key, { outputs: new Set([wholeRuntime]), resources: true });
      return { key, state: 'waiting', unknown };
    }
    if (work.refusal !== undefined) throw work.refusal;
    const decision = await decisionOn(member, work, ports, options);
    if (decision.skip) return { key, state: 'skipped', decision };
    return await planWork(key, work, ports, options, changes, decision);
  } catch (error) {
    if (!isKarmaError(error)) throw error;
    return { key, state: 'failed', reason: error.message, error };
  }
}

async function decisionOn(
  member: SetMember,
  work: ComponentWork,
  ports: DeployPorts,
  options: DeployOptions,
): Promise<CutoffDecision> {
  if (options.cutoff === false) return { skip: false, reasons: [] };
  const kept = await recordsOf(ports.ledger, member.component, member.deployment);
  return cutoffOf(member, work, kept);
}

async function planWork(
  key: string,
  work: ComponentWork,
  ports: DeployPorts,
  options: DeployOptions,
  changes: Map<string, WouldChange>,
  decision: CutoffDecision,
): Promise<MemberPlan> {
  const run = ports.runId();
  const job: RunJob = { ...work.job, id: run, runFolder: ports.runFolder(run) };
  const signal = options.stopNow ?? new AbortController().signal;
  try {
    ports.listen({ kind: 'state', key, state: 'planning', run });
    const plan = await work.runner.plan(
      job,
      { mode: 'apply' },
      { signal, listen: (progress) => ports.listen({ kind: 'progress', key, run, progress }) },
    );
    guardNewState(key, work, plan, options);
    const notes = guardContract(key, work, plan, options);
    changes.set(key, wouldChange(work, plan));
    const kept =
      options.keepPlans === true
        ? { kept: { plan: keptPlan(plan), inputs: plannedInputs(work), state: await work.stateNow?.() } }
        : {};
    return { key, state: 'planned', plan, notes, decision, ...kept };
  } finally {
    await work.runner.clean(job).catch(() => undefined);
  }
}

function keptPlan({ file, digest, anyChange }: Plan): KeptPlan {
  return { bytes: readFileSync(file), digest, anyChange };
}

function wouldChange(work: ComponentWork, plan: Plan): WouldChange {
  const changed = Object.entries(plan.outputs)
    .filter(([name, one]) => work.outputsNow?.[name] !== one.digest)
    .map(([name]) => name);
  return {
    outputs: new Set([...changed, ...plan.unknownOutputs, ...plan.droppedOutputs]),
    resources: plan.resources.length > 0,
  };
}

/** Values this component reads that are not there yet, or that something planned before it would change. */
function unknownInputs(
  { dependsOn }: SetMember,
  work: ComponentWork,
  changes: ReadonlyMap<string, WouldChange>,
): readonly string[] {
  const unknown = new Set(work.absent);
  const changesOf = (provider: string) =>
    dependsOn
      .filter((key) => key === provider || key.startsWith(`${provider}@`))
      .flatMap((key) => changes.get(key) ?? []);
  for (const one of work.inputs.consumed)
    for (const { outputs } of changesOf(one.provider)) {
      if (outputs.size === 0) continue;
      const all = one.pointer === wholeRuntime || outputs.has(wholeRuntime);
      if (all || outputs.has(outputName(one.pointer))) unknown.add(consumedName(one));
    }
  for (const { provider } of work.inputs.cloud)
    if (changesOf(provider).some(({ resources }) => resources)) unknown.add(`${provider} (in the cloud)`);
  return [...unknown].sort();
}
