/** Many texts one behind another as UTF-8, in one block that grows. */
export class TextBuffer {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 1 << 16) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
  }

  /** Where the next text begins. */
  get length(): number {
    return this.#length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Answers where the text ends. */
  append(text: string): number {
    // A code unit takes three bytes at most, and mostly one: only near the end it is counted.
    const left = this.#bytes.length - this.#length;
    if (text.length * 3 > left) {
      const needed = Buffer.byteLength(text, 'utf8');
      if (needed > left) this.#grow(this.#length + needed);
    }
    this.#length += this.#bytes.write(text, this.#length, 'utf8');
    return this.#length;
  }

  #grow(most: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(most, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/**
 * Room for so many texts, told from some of them. A buffer that has to grow is copied, and until the collector comes there are two.
 */
export function roomFor(count: number, lengthAt: (place: number) => number): number {
  const looks = Math.min(count, 64);
  let sum = 0;
  for (let look = 0; look < looks; look++) sum += lengthAt(Math.floor((look * count) / looks));
  return looks === 0 ? 1024 : Math.ceil((sum / looks) * count * 1.15) + 4096;
}
