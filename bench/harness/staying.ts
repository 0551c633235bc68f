import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Told } from './product.ts';

export interface Asked {
  readonly args: readonly string[];
}

export interface Heard {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds of processor that the question took. */
  readonly cpu: number;
  /** Megabytes that the process held at most so far. */
  readonly most: number;
}

/** Where and with what a process of it runs. */
export interface Surroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** After so many questions the next one starts anew: what one leaves behind is not to be another one's. */
const questionsEach = 60;
/** A small estate asks nothing that takes as long; a process of its own takes a second of it to begin with. */
const mostCpu = 5_000;
/** Beyond what a process holds that answered sixty questions. */
const mostMemory = 900;

/** The installed product, many questions to one process. What is asked of it costs a tenth of what a process each costs. */
export class StayingProduct {
  readonly #program: string;
  readonly #options: Surroundings;
  readonly #hangs: number;
  #child: ChildProcess | undefined;
  #asked = 0;

  constructor(program: string, options: Surroundings, hangs: number) {
    this.#program = program;
    this.#options = options;
    this.#hangs = hangs;
  }

  async ask(args: readonly string[]): Promise<Told> {
    const child = this.#process();
    this.#asked += 1;
    const asked = args.join(' ');
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#hangs);
    const over = new AbortController();
    const ended = once(child, 'exit', over).then(
      () => undefined,
      () => undefined,
    );
    const answer = Promise.race([once(child, 'message', over), ended]);
    // One that ended meanwhile is seen by its end.
    child.send({ args } satisfies Asked, () => undefined);
    const heard = ((await answer) as readonly [Heard] | undefined)?.[0];
    over.abort();
    clearTimeout(timer);
    if (heard === undefined) {
      this.#child = undefined;
      const how = child.signalCode === 'SIGKILL' ? 'HUNG' : 'ended before it answered';
      return { asked, code: child.exitCode ?? 137, stdout: '', stderr: `\n${how}` };
    }
    const { code, stdout, stderr, cpu, most } = heard;
    if (this.#asked >= questionsEach || most > mostMemory) this.end();
    const beyond = [
      ...(cpu > mostCpu ? [`took ${Math.round(cpu)} ms of processor`] : []),
      ...(most > mostMemory ? [`held ${Math.round(most)} MB`] : []),
    ];
    return { asked, code, stdout, stderr, beyond };
  }

  end(): void {
    this.#child?.disconnect();
    this.#child = undefined;
    this.#asked = 0;
  }

  #process(): ChildProcess {
    // One that ended after it answered is not asked again.
    if (this.#child?.connected !== true || this.#child.exitCode !== null) this.#child = undefined;
    this.#child ??= fork(fileURLToPath(new URL('staying-asker.ts', import.meta.url)), [this.#program], {
      ...this.#options,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    return this.#child;
  }
}
