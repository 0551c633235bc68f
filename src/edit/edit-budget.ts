import { CannotEdit } from './dialect.ts';

/** Readings of a text, times its length and what its format costs: what is more would keep a process busy for long. */
const most = 100_000_000;

export function tooMany(): CannotEdit {
  const ways = ['edit fewer of its values at a time'];
  return new CannotEdit('cannot-say', 'these are too many edits for a file of this size', { ways });
}

/** How much is done for the edits of one file. */
export class EditBudget {
  #left: number;

  constructor(left = most) {
    this.#left = left;
  }

  /** More was asked for than it held. */
  get isSpent(): boolean {
    return this.#left < 0;
  }

  holds(work: number): boolean {
    return work <= this.#left;
  }

  /** @throws CannotEdit */
  count(work: number): void {
    this.#left -= work;
    if (this.#left < 0) throw tooMany();
  }
}
