/** Changed values beyond so many cost each look more than a copy of everything costs once. */
const mostChanges = 512;

/**
 * A map in which some values are others and no key came or went, in the order of the one it was made from. Of ten thousand files
 * a commit mostly changes one, and a copy takes a millisecond.
 */
export class ChangedMap<Value> implements ReadonlyMap<string, Value> {
  readonly #base: ReadonlyMap<string, Value>;
  readonly #changes: ReadonlyMap<string, Value>;

  private constructor(base: ReadonlyMap<string, Value>, changes: ReadonlyMap<string, Value>) {
    this.#base = base;
    this.#changes = changes;
  }

  /** @param changes under keys that the map has */
  static of<Value>(map: ReadonlyMap<string, Value>, changes: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
    const isChanged = map instanceof ChangedMap;
    const all = isChanged ? new Map([...map.#changes, ...changes]) : changes;
    const made = new ChangedMap<Value>(isChanged ? map.#base : map, all);
    return all.size > mostChanges ? new Map(made) : made;
  }

  /** The map that one was made from, and the keys whose values may be others. */
  static partsOf<Value>(map: ReadonlyMap<string, Value>): {
    readonly base: ReadonlyMap<string, Value>;
    readonly changed: Iterable<string>;
  } {
    return map instanceof ChangedMap ? { base: map.#base, changed: map.#changes.keys() } : { base: map, changed: [] };
  }

  get size(): number {
    return this.#base.size;
  }

  get(key: string): Value | undefined {
    return this.#changes.get(key) ?? this.#base.get(key);
  }

  has(key: string): boolean {
    return this.#base.has(key);
  }

  *entries(): MapIterator<[string, Value]> {
    for (const [key, value] of this.#base) yield [key, this.#changes.get(key) ?? value];
  }

  keys(): MapIterator<string> {
    return this.#base.keys();
  }

  *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  forEach(work: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    for (const [key, value] of this.entries()) work(value, key, this);
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.entries();
  }
}
