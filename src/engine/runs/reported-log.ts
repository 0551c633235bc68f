import { hideInText } from '../../model/secrets/text.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { hasRunLog, type RunLogPart, readRunLog, runName } from './run-log.ts';

/** A part of a log as the ledger keeps it, for who asks on another machine. */
interface ReportedPart {
  /** The byte of the log that it begins at. */
  readonly from: number;
  readonly text: string;
  /** How many bytes of the log it stands for: what was hidden since may be shorter. */
  readonly bytes: number;
}

const kind = 'run-log';
const largestPart = 64 * 1024;
/** What a run says beyond this stays on its machine; a line says so. */
export const mostReported = 4 * 1024 * 1024;
const cut = '\n… the rest of this log is on the machine that ran\n';
const every = 2_000;
/** Then a table that lets things expire has no log any more; what the run did stands in the ledger. */
const keptFor = 90 * 24 * 3_600_000;

/** Puts the logs of runs beside the ledger as they grow, where others of its services do not see this machine's files. */
export class RunLogReporter {
  readonly #context: Pick<EngineContext, 'stores' | 'now'>;
  readonly #most: number;
  /** How far each is told. */
  readonly #told = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #busy: Promise<void> = Promise.resolve();

  constructor(context: Pick<EngineContext, 'stores' | 'now'>, most = mostReported) {
    this.#context = context;
    this.#most = most;
  }

  /** A run began, or is somewhere else by now. */
  heard(run: string | undefined): void {
    if (run === undefined || this.#told.has(run)) return;
    this.#told.set(run, 0);
    this.#timer ??= setInterval(() => void this.#tell(), every);
  }

  /** Tells what is left. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tell();
  }

  #tell(): Promise<void> {
    // One at a time, so that a part is told once.
    this.#busy = this.#busy.then(() => this.#tellAll()).catch(() => undefined);
    return this.#busy;
  }

  async #tellAll(): Promise<void> {
    for (const run of this.#told.keys()) if (hasRunLog(this.#context, run)) await this.#tellOne(run);
  }

  /** A log is told as far as the ledger takes it: what cannot be written now is tried again. */
  async #tellOne(run: string): Promise<void> {
    const ledger = await this.#context.stores.ledger();
    for (let from = this.#told.get(run) ?? 0; from < this.#most; ) {
      const { text, next } = readRunLog(this.#context, run, { from, most: largestPart });
      if (next === from) return;
      const isLast = next >= this.#most;
      const part: ReportedPart = { from, bytes: next - from, text: hideInText(text) + (isLast ? cut : '') };
      // Whoever took the run over may have told it already.
      const until = new Date(Date.parse(this.#context.now()) + keptFor).toISOString();
      await ledger.putDocument(kind, idOf(run, next), part, 0, until);
      from = next;
      this.#told.set(run, from);
    }
  }
}

/** The same answer as on the machine that ran, from what was told of it; undefined where nothing was. */
export async function readReportedLog(
  ledger: Ledger,
  run: string,
  { from, most }: { readonly from: number; readonly most: number },
): Promise<RunLogPart | undefined> {
  if (!runName.test(run)) return undefined;
  let text = '';
  let next = from;
  let size = from;
  let isFull = false;
  for await (const part of partsAfter(ledger, run, from)) {
    size = part.from + part.bytes;
    // Whole parts, so that whoever goes on begins with one; at least one, however little was asked for.
    isFull ||= next > from && size - from > most;
    if (isFull) continue;
    text += textFrom(part, from);
    next = size;
  }
  const isKnown = next > from || (from > 0 && (await ledger.getDocument(kind, idOf(run, from))) !== undefined);
  return isKnown ? { run, text, next, size } : undefined;
}

/** Parts that end after a byte, and so begin with the one that holds it. */
async function* partsAfter(ledger: Ledger, run: string, from: number): AsyncGenerator<ReportedPart> {
  for (let after = idOf(run, from); ; ) {
    const page = await ledger.listDocuments(kind, { after, limit: 50 });
    for (const { id, body } of page) {
      if (!id.startsWith(`${run}.`)) return;
      yield body as ReportedPart;
    }
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** Of a part in which nothing more was hidden the rest can be told from its middle on. */
function textFrom({ from: begins, text, bytes }: ReportedPart, from: number): string {
  const whole = Buffer.from(text);
  return begins < from && whole.length === bytes ? whole.toString('utf8', from - begins) : text;
}

/** Named by where it ends: what is listed after a byte begins with the part that holds it. */
function idOf(run: string, end: number): string {
  return `${run}.${String(end).padStart(12, '0')}`;
}
