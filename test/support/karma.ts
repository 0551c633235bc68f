import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { wrongInDocument } from './answers.ts';
import { askResident, endResidents } from './resident.ts';

/** What a command line gave back. */
export interface Answer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CallOptions {
  readonly cwd?: string;
  /** Laid over a small, fixed environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
  /** What runs instead of `node main.ts`, with the arguments behind it. */
  readonly through?: readonly string[];
  /** Killed with SIGKILL after so many milliseconds. */
  readonly killAfter?: number;
}

export const root = new URL('../..', import.meta.url).pathname;
/** The sources; in `npm test` what is installed of the packed archive: what is shipped is what must work. */
export const entry = process.env['KARMA_TEST_PROGRAM'] ?? join(root, 'src/faces/cli/main.ts');

/** Nobody's: what is kept for folders without Git lands here. */
const home = mkdtempSync(join(tmpdir(), 'karma-home-'));
afterAll(async () => {
  await endResidents();
  rmSync(home, { recursive: true, force: true });
});

/** The same on every machine: no person's Git settings, no colours forced from outside. */
export function environment(over: CallOptions['env'] = {}): Record<string, string> {
  const own: Record<string, string | undefined> = {
    PATH: process.env['PATH'],
    HOME: home,
    TMPDIR: process.env['TMPDIR'],
    GIT_CONFIG_NOSYSTEM: '1',
    LC_ALL: 'C.UTF-8',
    KARMA_ACTOR: 'tester',
    // Starting takes a third of the time when the sources are compiled once for all processes.
    NODE_COMPILE_CACHE: join(root, '.cache/compiled'),
    ...over,
  };
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/**
 * Runs the command line as a person would, and holds every answer, good or bad, to what no answer may break: no bug, no
 * stack trace, nothing that steers a terminal.
 */
export async function karma(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const answer = await (isOfOneProcess(options) ? karmaRaw(args, options) : karmaResident(args, options));
  mustHold(args, answer);
  return answer;
}

/** What is true of a process alone: what starts it, what it is given to read, what ends it, what Node reads as it starts. */
function isOfOneProcess({ through, input, killAfter, env = {} }: CallOptions): boolean {
  return (
    [through, input, killAfter].some((given) => given !== undefined) ||
    Object.keys(env).some((name) => /^(NODE_|TZ$)/.test(name))
  );
}

async function karmaResident(args: readonly string[], options: CallOptions): Promise<Answer> {
  const answer = await askResident({ entry, args, cwd: options.cwd ?? root, env: environment(options.env) });
  keepForReading(args, answer);
  return answer;
}

/**
 * Many questions to one process, for what is true of a process: what it writes, starts and reaches. The answers are held to
 * the same.
 */
export async function karmaSeveral(
  questions: readonly (readonly string[])[],
  options: CallOptions = {},
): Promise<readonly Answer[]> {
  const driver = join(root, 'test/support/several-questions.ts');
  const through = (options.through ?? [process.execPath, entry]).map((word) => (word === entry ? driver : word));
  const { code, stdout, stderr } = await karmaRaw([], { ...options, through, input: JSON.stringify(questions) });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const answers = JSON.parse(stdout) as Answer[];
  for (const [index, answer] of answers.entries()) {
    keepForReading(questions[index] ?? [], answer);
    mustHold(questions[index] ?? [], answer);
  }
  return answers;
}

function mustHold(args: readonly string[], answer: Answer): void {
  const where = `karma ${args.join(' ')}\n${answer.stdout.slice(0, 2000)}\n${answer.stderr.slice(0, 2000)}`;
  expect(answer.stderr, where).not.toMatch(/KARMA_BUG|^\s+at .*[:(]\d+|Warning:|UnhandledPromise/m);
  expect(answer.stdout, where).not.toMatch(/KARMA_BUG|^\s+at .*\.[jt]s:\d+/m);
  const said = args.includes('paths0') ? answer.stdout.replaceAll('\0', '') : answer.stdout;
  expect(controlCharacters(said), `control characters on stdout of ${where}`).toEqual([]);
  expect(controlCharacters(answer.stderr), `control characters on stderr of ${where}`).toEqual([]);
  if (args.includes('--json')) mustBeAsItsSchemaSays(args, answer, where);
}

/** One document, or none where nothing was answered: of any command, in any state. */
function mustBeAsItsSchemaSays(args: readonly string[], { stdout }: Answer, where: string): void {
  if (stdout === '') return;
  expect(wrongInDocument(args, stdout), where).toEqual([]);
}

/** As {@link karma}, and the answer is what was asked for: code 0. */
export async function karmaOk(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const answer = await karma(args, options);
  expect(answer.code, `karma ${args.join(' ')}\n${answer.stderr}`).toBe(0);
  return answer;
}

/** The one JSON document of an answer. */
export async function karmaJson<T = Record<string, unknown>>(
  args: readonly string[],
  options: CallOptions = {},
): Promise<T> {
  const { stdout } = await karmaOk([...args, '--json'], options);
  return JSON.parse(stdout) as T;
}

/** No assertion at all: for processes that are killed, and commands that are to fail. */
export function karmaRaw(args: readonly string[], options: CallOptions = {}): Promise<Answer> {
  const [program = process.execPath, ...before] = options.through ?? [process.execPath, entry];
  const child = spawn(program, [...before, ...args], {
    cwd: options.cwd ?? root,
    env: environment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => err.push(bytes));
  const timer =
    options.killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.killAfter);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const answer = {
        code: code ?? (signal === 'SIGKILL' ? 137 : 1),
        stdout: Buffer.concat(out).toString('utf8'),
        stderr: Buffer.concat(err).toString('utf8'),
      };
      keepForReading(args, answer);
      resolve(answer);
    });
  });
}

/** `KARMA_SHOW=file` keeps every question and answer, to be read by a person: an answer can be right and still be bad. */
function keepForReading(args: readonly string[], { code, stdout, stderr }: Answer): void {
  const file = process.env['KARMA_SHOW'];
  if (file === undefined) return;
  const cut = (text: string) => (text.length > 3000 ? `${text.slice(0, 3000)}… (${text.length})\n` : text);
  appendFileSync(file, `$ karma ${args.join(' ')}\n${cut(stdout)}${cut(stderr)}[exit ${code}]\n\n`);
}

/** Whatever may move the cursor, colour or reorder text; tabs and line ends aside. */
export function controlCharacters(text: string): string[] {
  return [...text.matchAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g)].map(
    ([character]) => `U+${character.charCodeAt(0).toString(16)}`,
  );
}

/** Git with nobody's settings; gives what it printed. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment(),
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
      GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
      GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
    },
  }).trim();
}
