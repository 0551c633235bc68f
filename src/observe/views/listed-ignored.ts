import { firstNot } from '../../model/binary-search.ts';
import { sha256 } from '../../model/digest.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import { decodeName } from '../git/tree-listing.ts';

/** What a work tree holds though Git ignores it, as git listed it. A folder that is ignored whole stands for all in it. */
export class ListedIgnored implements IgnoredPaths {
  readonly digest: string;
  readonly #files: ReadonlySet<string>;
  readonly #folders: ReadonlySet<string>;
  /** Sorted; folders end in `/`. */
  readonly #all: readonly string[];

  private constructor(names: readonly string[]) {
    this.#folders = new Set(names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)));
    const all = names.filter((name) => this.#folderOver(name.replace(/\/$/, ''), false) === undefined);
    this.#files = new Set(all.filter((name) => !name.endsWith('/')));
    this.#all = all.sort();
    this.digest = sha256(this.#all.join('\0'));
  }

  static of(names: readonly (Buffer | string)[]): ListedIgnored | undefined {
    if (names.length === 0) return undefined;
    return new ListedIgnored([...new Set(names.map((name) => (typeof name === 'string' ? name : decodeName(name))))]);
  }

  has(path: string): boolean {
    return this.#files.has(path) || this.#folderOver(path, true) !== undefined;
  }

  below(folder: string): readonly string[] {
    if (folder !== '' && this.#folderOver(folder, true) !== undefined) return [`${folder}/`];
    if (folder === '') return this.#all;
    const found: string[] = [];
    for (let at = this.#firstFrom(`${folder}/`); this.#all[at]?.startsWith(`${folder}/`) === true; at++)
      found.push(this.#all[at] ?? '');
    return found;
  }

  #firstFrom(wanted: string): number {
    return firstNot(this.#all.length, (place) => (this.#all[place] ?? '') < wanted);
  }

  /** The folder that is ignored whole and that a path lies in. */
  #folderOver(path: string, orIs: boolean): string | undefined {
    if (this.#folders.size === 0) return undefined;
    if (orIs && this.#folders.has(path)) return path;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      if (this.#folders.has(path.slice(0, at))) return path.slice(0, at);
    return undefined;
  }
}
