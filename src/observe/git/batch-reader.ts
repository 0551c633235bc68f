/** What a `git cat-file --batch` stream holds, one call an object. */
export interface BatchSink {
  text(oid: string, text: string): void;
  tooLarge(oid: string): void;
  missing(oid: string): void;
}

/** Beyond this a file is known but never read: no config, module or document comes near it. */
export const readLimit = 16 * 1024 * 1024;

const newline = 10;

/**
 * Reads `<oid> <type> <size>\n<bytes>\n` in pieces of any size. Bodies beyond the limit are passed over without being held,
 * so that one huge blob costs time, not memory. O(bytes).
 */
export class BatchReader {
  readonly #sink: BatchSink;
  readonly #limit: number;
  /** Pieces that do not yet make a whole header or body, and their length. */
  #pieces: Buffer[] = [];
  #held = 0;
  /** The body being read: its id and how many bytes it has, the newline behind it included. */
  #body: { readonly oid: string; readonly size: number } | undefined;
  #skip = 0;

  constructor(sink: BatchSink, limit = readLimit) {
    this.#sink = sink;
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#held += chunk.length;
    if (this.#body !== undefined && this.#held < this.#body.size) return;
    let data = this.#pieces.length === 1 ? chunk : Buffer.concat(this.#pieces);
    data = data.subarray(this.#read(data));
    this.#pieces = data.length === 0 ? [] : [data];
    this.#held = data.length;
  }

  /** Consumes as much as is whole; answers how many bytes that was. */
  #read(data: Buffer): number {
    let at = 0;
    for (;;) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, data.length - at);
        this.#skip -= passed;
        at += passed;
        if (this.#skip > 0) return at;
      }
      if (this.#body !== undefined) {
        const { oid, size } = this.#body;
        if (data.length - at < size) return at;
        this.#sink.text(oid, data.toString('utf8', at, at + size - 1));
        at += size;
        this.#body = undefined;
      }
      const end = data.indexOf(newline, at);
      if (end < 0) return at;
      this.#header(data.toString('latin1', at, end));
      at = end + 1;
    }
  }

  #header(line: string): void {
    const [oid = '', type = '', length = ''] = line.split(' ');
    if (type === 'missing' || length === '') {
      this.#sink.missing(oid);
      return;
    }
    const size = Number(length) + 1;
    if (size > this.#limit || type !== 'blob') {
      this.#sink.tooLarge(oid);
      this.#skip = size;
    } else this.#body = { oid, size };
  }
}
