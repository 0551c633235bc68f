/** Texts by blob id. An id never changes its content, so what is held is never stale. */
export class TextStore {
  #texts = new Map<string, string>();
  /** Known to be beyond the limit: never held. */
  readonly #tooLarge = new Set<string>();

  /** Whether an id needs no reading any more. */
  has(oid: string): boolean {
    return this.#texts.has(oid) || this.#tooLarge.has(oid);
  }

  text(oid: string): string | undefined {
    return this.#texts.get(oid);
  }

  isTooLarge(oid: string): boolean {
    return this.#tooLarge.has(oid);
  }

  keep(oid: string, text: string): void {
    this.#texts.set(oid, text);
  }

  keepLarge(oid: string): void {
    this.#tooLarge.add(oid);
  }

  /** Forgets every text but these, so that a long-lived process holds what its views hold. */
  retain(oids: ReadonlySet<string>): void {
    this.#texts = new Map([...this.#texts].filter(([oid]) => oids.has(oid)));
  }
}
