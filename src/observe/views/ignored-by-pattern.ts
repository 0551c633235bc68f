import { sha256 } from '../../model/digest.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import { GitIgnore } from '../git/git-ignore.ts';
import type { IndexedFile } from './indexed-view.ts';

/**
 * Of a tree without a work tree: what its `.gitignore` files keep out, whoever runs it may have there. Which files those are nobody
 * can say, so only of a path that is asked for it is told that it may be there.
 */
export class IgnoredByPattern implements IgnoredPaths {
  readonly digest: string;
  readonly #files: ReadonlyMap<string, IndexedFile>;
  readonly #read: (path: string) => string | undefined;
  readonly #paths: readonly string[];
  /** Many components look for the same files above them. */
  readonly #told = new Map<string, boolean>();
  #rules: GitIgnore | undefined;

  private constructor(
    paths: readonly string[],
    files: ReadonlyMap<string, IndexedFile>,
    read: (path: string) => string | undefined,
  ) {
    this.#paths = paths;
    this.#files = files;
    this.#read = read;
    this.digest = sha256(paths.map((path) => `${path}\0${files.get(path)?.oid ?? ''}`).join('\n'));
  }

  /** @param paths those of `.gitignore` files */
  static of(
    paths: readonly string[],
    files: ReadonlyMap<string, IndexedFile>,
    read: (path: string) => string | undefined,
  ): IgnoredByPattern | undefined {
    return paths.length === 0 ? undefined : new IgnoredByPattern(paths, files, read);
  }

  /** By what rules say, the digest of which stands for what is told of any path. */
  get rules(): string {
    return this.digest;
  }

  has(path: string): boolean {
    const known = this.#told.get(path);
    if (known !== undefined) return known;
    const found = path !== '' && !this.#files.has(path) && (this.#ignores(path, false) || this.#ignores(path, true));
    this.#told.set(path, found);
    return found;
  }

  below(folder: string, pattern = ''): readonly string[] {
    if (folder !== '' && this.#ignores(folder, true)) return [`${folder}/`];
    // A name that fits the pattern of a set as well as any.
    const sample = pattern.replace(/\*+/g, 'x').replace(/\?/g, 'x');
    if (!/^[\w.@/-]*[\w][\w.@/-]*$/.test(sample)) return [];
    const path = folder === '' ? sample : `${folder}/${sample}`;
    return this.#ignores(path, false) ? [path] : [];
  }

  #ignores(path: string, isFolder: boolean): boolean {
    this.#rules ??= new GitIgnore(new Map(this.#paths.map((at) => [folderOf(at), this.#read(at) ?? ''])));
    return this.#rules.ignores(path, isFolder);
  }
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
