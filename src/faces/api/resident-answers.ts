import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

/** An answer ready to be sent. */
export interface ResidentAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same in gzip, made for the first who wants it so. */
  zipped(): Promise<Uint8Array<ArrayBuffer>>;
}

/** All together in bytes, zipped ones not counted: they are a tenth. */
const most = 24 * 1024 * 1024;
const largest = 4 * 1024 * 1024;
const zip = promisify(gzip);

/** Nobody asked anything for so long: who rests keeps nothing. */
const quiet = 4_000;

/** Answers by version and question; the one asked last is let go last. */
export class ResidentAnswers {
  readonly #kept = new Map<string, ResidentAnswer>();
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  find(name: string): ResidentAnswer | undefined {
    this.#touched();
    const found = this.#kept.get(name);
    if (found === undefined) return undefined;
    this.#kept.delete(name);
    this.#kept.set(name, found);
    return found;
  }

  keep(name: string, bytes: Uint8Array<ArrayBuffer>): ResidentAnswer {
    const answer = answerOf(bytes);
    const { length } = answer.bytes;
    if (length > largest || this.#kept.has(name)) return answer;
    this.#kept.set(name, answer);
    this.#size += length;
    for (const [oldest, { bytes }] of this.#kept) {
      if (this.#size <= most) break;
      this.#kept.delete(oldest);
      this.#size -= bytes.length;
    }
    return answer;
  }

  #touched(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#letGo(), quiet).unref();
  }

  #letGo(): void {
    this.#timer = undefined;
    this.#kept.clear();
    this.#size = 0;
  }
}

/** One that nobody keeps. */
export function answerOf(bytes: Uint8Array<ArrayBuffer>): ResidentAnswer {
  let zipped: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    bytes,
    zipped: () => {
      zipped ??= zip(bytes).then((made) => new Uint8Array(made));
      return zipped;
    },
  };
}
