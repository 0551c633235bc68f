import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StayingProduct } from './staying.ts';

/** What the product gave back. */
export interface Told {
  readonly asked: string;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What it took that is more than an answer may take, in words. */
  readonly beyond?: readonly string[];
}

export interface Asking {
  readonly input?: string;
  /** Killed with SIGKILL after so many milliseconds, with all that it started. */
  readonly killAfter?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Longer than any answer takes on a slow machine: what is not there by then hangs. */
const hangs = 240_000;

/** The installed product as a person runs it: by its name, in a small environment, with a home of its own. */
export class Product {
  readonly #program: string;
  readonly #home: string;
  readonly #staying: StayingProduct;

  constructor(program: string, home: string) {
    this.#program = program;
    this.#home = home;
    mkdirSync(home, { recursive: true });
    this.#staying = new StayingProduct(program, { cwd: home, env: this.#environment() }, hangs);
  }

  /** The same question of a process that is asked many: for what is true of an answer, however its process began and ends. */
  askStaying(args: readonly string[]): Promise<Told> {
    return this.#staying.ask(args);
  }

  end(): void {
    this.#staying.end();
  }

  #environment(): Record<string, string> {
    return {
      ...{ PATH: process.env['PATH'] ?? '', HOME: this.#home, LC_ALL: 'C.UTF-8', KARMA_ACTOR: 'harness' },
      KARMA_GIT_IDLE: process.env['KARMA_GIT_IDLE'] ?? '',
      ...{ GIT_CONFIG_NOSYSTEM: '1', NODE_COMPILE_CACHE: join(this.#home, 'compiled') },
    };
  }

  start(args: readonly string[], { env = {} }: Asking = {}): ChildProcess {
    return spawn(process.execPath, [this.#program, ...args], {
      cwd: this.#home,
      // A group of its own, so that a kill reaches what it started too.
      detached: true,
      env: { ...this.#environment(), ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  ask(args: readonly string[], asking: Asking = {}): Promise<Told> {
    const child = this.start(args, asking);
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(asking.input ?? '');
    child.stdout?.on('data', (bytes: Buffer) => out.push(bytes));
    child.stderr?.on('data', (bytes: Buffer) => err.push(bytes));
    const timer = setTimeout(() => endGroup(child), asking.killAfter ?? hangs);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => {
        clearTimeout(timer);
        const stderr = Buffer.concat(err).toString('utf8');
        const isHung = code === null && asking.killAfter === undefined;
        resolve({
          asked: args.join(' '),
          code: code ?? 137,
          stdout: Buffer.concat(out).toString('utf8'),
          stderr: isHung ? `${stderr}\nHUNG` : stderr,
        });
      });
    });
  }
}

export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

const codes: ReadonlySet<number> = new Set([0, 1, 2, 3, 64, 75]);

/** What no answer may be, whatever was asked of whatever estate: each fault in words. */
export function faultsOf(told: Told): string[] {
  const { asked, code, stdout, stderr, beyond = [] } = told;
  const faults: string[] = [...beyond];
  if (stderr.endsWith('HUNG')) faults.push('hangs');
  else if (!codes.has(code)) faults.push(`ends with ${code}`);
  if (/KARMA_BUG/.test(stdout + stderr)) faults.push('is a bug');
  if (/^\s+at .*[:(]\d+|Warning:|UnhandledPromise/m.test(stderr)) faults.push('shows a stack trace');
  // A patch of a file with such line ends keeps them.
  const said = /^(?:config set|env promote|env switch|change diff) /.test(asked)
    ? stdout.replaceAll('\r\n', '\n')
    : stdout;
  if ([said, stderr].some((text) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(text.replaceAll('\0', ''))))
    faults.push('steers the terminal');
  return faults.map((fault) => `karma ${asked} ${fault}: ${stderr.slice(0, 600)}`);
}

/** Faults of an answer that has to be good. */
export function faultsUnlessOk(told: Told, good: readonly number[] = [0]): string[] {
  const faults = faultsOf(told);
  if (faults.length > 0 || good.includes(told.code)) return faults;
  return [`karma ${told.asked} ended with ${told.code}: ${told.stderr.slice(0, 600)}`];
}
