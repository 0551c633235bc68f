import type { Progress } from '../../model/progress.ts';
import { problemOf } from './problem.ts';
import { sent } from './server-sent-events.ts';

/** `phase, done, total`, and a number that only grows. Notes come with the answer. */
type Told = Extract<Progress, { readonly kind: 'phase' }>;

/** How an answer comes along: `progress` as often as the listener takes it, and at the end `answer` or `problem`. */
export class AskStream {
  readonly #answer: Promise<string>;
  #newest: Told | undefined;
  #wake: () => void = () => undefined;
  #isOver = false;

  /** @param answer asks with what it reports; the bytes of the document */
  constructor(answer: (report: (progress: Progress) => void) => Promise<Uint8Array>, instance: string) {
    // Who reads slowly hears the newest, and nothing is kept for them.
    const report = (told: Progress): void => {
      if (told.kind !== 'phase') return;
      this.#newest = told;
      this.#wake();
    };
    this.#answer = answer(report)
      .then((bytes) => sent({ event: 'answer', data: new TextDecoder().decode(bytes).trimEnd() }))
      .catch((error: unknown) => sent({ event: 'problem', data: JSON.stringify(problemOf(error, instance)) }))
      .finally(() => this.#wake());
  }

  /** What comes next; undefined: it is over. */
  async next(): Promise<string | undefined> {
    if (this.#isOver) return undefined;
    const told = this.#newest;
    if (told !== undefined) {
      this.#newest = undefined;
      const { number, phase, about, done, total } = told;
      return sent({ event: 'progress', data: JSON.stringify({ number, phase, about, done, total }) });
    }
    const heard = new Promise<undefined>((wake) => {
      this.#wake = () => wake(undefined);
    });
    const answer = await Promise.race([this.#answer, heard]);
    if (answer === undefined) return this.next();
    this.#isOver = true;
    return answer;
  }
}
