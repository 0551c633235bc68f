/**
 * Cuts a stream of bytes into lines, without holding more than one. A line longer than `longest` is handed on cut off, with
 * its rest dropped, so that a program that prints megabytes without a line break costs no memory.
 */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #longest: number;
  readonly #decoder = new TextDecoder();
  #rest = '';
  #dropping = false;

  constructor(onLine: (line: string) => void, longest = 8 * 1024 * 1024) {
    this.#onLine = onLine;
    this.#longest = longest;
  }

  push(chunk: Uint8Array): void {
    this.#take(this.#decoder.decode(chunk, { stream: true }));
  }

  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#rest !== '' && !this.#dropping) this.#onLine(this.#rest);
    this.#rest = '';
  }

  #take(text: string): void {
    const parts = text.split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      if (!this.#dropping) this.#onLine(trimReturn(this.#rest + part));
      this.#rest = '';
      this.#dropping = false;
    }
    if (this.#dropping) return;
    this.#rest += last;
    if (this.#rest.length <= this.#longest) return;
    // Between two words: half of a secret is not known as one.
    this.#onLine(`${this.#rest.slice(0, 1000).replace(/\S*$/, '')}… (line cut off)`);
    this.#rest = '';
    this.#dropping = true;
  }
}

function trimReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
