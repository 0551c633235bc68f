/** Which components read a file, or list a folder (`path`, `path/`, `path/**`). */
export interface ReaderIndex {
  get(place: string): readonly string[] | undefined;
  [Symbol.iterator](): Iterator<readonly [place: string, readers: readonly string[]]>;
}
