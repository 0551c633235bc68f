import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ChildProcessMark } from '../model/run.ts';
import { backendPath, backendSecrets } from './backend-args.ts';
import { secretsOfEnvironment } from './environment.ts';
import { pipesIn } from './pipes.ts';
import type { RunJob } from './port.ts';
import { startOf } from './process-mark.ts';
import { leavesOf, makeRedactor, type Redactor } from './redact.ts';

/** The files of one run, and the arguments that name them. */
export function prepare(job: RunJob): void {
  mkdirSync(job.runFolder, { recursive: true, mode: 0o700 });
  writeFileSync(join(job.runFolder, 'owner.json'), JSON.stringify({ pid: process.pid, started: startOf(process.pid) }));
  if (job.dataFolder !== '') mkdirSync(job.dataFolder, { recursive: true, mode: 0o700 });
  if (job.state !== undefined) mkdirSync(dirname(job.state), { recursive: true, mode: 0o700 });
  if (job.variables !== undefined) {
    writeFileSync(variablesPath(job), JSON.stringify(job.variables), { mode: 0o600 });
  }
}

export function variablesPath(job: Pick<RunJob, 'runFolder'>): string {
  return join(job.runFolder, 'variables.tfvars.json');
}

export function logPath(job: Pick<RunJob, 'runFolder'>): string {
  return join(job.runFolder, 'run.log');
}

export function redactorOf(job: RunJob): Redactor {
  const given = (job.sensitive ?? []).flatMap((name) => leavesOf(job.variables?.[name]));
  const known = [...(job.secrets ?? []), ...backendSecrets(job), ...secretsOfEnvironment(job.environment)];
  return makeRedactor([...given, ...known]);
}

export function inputArgs(job: RunJob): string[] {
  const files = [...(job.varFiles ?? []), ...(job.variables === undefined ? [] : [variablesPath(job)])];
  return [...files.map((file) => `-var-file=${file}`), ...stateArgs(job)];
}

/** A saved plan does not remember where its state was: without `-state` an apply would begin a new one beside the module. */
export function stateArgs(job: RunJob): string[] {
  return job.state === undefined ? [] : [`-state=${job.state}`];
}

export function fileDigest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

export function readText(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

export function planPath(job: Pick<RunJob, 'runFolder'>): string {
  return join(job.runFolder, 'plan');
}

/** Everything that could hold a value in clear; the log stays. */
export function cleanFiles(job: Pick<RunJob, 'runFolder'>): void {
  for (const path of [...clearFiles(job), ...Object.values(pipesIn(job.runFolder))]) rmSync(path, { force: true });
}

export function clearFiles(job: Pick<RunJob, 'runFolder'>): readonly string[] {
  return [planPath(job), variablesPath(job), backendPath(job)];
}

/** Written at once when a program starts, so that whoever resumes finds it even if Karma is killed a moment later. */
export function writeMark(runFolder: string, mark: ChildProcessMark): void {
  writeFileSync(join(runFolder, 'child.json'), JSON.stringify(mark), { mode: 0o600 });
}

/** The last program of a run, whether it lives or not; undefined when none was started. */
export function readMark(runFolder: string): ChildProcessMark | undefined {
  const file = join(runFolder, 'child.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ChildProcessMark) : undefined;
}
