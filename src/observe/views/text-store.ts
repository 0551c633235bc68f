/**
 * Texts by blob id. An id never changes its content, so what is held is never stale.
 *
 * @param limit bytes beyond which the texts that were longest not asked for are forgotten
 */
export class TextStore {
  readonly #texts = new Map<string, { readonly text: string; readonly bytes: number }>();
  /** Known to be beyond the limit of one file: never held. */
  readonly #tooLarge = new Set<string>();
  readonly #limit: number;
  #bytes = 0;

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** Whether an id needs no reading any more. */
  has(oid: string): boolean {
    return this.#texts.has(oid) || this.#tooLarge.has(oid);
  }

  text(oid: string): string | undefined {
    const held = this.#texts.get(oid);
    if (held === undefined || this.#limit === Number.POSITIVE_INFINITY) return held?.text;
    this.#texts.delete(oid);
    this.#texts.set(oid, held);
    return held.text;
  }

  get hasTooLarge(): boolean {
    return this.#tooLarge.size > 0;
  }

  isTooLarge(oid: string): boolean {
    return this.#tooLarge.has(oid);
  }

  keep(oid: string, text: string): void {
    if (this.#texts.has(oid)) return;
    const bytes = Buffer.byteLength(text);
    this.#texts.set(oid, { text, bytes });
    this.#bytes += bytes;
    if (this.#bytes > this.#limit) this.#forget();
  }

  keepLarge(oid: string): void {
    this.#tooLarge.add(oid);
  }

  /** The newest text stays, however long it is: whoever asked for it reads it next. */
  #forget(): void {
    for (const [oid, { bytes }] of this.#texts) {
      if (this.#bytes <= this.#limit || this.#texts.size === 1) return;
      this.#texts.delete(oid);
      this.#bytes -= bytes;
    }
  }
}
