import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '../model/digest.ts';
import { KarmaError } from '../model/errors.ts';
import { type Grace, patientGrace, runChild } from './child.ts';
import { writeMark } from './job-files.ts';
import { LogFile } from './log-file.ts';
import type { RunControl } from './port.ts';
import { makeRedactor } from './redact.ts';

/** A program that a component type declares to run before or after Terraform: a command as a list of words, never a shell line. */
export interface Step {
  readonly name: string;
  readonly command: readonly string[];
  /** Absolute. */
  readonly folder: string;
  /** What it may read as JSON, from the file that `KARMA_OUTPUTS` names. */
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface StepOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly runFolder: string;
  readonly secrets?: readonly string[];
  readonly timeoutMs?: number;
  readonly host: string;
  readonly grace?: Grace;
}

/** Runs one step; its output goes, redacted, to the run's log. @throws KARMA_RUN_FAILED, KARMA_INTERRUPTED */
export async function runStep(step: Step, options: StepOptions, control: RunControl): Promise<void> {
  const [program, ...args] = step.command;
  if (program === undefined) throw new KarmaError('KARMA_CONFIG_INVALID', `the step ${step.name} names no command`);
  const log = new LogFile(`${options.runFolder}/run.log`, makeRedactor(options.secrets ?? []));
  const told = step.outputs === undefined ? undefined : tellOutputs(options.runFolder, step.outputs);
  control.listen({ kind: 'command', folder: step.folder, command: step.command });
  log.line(`$ ${step.command.join(' ')}`);
  try {
    const end = await runChild({
      program,
      args,
      folder: step.folder,
      environment: { ...options.environment, ...(told === undefined ? {} : { KARMA_OUTPUTS: told }) },
      onLine: (line) => log.line(line),
      signal: control.signal,
      host: options.host,
      runFolder: options.runFolder,
      survives: true,
      onStart: (mark) => {
        writeMark(options.runFolder, mark);
        control.listen({ kind: 'child', mark });
      },
      grace: options.grace ?? patientGrace,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    if (end.code === 0) return;
    const code = end.stopped === 'interrupted' ? 'KARMA_INTERRUPTED' : 'KARMA_RUN_FAILED';
    throw new KarmaError(code, `the step ${step.name} ended with ${end.code ?? end.signal}`, {
      hint: `its log is ${log.path}`,
      details: { code: end.code, stopped: end.stopped ?? null },
    });
  } finally {
    log.close();
    if (told !== undefined) rmSync(told, { force: true });
  }
}

function tellOutputs(runFolder: string, outputs: Readonly<Record<string, unknown>>): string {
  const file = join(runFolder, 'outputs.json');
  writeFileSync(file, canonicalJson(outputs), { mode: 0o600 });
  return file;
}
