import { decideCutoff } from '../consequence/cutoff.ts';
import { runActions } from '../consequence/run-events.ts';
import { byCodeUnit, digestOf } from '../model/digest.ts';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import type { EventDraft } from '../model/event.ts';
import { deploymentKey, type RunInputs, type RunRecord } from '../model/record.ts';
import { mayFollow, noChanges, type RunState } from '../model/run.ts';
import { outputDigestsOf, runtimeOf } from '../run/outputs.ts';
import type { Outputs, Plan, RunControl, RunJob, RunProgress } from '../run/port.ts';
import { guardContract, guardNewState } from './guards.ts';
import type { Journal } from './journal.ts';
import type { HeldLease } from './lease.ts';
import { publishRuntime } from './publish.ts';
import { type KeptRecords, keepRecord, recordsOf } from './records.ts';
import type { ComponentWork, DeployEvent, DeployOptions, DeployPorts, MemberResult, SetMember } from './set.ts';

/**
 * One component of a deploy: cut off with its proof, or plan, apply, publish, record. Every effect outside is written to the
 * ledger before it happens and checked against the lease; the record comes last, so that a run without record did not finish.
 */
export interface RunContext {
  readonly ports: DeployPorts;
  readonly options: DeployOptions;
  readonly journal: Journal;
  readonly lease: HeldLease;
  readonly deploy: string;
  /** Aborted when what runs must stop: the person said so twice, or the lease was lost. */
  readonly stop: AbortSignal;
}

export async function runMember(context: RunContext, member: SetMember): Promise<MemberResult> {
  return new MemberRun(context, member).go();
}

class MemberRun {
  readonly #context: RunContext;
  readonly #member: SetMember;
  readonly #key: string;
  readonly #begun: number;
  #state: RunState = 'ready';
  #run = '';
  #runFolder = '';
  /** Whether the program was told to change something: then nobody can say what it changed until a later run did. */
  #touched = false;

  constructor(context: RunContext, member: SetMember) {
    this.#context = context;
    this.#member = member;
    this.#key = deploymentKey(member.component, member.deployment);
    this.#begun = context.ports.clock.monotonic();
  }

  async go(): Promise<MemberResult> {
    const { ports, options } = this.#context;
    let work: ComponentWork | undefined;
    try {
      work = await ports.work(this.#member);
      const kept = await recordsOf(ports.ledger, this.#member.component, this.#member.deployment);
      const skipped = options.cutoff === false ? undefined : await this.#cutOff(work, kept);
      return skipped ?? (await this.#execute(work, kept));
    } catch (error) {
      return this.#failed(error, work);
    }
  }

  async #cutOff(work: ComponentWork, kept: KeptRecords | undefined): Promise<MemberResult | undefined> {
    const decision = decideCutoff({
      record: kept?.last,
      now: work.inputs,
      selected: this.#member.selected,
      outputs: work.outputsNow,
      ...(work.alsoWritten === undefined ? {} : { alsoWritten: work.alsoWritten }),
    });
    if (!decision.skip) {
      const reason = decision.reasons.map((one) => one.text).join('; ');
      this.#note(`runs, because ${reason}`);
      return undefined;
    }
    const { proof } = decision;
    await this.#context.lease.check();
    await this.#append(runActions.skipped, 'ok', { proof });
    await this.#enter('skipped', { proof });
    return this.#result({ proof });
  }

  async #execute(work: ComponentWork, kept: KeptRecords | undefined): Promise<MemberResult> {
    const { ports, options, lease } = this.#context;
    this.#run = ports.runId();
    this.#runFolder = ports.runFolder(this.#run);
    const job: RunJob = { ...work.job, id: this.#run, runFolder: this.#runFolder };
    await lease.check();
    await this.#enter('planning');
    try {
      await this.#steps(work, 'before');
      const plan = await work.runner.plan(job, { mode: 'apply' }, this.#control());
      guardNewState(this.#key, work, plan, options);
      for (const text of guardContract(this.#key, work, plan, options)) this.#note(text);
      const outputs = plan.anyChange ? await this.#apply(work, job, plan) : plan.outputs;
      if (outputs === undefined) return this.#result({ reason: 'its plan was declined' });
      await this.#steps(work, 'after');
      return await this.#conclude(work, kept, plan, outputs);
    } finally {
      await work.runner.clean(job).catch(() => undefined);
    }
  }

  /** Undefined when somebody declined. */
  async #apply(work: ComponentWork, job: RunJob, plan: Plan): Promise<Outputs | undefined> {
    const { options, lease } = this.#context;
    if (options.approve !== undefined) {
      await this.#enter('unconfirmed', { changes: plan.changes });
      if (!(await options.approve(this.#member, plan))) {
        await this.#append(runActions.discarded, 'refused', { reason: 'declined', plan: plan.digest });
        await this.#enter('discarded', { reason: 'its plan was declined' });
        return undefined;
      }
    }
    await lease.check();
    this.#touched = true;
    await this.#enter('applying', { changes: plan.changes });
    const details = { plan: plan.digest, changes: plan.changes, resources: plan.resources.slice(0, 500) };
    await this.#append(runActions.applying, 'intent', details);
    // The append may have waited for another process: look again before the effect itself.
    await lease.check();
    const applied = await work.runner.apply(job, plan, this.#control());
    return applied.outputs;
  }

  async #conclude(
    work: ComponentWork,
    kept: KeptRecords | undefined,
    plan: Plan,
    produced: Outputs,
  ): Promise<MemberResult> {
    const { ports, journal, lease } = this.#context;
    await lease.check();
    const published = await this.#publish(work, produced);
    const outputs = (await work.readBack?.()) ?? produced;
    const changes = plan.anyChange ? plan.changes : noChanges;
    const record = this.#record(work, kept, plan, outputDigestsOf(outputs));
    const ran = this.#draft(runActions.applied, 'ok', { changes, record, seconds: this.#seconds() });
    await lease.check();
    await journal.append(published === undefined ? [ran] : [published, ran]);
    await keepRecord(ports.ledger, record);
    await this.#enter('finished', { changes });
    return this.#result({ changes });
  }

  async #publish(work: ComponentWork, outputs: Outputs) {
    if (work.publish === undefined) return undefined;
    const { ports, journal, lease } = this.#context;
    return publishRuntime(
      journal,
      {
        ...work.publish,
        runtime: runtimeOf(outputs),
        at: ports.clock.now(),
        actor: ports.actor,
        subject: this.#member.component,
        run: this.#run,
        environment: this.#member.environment,
      },
      () => lease.check(),
    );
  }

  #record(
    work: ComponentWork,
    kept: KeptRecords | undefined,
    plan: Plan | undefined,
    outputs: RunRecord['outputs'],
    outcome: RunRecord['outcome'] = 'finished',
  ): RunRecord {
    const { ports, options } = this.#context;
    const { inputs, place } = work;
    const counts = plan === undefined || !plan.anyChange ? noChanges : plan.changes;
    const resourcesChanged = counts.add + counts.change + counts.destroy;
    // A failed apply may have changed anything: it counts as a change, and the next run carries that on.
    const changed = resourcesChanged > 0 || (outcome === 'failed' && this.#touched);
    const before = kept === undefined || kept.last.reconstructed ? this.#run : (kept.last.cloudChange ?? null);
    return {
      ...inputs,
      id: this.#run,
      action: 'apply',
      source: 'run',
      reconstructed: false,
      at: ports.clock.now(),
      outcome,
      actor: ports.actor,
      outputs,
      version: digestOf(outputs),
      resourcesChanged,
      cloudChange: changed ? this.#run : before,
      dependsOn: dependenciesOf(inputs),
      ...(plan === undefined ? {} : { planDigest: plan.digest }),
      ...(options.approval === undefined ? {} : { approval: options.approval }),
      ...(place === undefined ? {} : { place }),
    };
  }

  async #steps(work: ComponentWork, when: 'before' | 'after'): Promise<void> {
    const { ports, lease } = this.#context;
    if (work.steps === undefined) return;
    const { options } = work.steps;
    for (const step of work.steps[when]) {
      await lease.check();
      this.#touched = true;
      await this.#append('run.step', 'intent', { step: step.name, command: step.command, when });
      await ports.runStep(step, { ...options, runFolder: this.#runFolder }, this.#control());
    }
  }

  /** A run that failed is recorded too, so that no later deploy takes the record before it for the last word. */
  async #failed(thrown: unknown, work: ComponentWork | undefined): Promise<MemberResult> {
    const error = isKarmaError(thrown) ? thrown : bug(thrown);
    const because = {
      reason: error.message,
      code: error.code,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
    // Whoever holds the lease now writes the next word about this component.
    if (error.code === 'KARMA_LEASE_LOST') return this.#result(because, 'failed');
    const { ports } = this.#context;
    const untouched = this.#run === '' || (error.code === 'KARMA_REFUSED' && !this.#touched);
    const kept = await recordsOf(ports.ledger, this.#member.component, this.#member.deployment);
    const outputs = kept?.last.outputs ?? {};
    const record = work === undefined || untouched ? undefined : this.#record(work, kept, undefined, outputs, 'failed');
    const details = { code: error.code, message: error.message, ...(record === undefined ? {} : { record }) };
    await this.#append(runActions.failed, error.code === 'KARMA_REFUSED' ? 'refused' : 'failed', details);
    if (record !== undefined) await keepRecord(ports.ledger, record);
    await this.#enter('failed', { reason: error.message });
    return this.#result(because);
  }

  #control(): RunControl {
    const { stop, ports } = this.#context;
    const listen = (progress: RunProgress) =>
      ports.listen({ kind: 'progress', key: this.#key, run: this.#run, progress });
    return { signal: stop, listen };
  }

  async #enter(state: RunState, more: Partial<Extract<DeployEvent, { kind: 'state' }>> = {}): Promise<void> {
    if (!mayFollow(this.#state, state))
      throw new KarmaError('KARMA_BUG', `a run that is ${this.#state} became ${state}`);
    this.#state = state;
    const { journal, deploy } = this.#context;
    const { component, deployment } = this.#member;
    await journal.run({
      deploy,
      key: this.#key,
      state,
      run: this.#run,
      runFolder: this.#runFolder,
      component,
      deployment,
    });
    this.#tell({ kind: 'state', key: this.#key, state, run: this.#run, seconds: this.#seconds(), ...more });
  }

  #note(text: string): void {
    this.#tell({ kind: 'note', key: this.#key, text });
  }

  #tell(event: DeployEvent): void {
    this.#context.ports.listen(event);
  }

  #draft(action: string, outcome: EventDraft['outcome'], details: Readonly<Record<string, unknown>>): EventDraft {
    const { journal, lease } = this.#context;
    const { component, deployment, environment } = this.#member;
    const all = { run: this.#run, deployment, fence: lease.fence, ...details };
    return journal.draft(action, component, outcome, all, journal.cause, environment);
  }

  async #append(
    action: string,
    outcome: EventDraft['outcome'],
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.#context.journal.append([this.#draft(action, outcome, details)]);
  }

  #seconds(): number {
    return Math.round(this.#context.ports.clock.monotonic() - this.#begun) / 1000;
  }

  #result(more: Partial<MemberResult>, state = this.#state): MemberResult {
    const run = this.#run === '' ? {} : { run: this.#run };
    return { key: this.#key, state, seconds: this.#seconds(), ...run, ...more };
  }
}

/** Everything it had to wait for or read of, for destroying backwards when the config is gone. */
export function dependenciesOf(inputs: RunInputs): readonly string[] {
  const all = [
    ...inputs.consumed.map((one) => one.provider),
    ...inputs.cloud.map((one) => one.provider),
    ...inputs.orderOnly,
  ];
  return [...new Set(all)].sort(byCodeUnit);
}

function bug(thrown: unknown): KarmaError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new KarmaError('KARMA_BUG', message, { cause: thrown });
}
