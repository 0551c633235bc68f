import type { DirectoryEntry } from '../../model/file-view.ts';
import type { IndexedFile } from './indexed-view.ts';

/**
 * What follows from the names and kinds of a tree's entries alone, made when it is first asked for. Views whose trees differ in
 * content only share one.
 */
export class TreeNames {
  readonly hasLinks: boolean;
  readonly hasSubmodules: boolean;
  readonly #files: ReadonlyMap<string, IndexedFile>;
  #folders: ReadonlyMap<string, DirectoryEntry[]> | undefined;
  #paths: readonly string[] | undefined;
  #ignoring: readonly string[] | undefined;

  constructor(files: ReadonlyMap<string, IndexedFile>) {
    this.#files = files;
    this.hasLinks = hasAny(files, 'link');
    this.hasSubmodules = hasAny(files, 'submodule');
  }

  /** Every folder with its entries, links as files. A submodule is an empty folder. */
  get folders(): ReadonlyMap<string, DirectoryEntry[]> {
    this.#folders ??= folderIndex(this.#files);
    return this.#folders;
  }

  /** Every `.gitignore`, sorted. */
  get ignoring(): readonly string[] {
    this.#ignoring ??= this.plainFiles.filter(
      (path) => path.endsWith('.gitignore') && /(?:^|\/)\.gitignore$/.test(path),
    );
    return this.#ignoring;
  }

  /** Every plain file, sorted; links are left out. */
  get plainFiles(): readonly string[] {
    this.#paths ??= plainFiles(this.#files);
    return this.#paths;
  }
}

function plainFiles(files: ReadonlyMap<string, IndexedFile>): readonly string[] {
  const paths: string[] = [];
  for (const [path, { kind }] of files) if (kind === 'file') paths.push(path);
  // Without a comparison the engine compares code units itself.
  return paths.sort();
}

/** O(files). */
function folderIndex(files: ReadonlyMap<string, IndexedFile>): Map<string, DirectoryEntry[]> {
  const folders = new Map<string, DirectoryEntry[]>([['', []]]);
  const entriesOf = (folder: string): DirectoryEntry[] => {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const entries: DirectoryEntry[] = [];
    folders.set(folder, entries);
    const cut = folder.lastIndexOf('/');
    entriesOf(cut < 0 ? '' : folder.slice(0, cut)).push({ name: folder.slice(cut + 1), kind: 'directory' });
    return entries;
  };
  for (const [path, { kind }] of files) {
    if (kind === 'submodule') {
      entriesOf(path);
      continue;
    }
    const cut = path.lastIndexOf('/');
    entriesOf(cut < 0 ? '' : path.slice(0, cut)).push({ name: path.slice(cut + 1), kind: 'file' });
  }
  return folders;
}

function hasAny(files: ReadonlyMap<string, IndexedFile>, wanted: IndexedFile['kind']): boolean {
  for (const { kind } of files.values()) if (kind === wanted) return true;
  return false;
}
