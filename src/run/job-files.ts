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
  writeOwner(job.runFolder);
  if (job.dataFolder !== '') mkdirSync(job.dataFolder, { recursive: true, mode: 0o700 });
  if (job.state !== undefined) mkdirSync(dirname(job.state), { recursive: true, mode: 0o700 });
}

/** Says which process works in a folder, so that what it leaves when it is killed is known to be nobody's. */
export function writeOwner(folder: string): void {
  writeFileSync(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), {
    mode: 0o600,
  });
}

/** A descriptor that the program inherits, read like a file. */
const handedPath = '/dev/fd/3';

/**
 * The variables of a job as Terraform's own syntax has them, of which JSON is nearly all: by the name of a descriptor nobody could
 * tell that it is JSON.
 */
export function handedText({ variables }: Pick<RunJob, 'variables'>): string | undefined {
  if (variables === undefined) return undefined;
  return Object.entries(variables)
    .map(([name, value]) => `${name} = ${expressionOf(value)}\n`)
    .join('');
}

/** Two of JSON's escapes mean nothing in Terraform's syntax, and what begins a template there is plain text here. */
function expressionOf(value: unknown): string {
  return JSON.stringify(value ?? null)
    .replaceAll(/\\./g, (written) => ({ '\\b': '\\u0008', '\\f': '\\u000c' })[written] ?? written)
    .replaceAll(/[$%](?=\{)/g, (mark) => mark + mark);
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
  const files = [...(job.varFiles ?? []), ...(job.variables === undefined ? [] : [handedPath])];
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
  // The last one of these a Karma of old may have left.
  return [planPath(job), backendPath(job), join(job.runFolder, 'variables.tfvars.json')];
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
