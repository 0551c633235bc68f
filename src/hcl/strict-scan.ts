import { exactNumber, type LongNumber } from '../model/exact-number.ts';
import type { At } from './tree.ts';

/** Thrown where a text is not plainly well-formed; whoever started reading then lets the grammar have it. */
export const givenUp = Symbol('given up');

export function giveUp(): never {
  throw givenUp;
}

const space = 0x20;
const lineFeed = 0x0a;

/** A place in a text that only moves forward, with the line it stands on. */
export class Scan {
  readonly text: string;
  next = 0;
  #line: number;
  #lineStart = 0;

  constructor(text: string, firstLine: number) {
    this.text = text;
    this.#line = firstLine;
  }

  at(): At {
    return { line: this.#line, column: this.next - this.#lineStart + 1 };
  }

  /** Called with each part of the tree that was read and the offset where it starts: see `SpanScan`. */
  mark(_part: object, _start: number): void {}

  code(): number {
    return this.text.charCodeAt(this.next);
  }

  starts(word: string): boolean {
    return this.text.startsWith(word, this.next);
  }

  /** Steps over a word that must stand here. */
  take(word: string): void {
    if (!this.starts(word)) giveUp();
    this.next += word.length;
  }

  /** Steps over a word if it stands here. */
  takes(word: string): boolean {
    if (!this.starts(word)) return false;
    this.next += word.length;
    return true;
  }

  /** Moves to a later offset, counting the line breaks on the way. */
  moveTo(offset: number): void {
    // Not by `indexOf`: on a line of megabytes each step would look through all of it.
    for (let at = this.next; at < offset; at++) {
      if (this.text.charCodeAt(at) !== lineFeed) continue;
      this.#line += 1;
      this.#lineStart = at + 1;
    }
    this.next = offset;
  }

  /** Back to an offset on the same line. */
  moveBack(offset: number): void {
    if (offset < this.#lineStart) giveUp();
    this.next = offset;
  }

  /** Over white space and comments; over line breaks too when `lines` says so. A line comment ends before its line break. */
  skip(lines: boolean): void {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.next);
      if (code === space || code === 0x09 || code === 0x0d) this.next += 1;
      else if (code === lineFeed && lines) {
        this.next += 1;
        this.#line += 1;
        this.#lineStart = this.next;
      } else if (code === 0x23 || (code === 0x2f && text.charCodeAt(this.next + 1) === 0x2f)) {
        const end = text.indexOf('\n', this.next);
        this.next = end < 0 ? text.length : end;
      } else if (code === 0x2f && text.charCodeAt(this.next + 1) === 0x2a) {
        const end = text.indexOf('*/', this.next + 2);
        if (end < 0) giveUp();
        this.moveTo(end + 2);
      } else return;
    }
  }

  /** Behind an attribute or block: nothing but the end of the line, of the text, or of a block on one line. */
  endOfItem(): void {
    this.skip(false);
    const code = this.code();
    if (code !== lineFeed && code !== 0x7d && this.next < this.text.length) giveUp();
  }

  /** An identifier, `::` in it included; `''` when none stands here. Letters beyond ASCII are left to the grammar. */
  identifier(): string {
    const start = this.next;
    let at = start;
    const { text } = this;
    if (!startsName(text.charCodeAt(at))) return '';
    at += 1;
    for (;;) {
      const code = text.charCodeAt(at);
      if (startsName(code) || (code >= 0x30 && code <= 0x39) || code === 0x2d) at += 1;
      else if (code === 0x3a && text.charCodeAt(at + 1) === 0x3a && startsName(text.charCodeAt(at + 2))) at += 2;
      else if (code > 0x7f) giveUp();
      else break;
    }
    this.next = at;
    return text.slice(start, at);
  }

  number(): number | LongNumber {
    const digits = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
    digits.lastIndex = this.next;
    const written = digits.exec(this.text)?.[0];
    if (written === undefined) giveUp();
    this.next += written.length;
    if (startsName(this.code())) giveUp();
    return exactNumber(written);
  }
}

export function startsName(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
}
