import { spawn, spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { shellWord } from '../../model/quote.ts';
import { watchMemory, watchProgress } from './progress-watch.ts';

/** Where `git` runs: the top of a work tree, or a bare repository. */
export interface GitPlace {
  readonly root: string;
  readonly bare: boolean;
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface GitCall {
  readonly input?: string | Buffer;
  /** Called with each piece of stdout as it comes; then the answer's `stdout` stays empty. */
  readonly onData?: (chunk: Buffer) => void;
  /** What its answer may come to, in bytes: a few trees that hold each other make more files than any machine has room for. */
  readonly most?: number;
  /** An index of one's own in the place of the work tree's, to put a tree together in. */
  readonly index?: string;
}

/**
 * Settings that could start a program, take a lock or reach the network are off, whatever the repository's own config says:
 * a repository is read, never run. `protocol.allow` and `GIT_ALLOW_PROTOCOL` stop lazy fetches on versions of git that do
 * not know `GIT_NO_LAZY_FETCH`.
 */
const hardened: readonly string[] = [
  '--no-pager',
  '--no-optional-locks',
  '--literal-pathspecs',
  '-c',
  'core.fsmonitor=false',
  '-c',
  'core.hooksPath=/dev/null',
  '-c',
  'protocol.allow=never',
  '-c',
  'core.quotePath=false',
  '-c',
  'log.showSignature=false',
  '-c',
  'diff.external=',
  // What Git answers is read by a program: no setting may spell, sort or name it in another way, or wait for a file.
  '-c',
  'i18n.logOutputEncoding=UTF-8',
  '-c',
  'diff.orderFile=/dev/null',
  '-c',
  'mailmap.file=',
  '-c',
  'log.follow=false',
  '-c',
  'log.mailmap=false',
  '-c',
  'apply.ignoreWhitespace=no',
];

/** Variables that point git elsewhere; set inside hooks, where they would make Karma read another repository. */
const misleading =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|NAMESPACE|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|PREFIX|QUARANTINE_PATH|EXTERNAL_DIFF|DIFF_OPTS|EDITOR|SEQUENCE_EDITOR|PAGER|ASKPASS|SSH|SSH_COMMAND|PROXY_COMMAND|TEMPLATE_DIR|(?:NO)?GLOB_PATHSPECS|ICASE_PATHSPECS|TRACE.*)$/;

/** @param root beyond it git must not look: a damaged repository inside another one would answer as the outer one. */
function gitEnvironment({ root }: GitPlace, index: string | undefined): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(process.env)) if (!misleading.test(name)) environment[name] = value;
  return Object.assign(environment, {
    LC_ALL: 'C',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_NO_LAZY_FETCH: '1',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    GIT_FLUSH: '0',
    GIT_CEILING_DIRECTORIES: dirname(root),
    ...(index === undefined ? {} : { GIT_INDEX_FILE: index }),
  });
}

/** `git -C <work tree>`; a bare repository is named outright, because `safe.bareRepository=explicit` asks for it. */
function argumentsFor(place: GitPlace, args: readonly string[]): string[] {
  return [...(place.bare ? [`--git-dir=${place.root}`] : ['-C', place.root]), ...hardened, ...args];
}

/** Runs git and waits, without a shell. @throws KARMA_TOOL_MISSING */
export function gitSync(place: GitPlace, args: readonly string[], { input, most, index }: GitCall = {}): GitAnswer {
  const child = spawnSync('git', argumentsFor(place, args), {
    env: gitEnvironment(place, index),
    maxBuffer: most ?? Number.POSITIVE_INFINITY,
    // These answer from files of Git's own, at once.
    timeout: 4 * idleLimit(),
    killSignal: 'SIGKILL',
    input: input ?? '',
    windowsHide: true,
  });
  if (child.error !== undefined && 'code' in child.error && child.error.code === 'ETIMEDOUT')
    throw standsStill(place, args);
  if (child.error !== undefined && 'code' in child.error && child.error.code === 'ENOBUFS')
    throw saysTooMuch(place, args);
  if (child.error) throw cannotStart(child.error);
  return { code: child.status ?? 128, stdout: child.stdout, stderr: child.stderr.toString() };
}

/** Runs git beside the caller, without a shell. @throws KARMA_TOOL_MISSING */
export function gitAsync(
  place: GitPlace,
  args: readonly string[],
  { input, onData, most = Number.POSITIVE_INFINITY, index }: GitCall = {},
): Promise<GitAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', argumentsFor(place, args), { env: gitEnvironment(place, index), windowsHide: true });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let failure: unknown;
    let said = 0;
    const watch = watchProgress(child.pid, idleLimit(), () => {
      failure ??= standsStill(place, args);
      child.kill('SIGKILL');
    });
    const memory = watchMemory(child.pid, () => {
      failure ??= saysTooMuch(place, args);
      child.kill('SIGKILL');
    });
    child.stdout.on('data', (chunk: Buffer) => {
      watch.progress();
      said += chunk.length;
      if (said > most) {
        failure ??= saysTooMuch(place, args);
        child.kill('SIGKILL');
        return;
      }
      if (onData === undefined) {
        stdout.push(chunk);
        return;
      }
      try {
        onData(chunk);
      } catch (error) {
        failure ??= error;
        child.kill();
      }
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', (error) => {
      watch.end();
      memory.end();
      reject(cannotStart(error));
    });
    child.on('close', (code) => {
      watch.end();
      memory.end();
      if (failure !== undefined) reject(failure);
      else
        resolve({ code: code ?? 128, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') });
    });
    // git may exit before it has read everything; its exit code tells, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
}

/** The output of a call that must succeed. */
export function succeeded(place: GitPlace, answer: GitAnswer): Buffer {
  if (answer.code !== 0) throw gitError(place, answer.stderr);
  return answer.stdout;
}

/** How long git may stand still, in milliseconds. A large repository on a slow disk keeps it busy for longer, not still. */
function idleLimit(): number {
  const seconds = Number(process.env['KARMA_GIT_IDLE']);
  return (Number.isFinite(seconds) && seconds > 0 ? seconds : 30) * 1000;
}

function standsStill(place: GitPlace, args: readonly string[]): KarmaError {
  const [verb = ''] = args.filter((word) => !word.startsWith('-'));
  return new KarmaError('KARMA_GIT', `\`git ${verb}\` in ${place.root} did not go on, and was ended`, {
    hint: 'something makes it wait: a named pipe where it reads a file, such as `.gitignore`? `find . -type p` shows them',
    details: { repository: place.root },
  });
}

function saysTooMuch(place: GitPlace, args: readonly string[]): KarmaError {
  const [verb = ''] = args.filter((word) => !word.startsWith('-'));
  return new KarmaError(
    'KARMA_GIT',
    `\`git ${verb}\` in ${place.root} asks for more than any machine has room for, and was ended`,
    {
      hint: 'folders that hold the same folder many times? `git ls-tree -r --name-only HEAD | head` shows them',
      details: { repository: place.root },
    },
  );
}

function cannotStart(error: Error): KarmaError {
  const missing = 'code' in error && error.code === 'ENOENT';
  return missing
    ? new KarmaError('KARMA_TOOL_MISSING', 'the program `git` is not on the PATH', {
        hint: 'install Git 2.30 or newer; a folder that is no repository is read without it',
        cause: error,
      })
    : new KarmaError('KARMA_GIT', `git could not be started: ${error.message}`, { cause: error });
}

/** What git said, as an error a person can act on. */
export function gitError(place: GitPlace, stderr: string): KarmaError {
  const said = stderr.trim();
  const first =
    said
      .split('\n')
      .find((line) => /^(fatal|error):/.test(line))
      ?.replace(/^(fatal|error): /, '') ??
    said.split('\n')[0] ??
    '';
  const details = { repository: place.root };
  if (/dubious ownership/.test(said)) {
    return new KarmaError('KARMA_GIT', `git does not trust ${place.root}: it belongs to another user`, {
      hint: `git config --global --add safe.directory ${shellWord(place.root)}`,
      details,
    });
  }
  if (/Permission denied/i.test(said)) {
    return new KarmaError('KARMA_UNREADABLE', `git may not read ${place.root}: ${first}`, {
      hint: 'run Karma as a user who may read the repository',
      details,
    });
  }
  return new KarmaError('KARMA_GIT', first === '' ? 'git failed without a word' : `git said: ${first}`, {
    hint: `see what \`git -C ${shellWord(place.root)} fsck\` says`,
    details,
  });
}
