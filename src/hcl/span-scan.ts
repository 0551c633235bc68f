import { Scan } from './strict-scan.ts';

/**
 * Where parts of a tree stand, from and up to: expressions (without parentheses around them), attributes, blocks, and bodies
 * with their braces. White space and comments behind a part are no part of it.
 */
export type Spans = ReadonlyMap<object, { readonly start: number; readonly end: number }>;

/** A scan that remembers where each part ends: for whoever edits a text. Evaluation asks the quicker one. */
export class SpanScan extends Scan {
  readonly spans = new Map<object, { readonly start: number; readonly end: number }>();
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
    // What stands in parentheses is marked again with them.
    if (this.spans.has(part)) return;
    this.spans.set(part, { start, end: this.next > this.#skipped ? this.next : this.#end });
  }
}
