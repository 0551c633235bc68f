import type { CutoffProof } from '../consequence/cutoff.ts';
import { runActions } from '../consequence/run-events.ts';
import type { CheckResult, DeclaredCheck } from '../model/check.ts';
import { byCodeUnit, digestOf } from '../model/digest.ts';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import type { EventDraft } from '../model/event.ts';
import { deploymentKey, type RunInputs, type RunRecord, type StateMark } from '../model/record.ts';
import { type ChangeCounts, mayFollow, noChanges, type RunState } from '../model/run.ts';
import { runtimeOf } from '../run/outputs.ts';
import type { Applied, Outputs, Plan, RunControl, RunJob, RunProgress } from '../run/port.ts';
import type { Journal } from './journal.ts';
import type { HeldLease } from './lease.ts';
import { publishRuntime } from './publish.ts';
import { type KeptRecords, recordsOf } from './records.ts';
import type {
  ComponentChecks,
  ComponentWork,
  DeployEvent,
  DeployOptions,
  DeployPorts,
  MemberResult,
  SetMember,
} from './set.ts';

/** What all runs of one deploy share. */
export interface RunContext {
  readonly ports: DeployPorts;
  readonly options: DeployOptions;
  readonly journal: Journal;
  readonly lease: HeldLease;
  readonly deploy: string;
  /** Aborted when what runs must stop: the person said so twice, or the lease was lost. */
  readonly stop: AbortSignal;
}

/**
 * One component's run: its state, and the only ways to have an effect. Each effect outside is checked against the lease and
 * written to the ledger before it happens; the record comes last, so that a run without record did not finish.
 */
export class MemberRun {
  readonly context: RunContext;
  readonly member: SetMember;
  readonly key: string;
  readonly action: 'apply' | 'destroy';
  readonly #begun: number;
  #state: RunState = 'ready';
  #run = '';
  #runFolder = '';
  /** Whether something outside was told to change: then nobody can say what changed until a later run finished. */
  #touched = false;

  constructor(context: RunContext, member: SetMember, action: 'apply' | 'destroy') {
    this.context = context;
    this.member = member;
    this.action = action;
    this.key = deploymentKey(member.component, member.deployment);
    this.#begun = context.ports.clock.monotonic();
  }

  kept(): Promise<KeptRecords | undefined> {
    return recordsOf(this.context.ports.ledger, this.member.component, this.member.deployment);
  }

  /** Gives the run its id and folder; from here on it is in the ledger. */
  async open(work: ComponentWork): Promise<RunJob> {
    const { ports, lease } = this.context;
    this.#run = ports.runId();
    this.#runFolder = ports.runFolder(this.#run);
    await lease.check();
    await this.enter('planning', [this.#draft(runActions.planning, 'intent', { runFolder: this.#runFolder })]);
    return { ...work.job, id: this.#run, runFolder: this.#runFolder };
  }

  /** False when somebody declined; then the run is over. */
  async isApproved(plan: Plan): Promise<boolean> {
    const { approve } = this.context.options;
    if (approve === undefined || !plan.anyChange) return true;
    const { digest, changes } = plan;
    await this.enter('unconfirmed', [this.#draft(runActions.planned, 'ok', { plan: digest, changes })], { changes });
    if (await approve(this.member, plan)) return true;
    const refusal = this.#draft(runActions.discarded, 'refused', { reason: 'declined', plan: digest });
    await this.enter('discarded', [refusal], { reason: 'its plan was declined' });
    return false;
  }

  async apply(work: ComponentWork, job: RunJob, plan: Plan): Promise<Applied> {
    await this.context.lease.check();
    this.#touched = true;
    const intent = this.action === 'apply' ? runActions.applying : runActions.destroying;
    // What changes of them is for the eyes of who reviews it; what is kept names them.
    const resources = plan.resources.slice(0, 500).map(({ address, action }) => ({ address, action }));
    const { digest, changes } = plan;
    await this.enter('applying', [this.#draft(intent, 'intent', { plan: digest, changes, resources })], { changes });
    // The append may have waited for another process: look again before the effect itself.
    await this.context.lease.check();
    return work.runner.apply(job, plan, this.control());
  }

  async steps(work: ComponentWork, when: 'before' | 'after'): Promise<void> {
    if (work.steps === undefined) return;
    const { options } = work.steps;
    for (const step of work.steps[when]) {
      await this.context.lease.check();
      this.#touched = true;
      await this.append('run.step', 'intent', { step: step.name, command: step.command, when });
      await this.context.ports.runStep(step, { ...options, runFolder: this.#runFolder }, this.control());
    }
  }

  /** Answers the event that belongs to the run's own, or undefined when nothing was to be published. */
  async publish(work: ComponentWork, runtime: Readonly<Record<string, unknown>>): Promise<EventDraft | undefined> {
    if (work.publish === undefined) return undefined;
    const { ports, journal, lease } = this.context;
    const { component: subject, environment } = this.member;
    const about = { at: ports.clock.now(), actor: ports.actor, subject, run: this.#run, environment };
    const { keep, digest, ...place } = work.publish;
    // What is destroyed leaves nothing behind that others could read.
    const kept = keep === undefined || this.action === 'destroy' ? {} : { keep };
    const fences = lease.held;
    return publishRuntime(
      journal,
      { ...place, ...kept, runtime, ...about, fences, ...(digest === undefined ? {} : { digest }) },
      () => lease.check(),
    );
  }

  /** The last word of a run: its event and its record. */
  async conclude(record: RunRecord, changes: ChangeCounts, published: EventDraft | undefined): Promise<MemberResult> {
    const action = this.action === 'apply' ? runActions.applied : runActions.destroyed;
    const event = this.#draft(action, 'ok', { changes, record });
    await this.context.lease.check();
    const checks = (record.checks ?? []).map((one) => this.#checked(one));
    const drafts = [...(published === undefined ? [] : [published]), ...checks, event];
    await this.enter('finished', drafts, { changes }, record);
    return this.result({ changes, ...(record.checks === undefined ? {} : { checks: record.checks }) });
  }

  /** What its type says must hold now. Whatever comes of it, the run itself is over: it is concluded all the same. */
  async checks(work: ComponentWork, outputs: Outputs): Promise<readonly CheckResult[] | undefined> {
    if (work.checks === undefined) return undefined;
    const results: CheckResult[] = [];
    for (const check of work.checks.declared) {
      const verdict =
        check.kind === 'program'
          ? await this.#runCheck(work.checks, check, outputs)
          : verdictOf(() => work.checks?.judge(check, outputs));
      const result = { name: check.name, is: check.is, ...verdict };
      results.push(result);
      this.context.ports.listen({ kind: 'check', key: this.key, run: this.#run, result });
    }
    return results;
  }

  async #runCheck(
    { options, folder }: ComponentChecks,
    check: DeclaredCheck & { readonly kind: 'program' },
    outputs: Outputs,
  ): Promise<Verdict> {
    const { ports, lease } = this.context;
    const { name, run: command } = check;
    await lease.check();
    await this.append(runActions.checking, 'intent', { check: name, command });
    const step = { name, command, folder, outputs: runtimeOf(outputs) };
    try {
      await ports.runStep(step, { timeoutMs: longestCheck, ...options, runFolder: this.#runFolder }, this.control());
      return { outcome: 'passed', reasons: [] };
    } catch (error) {
      // One that never ran, was stopped, or was killed has said nothing of the component.
      const { code = null, stopped = null } = isKarmaError(error) ? (error.details ?? {}) : {};
      if (typeof code === 'number' && stopped === null)
        return { outcome: 'failed', reasons: [check.message ?? `its program ended with ${code}`] };
      const why = typeof stopped === 'string' ? `its program was stopped: ${stopped}` : 'its program could not be run';
      return { outcome: 'unknown', reasons: [why] };
    }
  }

  record(work: ComponentWork, kept: KeptRecords | undefined, made: Made): RunRecord {
    const { ports, options } = this.context;
    const { inputs, place } = work;
    const { plan, outputs, outcome, state, checks } = made;
    const counts = plan === undefined || !plan.anyChange ? noChanges : plan.changes;
    const resourcesChanged = counts.add + counts.change + counts.destroy;
    // A failed apply may have changed anything: it counts as a change, and the next run carries that on.
    const changed = resourcesChanged > 0 || this.action === 'destroy' || (outcome === 'failed' && this.#touched);
    const before = kept === undefined || kept.last.reconstructed ? this.#run : (kept.last.cloudChange ?? null);
    const dependsOn = dependenciesOf(inputs);
    return {
      ...inputs,
      id: this.#run,
      action: this.action,
      source: 'run',
      reconstructed: false,
      at: ports.clock.now(),
      outcome,
      actor: ports.actor,
      outputs,
      version: digestOf(outputs),
      seconds: this.#seconds(),
      resourcesChanged,
      cloudChange: changed ? this.#run : before,
      // The config may be gone when something is destroyed; what it depended on is what its last run says.
      dependsOn: this.action === 'destroy' ? (kept?.finished?.dependsOn ?? dependsOn) : dependsOn,
      ...(plan === undefined ? {} : { planDigest: plan.digest }),
      ...(state === undefined ? {} : { state }),
      ...(options.approval === undefined ? {} : { approval: options.approval }),
      ...(place === undefined ? {} : { place }),
      ...(checks === undefined ? {} : { checks }),
    };
  }

  /** A run that failed is recorded too, so that no later deploy takes the record before it for the last word. */
  async fail(thrown: unknown, work: ComponentWork | undefined): Promise<MemberResult> {
    // Paused, it may fail long after somebody else took over, and of a program that the loss itself interrupted.
    const lost = await this.context.lease.check().catch((refusal: unknown) => refusal);
    const cause = lost ?? thrown;
    const error = isKarmaError(cause) ? cause : bug(cause);
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    const because = { reason: error.message, code: error.code, ...hint };
    // Whoever holds the lease now writes the next word about this component.
    if (error.code === 'KARMA_LEASE_LOST') {
      this.context.lease.lose();
      return this.result(because, 'failed');
    }
    const refused = error.code === 'KARMA_REFUSED' && !this.#touched;
    const kept = await this.kept();
    const outputs = kept?.last.outputs ?? {};
    const untold = work === undefined || this.#run === '' || refused;
    const record = untold ? undefined : this.record(work, kept, { outputs, outcome: 'failed' });
    const details = { code: error.code, message: error.message, ...(record === undefined ? {} : { record }) };
    const failed = this.#draft(runActions.failed, refused ? 'refused' : 'failed', details);
    try {
      await this.enter('failed', [failed], { reason: error.message }, record);
    } catch (late) {
      // Taken over in this very moment: the same as before it.
      if (!isKarmaError(late) || late.code !== 'KARMA_LEASE_LOST') throw late;
      return this.result({ reason: late.message, code: late.code, ...hint }, 'failed');
    }
    return this.result(because);
  }

  control(): RunControl {
    const { stop, ports } = this.context;
    const listen = (progress: RunProgress) =>
      ports.listen({ kind: 'progress', key: this.key, run: this.#run, progress });
    return { signal: stop, listen };
  }

  note(text: string): void {
    this.context.ports.listen({ kind: 'note', key: this.key, text });
  }

  /** The cutoff's proof is all that is left of a run that need not be. */
  async skip(proof: CutoffProof): Promise<void> {
    await this.enter('skipped', [this.#draft(runActions.skipped, 'ok', { proof })], { proof });
  }

  /** From one state to the next, with the events that say so: both are written, or neither is. */
  async enter(
    state: RunState,
    drafts: readonly EventDraft[],
    more: Partial<Extract<DeployEvent, { kind: 'state' }>> = {},
    record?: RunRecord,
  ): Promise<void> {
    if (!mayFollow(this.#state, state))
      throw new KarmaError('KARMA_BUG', `a run that is ${this.#state} became ${state}`);
    const { journal, deploy, ports } = this.context;
    const { component, deployment } = this.member;
    const about = { deploy, key: this.key, run: this.#run, runFolder: this.#runFolder, component, deployment };
    await journal.run({ ...about, state }, drafts, record);
    this.#state = state;
    ports.listen({ kind: 'state', key: this.key, state, run: this.#run, seconds: this.#seconds(), ...more });
  }

  async append(
    action: string,
    outcome: EventDraft['outcome'],
    details: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    await this.context.journal.append([this.#draft(action, outcome, details)]);
  }

  result(more: Partial<MemberResult>, state = this.#state): MemberResult {
    const run = this.#run === '' ? {} : { run: this.#run };
    return { key: this.key, state, seconds: this.#seconds(), ...run, ...more };
  }

  #draft(action: string, outcome: EventDraft['outcome'], details: Readonly<Record<string, unknown>>): EventDraft {
    const { journal, lease } = this.context;
    const { component, deployment, environment } = this.member;
    const all = { run: this.#run, deployment, fence: lease.fence, ...details };
    return journal.draft(action, component, outcome, all, journal.cause, environment);
  }

  #checked({ name, is, outcome, reasons }: CheckResult): EventDraft {
    const action = { passed: runActions.checkPassed, failed: runActions.checkFailed, unknown: runActions.checkUnknown };
    const details = { check: name, is, ...(reasons.length === 0 ? {} : { reasons }) };
    return this.#draft(action[outcome], outcome === 'passed' ? 'ok' : 'failed', details);
  }

  #seconds(): number {
    return Math.round(this.context.ports.clock.monotonic() - this.#begun) / 1000;
  }
}

interface Made {
  readonly plan?: Plan;
  readonly outputs: RunRecord['outputs'];
  readonly outcome: RunRecord['outcome'];
  /** The state that it left; undefined when that could not be read. */
  readonly state?: StateMark | undefined;
  readonly checks?: readonly CheckResult[] | undefined;
}

type Verdict = Pick<CheckResult, 'outcome' | 'reasons'>;

/** Who waits for a check waits with a lease in hand, in ms. */
const longestCheck = 600_000;

/** A judge that breaks has said nothing. */
function verdictOf(judge: () => Verdict | undefined): Verdict {
  try {
    return judge() ?? { outcome: 'unknown', reasons: ['nothing judges it'] };
  } catch {
    return { outcome: 'unknown', reasons: ['it could not be judged'] };
  }
}

/** Everything it had to wait for or read of, for destroying backwards when the config is gone. */
function dependenciesOf(inputs: RunInputs): readonly string[] {
  const consumed = inputs.consumed.map((one) => one.provider);
  const cloud = inputs.cloud.map((one) => one.provider);
  return [...new Set([...consumed, ...cloud, ...inputs.orderOnly])].sort(byCodeUnit);
}

function bug(thrown: unknown): KarmaError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new KarmaError('KARMA_BUG', message, { cause: thrown });
}
