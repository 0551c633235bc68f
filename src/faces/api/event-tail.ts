import type { EngineContext } from '../../engine/context.ts';

/** How often the ledger is looked at while somebody listens: other processes write to it too, so nobody tells. */
const look = { sqlite: 50, elsewhere: 1_000 };

interface Waiting {
  readonly after: number;
  readonly done: () => void;
}

/** Waits for the ledger to grow: one look for all who listen. */
export class EventTail {
  readonly #context: EngineContext;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | undefined;

  constructor(context: EngineContext) {
    this.#context = context;
  }

  /** Until there is an event after a place, so many milliseconds passed, it is given up, or the ledger cannot be read. */
  beyond(after: number, milliseconds: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((go) => {
      const waiting: Waiting = {
        after,
        done: () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', waiting.done);
          this.#waiting.delete(waiting);
          go();
        },
      };
      const timer = setTimeout(waiting.done, milliseconds);
      signal.addEventListener('abort', waiting.done, { once: true });
      this.#waiting.add(waiting);
      this.#again();
    });
  }

  #again(): void {
    if (this.#waiting.size === 0) return;
    const { places } = this.#context.stores;
    const isHere = places.some(({ store, adapter }) => store === 'ledger' && adapter === 'sqlite');
    this.#timer ??= setTimeout(() => void this.#look(), isHere ? look.sqlite : look.elsewhere);
  }

  async #look(): Promise<void> {
    let newest = Number.POSITIVE_INFINITY;
    try {
      newest = (await (await this.#context.stores.ledger()).head()).seq;
    } catch {
      // Who listens finds out by itself what is wrong.
    }
    this.#timer = undefined;
    for (const { after, done } of [...this.#waiting]) if (newest > after) done();
    this.#again();
  }
}
