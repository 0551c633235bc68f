import type { EngineContext } from '../../engine/context.ts';
import { hideInText } from '../../model/secrets/text.ts';

/** Denials of one kind are written once in so many milliseconds: whoever knocks a thousand times must not fill the ledger. */
const quiet = 60_000;
const mostKinds = 1_000;

export interface Denial {
  /** `''`: nobody knows who it was. */
  readonly actor: string;
  readonly path: string;
  readonly reason: string;
}

/** Writes down who was not let in. */
export class Denials {
  readonly #context: EngineContext;
  readonly #clock: () => number;
  readonly #told = new Map<string, number>();

  constructor(context: EngineContext, clock: () => number) {
    this.#context = context;
    this.#clock = clock;
  }

  async tell({ actor, path, reason }: Denial): Promise<void> {
    const kind = `${actor} ${reason}`;
    const now = this.#clock();
    if (now - (this.#told.get(kind) ?? Number.NEGATIVE_INFINITY) < quiet) return;
    if (this.#told.size >= mostKinds) this.#told.clear();
    this.#told.set(kind, now);
    const who = { actor: actor === '' ? 'nobody' : actor, door: 'api' } as const;
    const what = { action: 'access.denied', subject: hideInText(path).slice(0, 200), outcome: 'refused' } as const;
    try {
      const ledger = await this.#context.stores.ledger();
      await ledger.append([{ ...who, ...what, at: this.#context.now(), details: { reason } }]);
    } catch {
      // What was refused stays refused where nothing can be written; the next one is told again.
      this.#told.delete(kind);
    }
  }
}
