import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Nobody asked anything for so long. */
const quiet = 5_000;
/** Below this there is nothing worth giving back. */
const worth = 150 * 1024 * 1024;

/**
 * Gives memory back once nobody asks: the heap keeps what a large answer took until something needs it, and a service that rests
 * needs nothing. It costs a tenth of a second, once after each time that something was asked.
 */
export class Rest {
  #timer: NodeJS.Timeout | undefined;
  #collect: (() => void) | undefined;

  /** Something was asked or done. */
  touched(): void {
    if (this.#timer !== undefined) this.#timer.refresh();
    else this.#timer = setTimeout(() => this.#begin(), quiet).unref();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #begin(): void {
    this.#timer = undefined;
    if (process.memoryUsage.rss() < worth) return;
    this.#collect ??= collector();
    this.#collect();
  }
}

/** The collector is not for programs, so it must be asked for. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (how: object) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
