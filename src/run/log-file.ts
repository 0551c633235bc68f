import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../model/printable.ts';
import type { Redactor } from './redact.ts';

/**
 * A run's log: redacted line by line before it is written, 0600, and bounded. Past `largest` bytes only errors are kept, and
 * the end says how much was left out.
 */
export class LogFile {
  readonly path: string;
  readonly #redact: Redactor;
  readonly #largest: number;
  #fd: number | undefined;
  #written = 0;
  #leftOut = 0;

  constructor(path: string, redact: Redactor, largest = 4 * 1024 * 1024) {
    this.path = path;
    this.#redact = redact;
    this.#largest = largest;
  }

  /** @param important kept past the limit. */
  line(text: string, important = false): void {
    // Whoever prints the file must not be steered by what a provider or a script wrote.
    const line = `${printable(this.#redact(text))}\n`;
    if (this.#written > this.#largest && !(important && this.#written < this.#largest * 2)) {
      this.#leftOut += line.length;
      return;
    }
    if (this.#fd === undefined) {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      this.#fd = openSync(this.path, 'a', 0o600);
    }
    this.#written += writeSync(this.#fd, line);
  }

  close(): void {
    if (this.#leftOut > 0 && this.#fd !== undefined) writeSync(this.#fd, `… ${this.#leftOut} characters left out\n`);
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    this.#leftOut = 0;
  }
}
