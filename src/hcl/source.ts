import type { At } from './tree.ts';

/** A text with its lines, so that an offset becomes a line and a column without asking the parser. */
export class Source {
  readonly text: string;
  readonly #starts: readonly number[];
  readonly #firstLine: number;
  /** The line found last: a walk asks for offsets in rising order, so the next one is mostly near. */
  #near = 0;

  /** @param firstLine the number of the text's first line, for a part of a larger file. */
  constructor(text: string, firstLine = 1) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.text = text;
    this.#starts = starts;
    this.#firstLine = firstLine;
  }

  at(offset: number): At {
    const starts = this.#starts;
    let line = this.#near;
    if ((starts[line] ?? 0) > offset) line = 0;
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= offset) line += 1;
    this.#near = line;
    return { line: line + this.#firstLine, column: offset - (starts[line] ?? 0) + 1 };
  }
}
