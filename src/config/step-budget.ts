/** Thrown where a question asks for more steps than anybody means. */
export class TooManySteps extends Error {}

/** Steps that are left for one question: what is asked of whom is written by others, and no clock is looked at. */
export class StepBudget {
  readonly #most: number;
  #left = 0;

  constructor(most: number) {
    this.#most = most;
    this.#left = most;
  }

  renew(): void {
    this.#left = this.#most;
  }

  /** @throws TooManySteps */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new TooManySteps('more work than anybody means');
  }
}
