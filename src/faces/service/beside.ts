import { type ChildProcess, fork } from 'node:child_process';
import type { Role } from '../../engine/access/grants.ts';
import type { EngineContext } from '../../engine/context.ts';
import { verbNamed } from '../../engine/verbs/table.ts';
import { TooManyHere, type VerbCall } from '../../engine/verbs/verb.ts';
import { expectedSize } from '../../engine/versions/expected-size.ts';
import { newestPublished } from '../../engine/versions/newest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Progress } from '../../model/progress.ts';
import type { OpenOptions } from '../../wiring/open.ts';
import { programFile } from '../../wiring/program-file.ts';
import { type Answering, answerHere, type MadeAnswer, type Question } from '../api/answering.ts';
import { errorOf, type ToldError, toldError } from './told-error.ts';

/** What the other process needs to open the same estate. */
export type BesidePlace = Pick<OpenOptions, 'options' | 'env' | 'version' | 'remote'>;

/** What it is told: first where the estate is, then questions, and which of them nobody waits for any more. */
export type ToBeside =
  | { readonly place: BesidePlace }
  | { readonly id: number; readonly question: Question; readonly asker: Asker }
  | { readonly givenUp: number }
  /** Whether who asked may do what was asked about; the error where they may not. */
  | { readonly may: number; readonly error?: ToldError };

export interface Asker extends Pick<EngineContext, 'actor' | 'person' | 'door' | 'trace'> {
  /** They may do so in some environments only: it is asked here. */
  readonly isNarrow: boolean;
}

/** What it says. A long answer comes in parts: one that came whole would keep everybody waiting while it is taken in. */
export type FromBeside = { readonly id: number } & (
  | { readonly progress: Progress }
  | { readonly answer: MadeAnswer }
  | { readonly part: Uint8Array; readonly at: number; readonly of: number; readonly digest?: string }
  | { readonly may: number; readonly role: Role; readonly environments: readonly string[] | undefined }
  | { readonly error: ToldError }
);

/** Of fewer components every question is answered in less time than it takes to hand it over. */
const large = 1_000;
/** So many items are told in a few milliseconds. */
const fewItems = 200;
/** So many of those that are written without being made. */
const fewWritten = 5_000;
/** One works out a question while the other builds. */
const mostProcesses = 2;
/** Then what it took of memory is given back with it. */
const quiet = 10_000;
/** To let what is being written be written. */
const patience = 10_000;

/**
 * Answers what takes long in another process, so that nobody else waits for it: of a large estate all but what is small by itself
 * and asked of the newest version. A process and not a thread: it gives its memory back, and what it does not survive this one does.
 */
export class Beside {
  readonly #place: BesidePlace;
  readonly #least: number;
  readonly #program: string | undefined;
  readonly #processes: Process[] = [];
  #newest: { readonly version: number | undefined; readonly size: number } | undefined;

  /** @param least components of an estate that is large */
  constructor(place: BesidePlace, least = large) {
    this.#place = place;
    this.#least = least;
    this.#program = programFile(new URL('beside-process.ts', import.meta.url));
  }

  readonly answer: Answering = async (context, question, call) => {
    const program = this.#program;
    if (program === undefined) return answerHere(context, question, call);
    const newest = (call.newest ?? (await newestPublished(context)))?.version;
    if (!(await this.#isLarge(context, newest))) return answerHere(context, question, call);
    if (await isSmall(question, newest)) {
      try {
        return await answerHere(context, question, { ...call, most: fewItems, mostWritten: fewWritten });
      } catch (error) {
        if (!(error instanceof TooManyHere)) throw error;
      }
    }
    return this.#idle(program).ask(context, question, call);
  };

  /** Whoever starts a service mostly asks it something: of a large estate the other process is made ready meanwhile. */
  async start(context: EngineContext): Promise<void> {
    const program = this.#program;
    if (program === undefined) return;
    if (await this.#isLarge(context, (await newestPublished(context))?.version)) this.#idle(program);
  }

  /** Lets what is asked be answered, for a while. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
  }

  async #isLarge(context: EngineContext, version: number | undefined): Promise<boolean> {
    if (this.#newest === undefined || this.#newest.version !== version)
      this.#newest = { version, size: await expectedSize(context, version) };
    return this.#newest.size >= this.#least;
  }

  #idle(program: string): Process {
    const idle = this.#processes.find(({ waiting }) => waiting === 0);
    if (idle !== undefined) return idle;
    if (this.#processes.length >= mostProcesses)
      return this.#processes.reduce((one, other) => (other.waiting < one.waiting ? other : one));
    const started = new Process(program, this.#place, () => {
      this.#processes.splice(this.#processes.indexOf(started), 1);
    });
    this.#processes.push(started);
    return started;
  }
}

/** Asked of the newest version, whose graph is at hand, and told in a few milliseconds. */
async function isSmall({ verb: name, query }: Question, newest: number | undefined): Promise<boolean> {
  const { isSmall: small, query: shape } = await verbNamed(name);
  if (small !== true) return false;
  const { at, cursor } = query as { readonly at?: unknown; readonly cursor?: unknown };
  return !Object.hasOwn(shape.fields, 'at') || cursor !== undefined || at === `v${newest}`;
}

interface Waiting {
  readonly asker: Pick<EngineContext, 'report' | 'mustIn'>;
  /** What came of it so far. */
  parts?: Uint8Array<ArrayBuffer>;
  readonly answered: (answer: MadeAnswer) => void;
  readonly failed: (error: unknown) => void;
}

class Process {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #timer: NodeJS.Timeout | undefined;
  #asked = 0;

  /** @param left told when it takes no more questions */
  constructor(program: string, place: BesidePlace, left: () => void) {
    this.#child = fork(program, {
      // Answers are bytes: as they are, and not as JSON of numbers.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    this.#child.on('message', (message) => this.#heard(message as FromBeside));
    this.#gone = new Promise((resolve) => {
      const end = () => {
        clearTimeout(this.#timer);
        for (const { failed } of this.#waiting.values()) failed(endedEarly());
        this.#waiting.clear();
        resolve();
      };
      this.#child.once('disconnect', left);
      this.#child.once('error', end);
      this.#child.once('exit', end);
    });
    this.#tell({ place });
    this.#rest();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  ask(
    { actor, person, door, trace, report, mustIn, signal: theirs }: EngineContext,
    question: Question,
    { signal = theirs }: Pick<VerbCall, 'signal'>,
  ): Promise<MadeAnswer> {
    if (signal?.aborted === true) return Promise.reject(signal.reason);
    clearTimeout(this.#timer);
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((answered, failed) => {
      const giveUp = () => {
        this.#tell({ givenUp: id });
        this.#end(id)?.failed(signal?.reason);
      };
      const over = () => signal?.removeEventListener('abort', giveUp);
      this.#waiting.set(id, {
        asker: { report, ...(mustIn === undefined ? {} : { mustIn }) },
        answered: (answer) => {
          over();
          answered(answer);
        },
        failed: (error) => {
          over();
          failed(error);
        },
      });
      signal?.addEventListener('abort', giveUp, { once: true });
      const asker: Asker = {
        ...{ actor, door, isNarrow: mustIn !== undefined },
        ...(person === undefined ? {} : { person }),
        ...(trace === undefined ? {} : { trace }),
      };
      this.#tell({ id, question, asker });
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#child.connected) this.#child.disconnect();
    const impatient = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    await this.#gone;
    clearTimeout(impatient);
  }

  #heard(message: FromBeside): void {
    if ('progress' in message) {
      this.#waiting.get(message.id)?.asker.report(message.progress);
      return;
    }
    if ('may' in message) {
      void this.#judge(message);
      return;
    }
    if ('part' in message) {
      this.#heardPart(message);
      return;
    }
    const waiting = this.#end(message.id);
    if ('answer' in message) waiting?.answered(message.answer);
    else waiting?.failed(errorOf(message.error));
  }

  #heardPart({ id, part, at, of, digest }: Extract<FromBeside, { readonly part: unknown }>): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    waiting.parts ??= new Uint8Array(of);
    waiting.parts.set(part, at);
    if (at + part.length < of) return;
    this.#end(id)?.answered({ bytes: waiting.parts, ...(digest === undefined ? {} : { digest }) });
  }

  async #judge({ id, may, role, environments }: Extract<FromBeside, { readonly may: number }>): Promise<void> {
    try {
      const waiting = this.#waiting.get(id);
      if (waiting === undefined) throw new KarmaError('KARMA_INTERRUPTED', 'the question was given up');
      await waiting.asker.mustIn?.(role, environments);
      this.#tell({ may });
    } catch (error) {
      this.#tell({ may, error: toldError(error) });
    }
  }

  #end(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#rest();
    return waiting;
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.stop(), quiet).unref();
  }

  /** That it is gone is told to those who wait. */
  #tell(message: ToBeside): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

function endedEarly(): KarmaError {
  return new KarmaError('KARMA_UPSTREAM', 'the process that was working out this answer ended before it had one', {
    hint: 'ask again; where it happens each time, see whether the machine has memory for it',
  });
}
