import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isKarmaError, KarmaError } from '../model/errors.ts';
import type { Seal, StateMark } from '../model/record.ts';
import type { ChildProcessMark } from '../model/run.ts';
import { backendArgs } from './backend-args.ts';
import { type ChildRequest, type Grace, patientGrace, runChild } from './child.ts';
import { failure, saysBackendChanged, wantsInit } from './failure.ts';
import { type Heard, hear, nothingHeard } from './hear.ts';
import {
  cleanFiles,
  fileDigest,
  handedText,
  inputArgs,
  logPath,
  planPath,
  prepare,
  readText,
  redactorOf,
  stateArgs,
  writeMark,
} from './job-files.ts';
import { LogFile } from './log-file.ts';
import { firstJson, readOutputValues } from './outputs.ts';
import { readPlanDocument } from './plan-document.ts';
import { leftByRun, leftInFile, markOfPlan } from './plan-state.ts';
import type { Applied, KeptPlan, Outputs, Plan, PlanOptions, RunControl, RunJob, Runner } from './port.ts';
import { keepPrivate } from './private-files.ts';
import type { Redactor } from './redact.ts';
import { rejoin } from './rejoin.ts';
import { mendState } from './state-file.ts';
import { isEqualMark, localStateOf, markOfFile, markOfText } from './state-mark.ts';
import type { StreamOutput } from './stream.ts';
import type { Tool } from './tool.ts';

/**
 * Runs `terraform` or `tofu`. With a reviewed plan three processes a run: `plan -json -out`, `show -json`, `apply -json`; a
 * fourth, `output -json`, only where there are sensitive outputs, since the stream leaves their values out; `init` only where
 * the module needs it and the last one is not good any more.
 */
export interface TerraformOptions {
  readonly tool: Tool;
  readonly seal: Seal;
  /** Names this host's processes: see `stores/ledger/liveness.ts`. */
  readonly host: string;
  readonly grace?: Grace;
  /** How long Terraform waits for a state lock. Default 60 s. */
  readonly lockTimeoutSeconds?: number;
  /** How another program is told to run Terraform; see `terragrunt.ts`. */
  readonly wrap?: (args: readonly string[]) => readonly string[];
}

export function terraformRunner(options: TerraformOptions): Runner {
  return new TerraformRunner(options);
}

/** Only a plan is given variables: a saved one holds them. */
function handedTo(job: RunJob, [verb]: readonly string[]): { readonly handed?: string } {
  const handed = verb === 'plan' ? handedText(job) : undefined;
  return handed === undefined ? {} : { handed };
}

/** Sensitive outputs come without value in the stream. */
function asksAgain(streamed: Readonly<Record<string, StreamOutput>> | undefined): boolean {
  return Object.values(streamed ?? {}).some(({ sensitive, known }) => sensitive || !known);
}

class TerraformRunner implements Runner {
  readonly #options: TerraformOptions;
  #version: Promise<string> | undefined;
  /** Inits share the plugin cache, which two of them at once would tear. */
  #initQueue: Promise<unknown> = Promise.resolve();

  constructor(options: TerraformOptions) {
    this.#options = options;
  }

  version(): Promise<string> {
    this.#version ??= this.#askVersion();
    return this.#version;
  }

  async plan(job: RunJob, asked: PlanOptions, control: RunControl): Promise<Plan> {
    prepare(job);
    // Who only looks mends nothing.
    if (asked.mode !== 'refresh-only') mendState(job.state, (text) => control.listen({ kind: 'note', text }));
    const redact = redactorOf(job);
    const file = planPath(job);
    const mode = asked.mode === 'apply' ? [] : [`-${asked.mode}`];
    const args = ['plan', '-json', '-input=false', '-detailed-exitcode', ...this.#lock(), ...mode, ...inputArgs(job)];
    const heard = await this.#withInit(job, control, redact, 'plan', [...args, `-out=${file}`], [0, 2], false);
    const document = await this.#show(job, control, file);
    const facts = readPlanDocument(document, this.#options.seal);
    const anyChange = heard.end.code === 2;
    return { ...facts, mode: asked.mode, file, digest: fileDigest(file), anyChange, madeOf: markOfPlan(file) };
  }

  async reopen(job: RunJob, { bytes, digest, anyChange }: KeptPlan, control: RunControl): Promise<Plan> {
    prepare(job);
    const file = planPath(job);
    writeFileSync(file, bytes, { mode: 0o600 });
    const facts = readPlanDocument(await this.#show(job, control, file), this.#options.seal);
    return { ...facts, mode: 'apply', file, digest, anyChange, madeOf: markOfPlan(file) };
  }

  async apply(job: RunJob, plan: Plan, control: RunControl): Promise<Applied> {
    if (fileDigest(plan.file) !== plan.digest) {
      throw new KarmaError('KARMA_REFUSED', 'the plan file is not the one that was reviewed', { hint: 'plan again' });
    }
    const redact = redactorOf(job);
    redact.add(plan.secrets);
    const args = ['apply', '-json', '-input=false', ...this.#lock(), ...stateArgs(job), plan.file];
    const heard = await this.#must(job, control, redact, 'apply', args, [0], true);
    // Before anything else: whoever writes it next is somebody else.
    const local = localStateOf(job);
    const left =
      local === undefined
        ? leftByRun(plan.madeOf, await this.state(job, control), true)
        : leftInFile(plan.madeOf, local);
    const outputs = await this.#outputsAfter(job, control, heard.outputs);
    // What is in it belongs together, and so must what is read of it.
    const stands = !asksAgain(heard.outputs) || isEqualMark(left, await this.state(job, control));
    const state = stands ? left : undefined;
    return { outputs, changes: heard.changes ?? plan.changes, ...(state === undefined ? {} : { state }) };
  }

  async outputs(job: RunJob, control: RunControl): Promise<Outputs> {
    const text = await this.#quiet(job, control, ['output', '-json', ...stateArgs(job)]);
    return readOutputValues(firstJson(text), this.#options.seal);
  }

  async state(job: RunJob, control: RunControl): Promise<StateMark | undefined> {
    const local = localStateOf(job);
    if (local !== undefined) return markOfFile(local);
    try {
      return markOfText(await this.#quiet(job, control, ['state', 'pull']));
    } catch (error) {
      // Not known is an answer: nothing is skipped that rests on it.
      if (!isKarmaError(error)) throw error;
      return undefined;
    }
  }

  rejoin(mark: ChildProcessMark, how: 'wait' | 'interrupt', control: RunControl): Promise<'was gone' | 'ended'> {
    return rejoin(mark, how, control, this.#options);
  }

  async clean(job: RunJob): Promise<void> {
    cleanFiles(job);
  }

  #command(args: readonly string[]): readonly string[] {
    const { tool, wrap } = this.#options;
    return [tool.program, ...(wrap === undefined ? args : wrap(args))];
  }

  #lock(): string[] {
    return [`-lock-timeout=${this.#options.lockTimeoutSeconds ?? 60}s`];
  }

  async #askVersion(): Promise<string> {
    const { tool } = this.#options;
    const job = { folder: process.cwd(), runFolder: process.cwd(), dataFolder: '', environment: {} };
    const signal = new AbortController().signal;
    if (tool.name === 'terragrunt') {
      const said = await this.#capture(job, signal, ['--version']);
      return `terragrunt ${/\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? ''}`.trim();
    }
    const json = firstJson(await this.#capture(job, signal, ['version', '-json']));
    const known = typeof json === 'object' && json !== null && 'terraform_version' in json;
    return `${tool.name} ${known ? String(json.terraform_version) : ''}`.trim();
  }

  /** Only for outputs that the stream does not tell the state is asked once more. */
  async #outputsAfter(
    job: RunJob,
    control: RunControl,
    streamed: Readonly<Record<string, StreamOutput>> | undefined,
  ): Promise<Outputs> {
    if (streamed === undefined) return {};
    return asksAgain(streamed) ? this.outputs(job, control) : readOutputValues(streamed, this.#options.seal);
  }

  /** The document holds secrets in clear: it is read into memory, reduced, and never logged. */
  async #show(job: RunJob, control: RunControl, file: string): Promise<unknown> {
    return firstJson(await this.#quiet(job, control, ['show', '-json', file]));
  }

  async #withInit(
    job: RunJob,
    control: RunControl,
    redact: Redactor,
    verb: string,
    args: readonly string[],
    good: readonly number[],
    survives: boolean,
  ): Promise<Heard> {
    if (job.init) await this.#init(job, control, redact, false);
    const heard = await this.#run(job, control, redact, args, survives);
    if (heard.end.code !== null && good.includes(heard.end.code)) return heard;
    if (heard.end.stopped !== undefined || !wantsInit(heard.diagnostics, heard.tail))
      throw this.#failed(job, verb, heard);
    await this.#init(job, control, redact, true);
    return this.#must(job, control, redact, verb, args, good, survives);
  }

  async #must(
    job: RunJob,
    control: RunControl,
    redact: Redactor,
    verb: string,
    args: readonly string[],
    good: readonly number[],
    survives: boolean,
  ): Promise<Heard> {
    const heard = await this.#run(job, control, redact, args, survives);
    if (heard.end.code === null || !good.includes(heard.end.code)) throw this.#failed(job, verb, heard);
    return heard;
  }

  #failed(job: RunJob, verb: string, heard: Heard): KarmaError {
    const { diagnostics, tail, end } = heard;
    return failure({ program: this.#options.tool.name, verb, end, diagnostics, tail, log: logPath(job) });
  }

  async #init(job: RunJob, control: RunControl, redact: Redactor, force: boolean): Promise<void> {
    const marker = join(job.dataFolder, 'karma-init');
    if (!force && job.initKey !== undefined && readText(marker) === job.initKey) return;
    const args = ['init', '-input=false', '-no-color', ...this.#lock(), ...backendArgs(job)];
    const turn = this.#initQueue.then(() => this.#initOnce(job, control, redact, args));
    this.#initQueue = turn.catch(() => undefined);
    await turn;
    if (job.initKey !== undefined && job.dataFolder !== '') writeFileSync(marker, job.initKey, { mode: 0o600 });
  }

  /**
   * Told a workspace that is not there yet, `init` refuses, and a plan makes it; some backends cannot be initialised without
   * one. So first without, and with it where that fails.
   */
  async #initOnce(job: RunJob, control: RunControl, redact: Redactor, args: readonly string[]): Promise<Heard> {
    const { workspace, ...without } = job;
    let told = args;
    let heard = await this.#run(without, control, redact, told, false);
    if (heard.end.code !== 0 && job.reconfigure === true && saysBackendChanged(heard.tail)) {
      told = [...args, '-reconfigure'];
      heard = await this.#run(without, control, redact, told, false);
    }
    if (heard.end.code === 0) return heard;
    if (heard.end.stopped !== undefined || workspace === undefined) throw this.#failed(job, 'init', heard);
    return this.#must(job, control, redact, 'init', told, [0], false);
  }

  async #run(
    job: RunJob,
    control: RunControl,
    redact: Redactor,
    args: readonly string[],
    survives: boolean,
  ): Promise<Heard> {
    const log = new LogFile(logPath(job), redact);
    const heard = nothingHeard();
    const command = this.#command(args);
    control.listen({ kind: 'command', folder: job.folder, command: command.map(redact) });
    log.line(`$ ${command.join(' ')}`);
    try {
      heard.end = await runChild({
        ...this.#request(job, control.signal, args),
        survives,
        ...handedTo(job, args),
        onStart: (mark) => {
          writeMark(job.runFolder, mark);
          control.listen({ kind: 'child', mark });
        },
        ...(job.timeoutMs === undefined ? {} : { timeoutMs: job.timeoutMs }),
        onLine: (line) => {
          hear(line, heard, log, redact, control.listen);
          // Killed, Karma could not do it at the end: what is there by now is private by now.
          if (survives) keepPrivate(job);
        },
      });
      return heard;
    } finally {
      log.close();
      keepPrivate(job);
    }
  }

  async #quiet(job: RunJob, control: RunControl, args: readonly string[]): Promise<string> {
    control.listen({ kind: 'command', folder: job.folder, command: this.#command(args) });
    return this.#capture(job, control.signal, args, redactorOf(job));
  }

  async #capture(
    job: Pick<RunJob, 'folder' | 'runFolder' | 'dataFolder' | 'environment'> & { readonly workspace?: string },
    signal: AbortSignal,
    args: readonly string[],
    redact: (text: string) => string = (text) => text,
  ): Promise<string> {
    const out: string[] = [];
    const err: string[] = [];
    const end = await runChild({
      ...this.#request(job, signal, args),
      survives: false,
      longestLine: 512 * 1024 * 1024,
      onLine: (line, from) => void (from === 'out' ? out : err).push(line),
    });
    if (end.code === 0) return out.join('\n');
    const tail = err
      .filter((line) => line.trim() !== '')
      .slice(-5)
      .map(redact);
    const { tool } = this.#options;
    throw failure({ program: tool.name, verb: args[0] ?? '', end, diagnostics: [], tail, log: job.runFolder });
  }

  #request(
    job: Pick<RunJob, 'folder' | 'runFolder' | 'dataFolder' | 'environment'> & { readonly workspace?: string },
    signal: AbortSignal,
    args: readonly string[],
  ): Omit<ChildRequest, 'onLine' | 'survives'> {
    const { host, grace } = this.#options;
    const [program = '', ...words] = this.#command(args);
    return {
      program,
      args: words,
      folder: job.folder,
      environment: {
        ...job.environment,
        CHECKPOINT_DISABLE: '1',
        TF_IN_AUTOMATION: '1',
        ...(job.dataFolder === '' ? {} : { TF_DATA_DIR: job.dataFolder }),
        ...(job.workspace === undefined ? {} : { TF_WORKSPACE: job.workspace }),
      },
      signal,
      host,
      runFolder: job.runFolder,
      grace: grace ?? patientGrace,
    };
  }
}
