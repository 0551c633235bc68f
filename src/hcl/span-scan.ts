import { Scan } from './strict-scan.ts';

/** From, up to and without. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Where parts of a tree stand: expressions, attributes, blocks, and bodies with their braces. White space and comments behind a
 * part are no part of it.
 */
export interface Spans {
  /** Without parentheses around it. */
  of(part: object): Span | undefined;
  /** With all parentheses around it. */
  around(part: object): Span | undefined;
}

/** A scan that remembers where each part ends: for whoever edits a text. Evaluation asks the quicker one. */
export class SpanScan extends Scan implements Spans {
  readonly #inner = new Map<object, Span>();
  readonly #outer = new Map<object, Span>();
  /** Behind the last token, and where the space and comments behind that end. */
  #end = 0;
  #skipped = -1;

  constructor(text: string) {
    super(text, 1);
  }

  override skip(lines: boolean): void {
    if (this.next > this.#skipped) this.#end = this.next;
    super.skip(lines);
    this.#skipped = this.next;
  }

  override mark(part: object, start: number): void {
    const span = { start, end: this.next > this.#skipped ? this.next : this.#end };
    // What stands in parentheses is marked again with them.
    if (this.#inner.has(part)) this.#outer.set(part, span);
    else this.#inner.set(part, span);
  }

  of(part: object): Span | undefined {
    return this.#inner.get(part);
  }

  around(part: object): Span | undefined {
    return this.#outer.get(part) ?? this.#inner.get(part);
  }
}
