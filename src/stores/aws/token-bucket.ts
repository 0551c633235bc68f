import type { Pacing } from './pacing.ts';

/**
 * Spends calls no faster than a rate, however many want to call: a share of a quota that others (Terraform) draw on too.
 * Callers are served in order of asking.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #pacing: Pacing;
  #tokens: number;
  #filledAt: number;
  #queue: Promise<void> = Promise.resolve();

  constructor({ perSecond, burst = 1 }: { readonly perSecond: number; readonly burst?: number }, pacing: Pacing) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#pacing = pacing;
    this.#tokens = burst;
    this.#filledAt = pacing.now();
  }

  /** Resolves when one call may be made. */
  take(): Promise<void> {
    const turn = this.#queue.then(() => this.#spend());
    this.#queue = turn;
    return turn;
  }

  async #spend(): Promise<void> {
    this.#fill();
    while (this.#tokens < 1) {
      // A whole millisecond at least: less might not move the clock, and the loop would not end.
      await this.#pacing.sleep(Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000));
      this.#fill();
    }
    this.#tokens -= 1;
  }

  #fill(): void {
    const now = this.#pacing.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond);
    this.#filledAt = now;
  }
}
