import { posix } from 'node:path';
import { firstNot } from '../../model/binary-search.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { DirectoryEntry, FileView, IgnoredPaths, Links } from '../../model/file-view.ts';
import type { BesideFile } from '../estate/beside-git.ts';
import { ChangedMap } from './changed-map.ts';
import { TreeNames } from './tree-names.ts';

/** One entry of a tree. `oid` is its blob id where that is known without reading. */
export interface IndexedFile {
  readonly kind: 'file' | 'link' | 'submodule';
  readonly oid: string | undefined;
  /** Whoever checks it out may run it; Git knows nothing else of a file's mode. */
  readonly executable?: true;
  /** It is in the work tree alone. */
  readonly beside?: BesideFile;
}

/** Where an indexed view gets content from. */
export interface ContentSource {
  text(path: string, file: IndexedFile): string | undefined;
  digest(path: string, file: IndexedFile): string | undefined;
  /** What a symbolic link says. */
  target(path: string, file: IndexedFile): string | undefined;
}

export interface IndexedViewParts {
  readonly repo: string;
  readonly revision: string;
  readonly repoRoot: string | undefined;
  readonly files: ReadonlyMap<string, IndexedFile>;
  readonly content: ContentSource;
  /** Of these files, where they are known already. */
  readonly names?: TreeNames | undefined;
  /** What lies beside these files, or may. */
  readonly ignored?: IgnoredPaths | undefined;
}

const noEntries: readonly DirectoryEntry[] = [];

/**
 * A view over a tree whose entries are all known. Only names that stand in the index are ever looked up, so no path an
 * estate makes up (`../..`, NUL bytes, absolute ones) reaches the file system.
 */
export class IndexedView implements FileView {
  readonly repo: string;
  readonly revision: string;
  readonly repoRoot: string | undefined;
  readonly #files: ReadonlyMap<string, IndexedFile>;
  readonly #content: ContentSource;
  readonly #names: TreeNames;
  readonly #links: boolean;
  readonly #resolved = new Map<string, string | undefined>();
  readonly #sorted = new Map<string, readonly DirectoryEntry[]>();
  #paths: readonly string[] | undefined;
  #followed: Links | undefined;
  #beside: readonly string[] | undefined;
  readonly #ignored: IgnoredPaths | undefined;
  #outOfTree: IgnoredPaths | undefined;

  constructor({ repo, revision, repoRoot, files, content, ignored, names = new TreeNames(files) }: IndexedViewParts) {
    this.#ignored = ignored;
    this.repo = repo;
    this.revision = revision;
    this.repoRoot = repoRoot;
    this.#files = files;
    this.#content = content;
    this.#names = names;
    this.#links = names.hasLinks;
  }

  /** Whether there are symbolic links in it. */
  get hasLinks(): boolean {
    return this.#links;
  }

  read(path: string): string | undefined {
    const found = this.#fileAt(path);
    if (found?.file.beside !== undefined) return found.file.beside.text;
    return found === undefined ? undefined : this.#content.text(found.path, found.file);
  }

  /** Where there are links, what is seen depends on where they lead. */
  get names(): object | undefined {
    return this.#links ? undefined : withIgnored(this.#names, this.#ignored);
  }

  get since(): FileView['since'] {
    if (this.#links) return undefined;
    const { base, changed } = ChangedMap.partsOf(this.#files);
    return { base: withIgnored(base, this.#ignored), paths: changed };
  }

  /** What the tree holds is not ignored, whatever is said of its name; what stands beside it is. */
  get ignored(): IgnoredPaths | undefined {
    if (this.#ignored !== undefined) this.#outOfTree ??= this.#besideTree(this.#ignored);
    return this.#outOfTree;
  }

  #besideTree(all: IgnoredPaths): IgnoredPaths {
    return {
      digest: all.digest,
      ...(all.rules === undefined ? {} : { rules: all.rules }),
      has: (path) => {
        const found = this.#fileAt(path);
        if (found !== undefined) return found.file.beside !== undefined;
        const real = this.#resolve(path);
        return real !== undefined && !this.#index().has(real) && all.has(real);
      },
      below: (folder, pattern) => {
        const real = this.#resolve(folder);
        if (real === undefined) return [];
        const found = all.below(real, pattern).filter((path) => this.#files.get(path)?.beside === undefined);
        return real === folder ? found : found.map((path) => folder + path.slice(real.length));
      },
    };
  }

  digest(path: string): string | undefined {
    const direct = this.#files.get(path);
    if (direct?.kind === 'file') return this.#digestOf(path, direct);
    const found = this.#fileAt(path);
    return found === undefined ? undefined : this.#digestOf(found.path, found.file);
  }

  /** A program is run or not by its mode, and an archive holds modes: that bit is part of what a file is. */
  #digestOf(path: string, file: IndexedFile): string | undefined {
    if (file.beside !== undefined) return file.beside.digest;
    const digest = this.#content.digest(path, file);
    return digest !== undefined && file.executable === true ? `${digest} x` : digest;
  }

  isFile(path: string): boolean {
    return this.#fileAt(path) !== undefined;
  }

  isDirectory(path: string): boolean {
    return this.#folderAt(path) !== undefined;
  }

  setBeside(path: string): readonly string[] | undefined {
    return this.#fileAt(path)?.file.beside?.sets;
  }

  realPath(path: string): string | undefined {
    return this.#resolve(path);
  }

  get links(): Links | undefined {
    if (!this.#links) return undefined;
    this.#followed ??= linksOf(this.#files, this.#content);
    return this.#followed;
  }

  list(path: string): readonly DirectoryEntry[] {
    const folder = this.#folderAt(path);
    if (folder === undefined) return noEntries;
    const known = this.#sorted.get(folder);
    if (known !== undefined) return known;
    const held = this.#index().get(folder) ?? [];
    const entries = this.#links ? held.flatMap((entry) => this.#shown(folder, entry)) : held;
    if (entries.length > 1) entries.sort((a, b) => byCodeUnit(a.name, b.name));
    this.#sorted.set(folder, entries);
    return entries;
  }

  files(under = ''): readonly string[] {
    const all = this.#allFiles();
    if (under === '') return all;
    const folder = this.#folderAt(under);
    if (folder === undefined) return [];
    if (folder === '') return under === folder ? all : all.map((path) => `${under}/${path}`);
    const prefix = `${folder}/`;
    const from = lowerBound(all, prefix);
    // U+0030 follows `/`, so this is the first string behind everything below the folder.
    const below = all.slice(from, lowerBound(all, `${folder}0`));
    return under === folder ? below : below.map((path) => under + path.slice(folder.length));
  }

  #allFiles(): readonly string[] {
    if (this.#paths !== undefined) return this.#paths;
    if (!this.#links) this.#paths = this.#names.plainFiles;
    else {
      const linked = [...this.#files].filter(([path, { kind }]) => kind === 'link' && this.#fileAt(path) !== undefined);
      this.#paths = [...this.#names.plainFiles, ...linked.map(([path]) => path)].sort();
    }
    return this.#paths;
  }

  /** An entry as seen: links by what they lead to, those that lead nowhere or outside left out. */
  #shown(folder: string, entry: DirectoryEntry): DirectoryEntry[] {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (this.#files.get(path)?.kind !== 'link') return [entry];
    if (this.#fileAt(path) !== undefined) return [{ name: entry.name, kind: 'file' }];
    return this.#folderAt(path) === undefined ? [] : [{ name: entry.name, kind: 'directory' }];
  }

  #fileAt(path: string): { readonly path: string; readonly file: IndexedFile } | undefined {
    const direct = this.#files.get(path);
    if (direct?.kind === 'file') return { path, file: direct };
    const real = this.#resolve(path);
    const file = real === undefined ? undefined : this.#files.get(real);
    return real !== undefined && file?.kind === 'file' ? { path: real, file } : undefined;
  }

  #folderAt(path: string): string | undefined {
    const folders = this.#index();
    if (folders.has(path)) return path;
    const real = this.#resolve(path);
    return real !== undefined && folders.has(real) ? real : undefined;
  }

  /** Folders that other repositories fill, with the commit each is meant at. */
  get submodules(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    if (!this.#names.hasSubmodules) return found;
    for (const [path, { kind, oid }] of this.#files)
      if (kind === 'submodule' && oid !== undefined) found.set(path, oid);
    return found;
  }

  get beside(): readonly string[] {
    this.#beside ??= [...this.#files].flatMap(([path, { beside }]) => (beside === undefined ? [] : [path]));
    return this.#beside;
  }

  /** The path without `.`, `..` and links, or undefined when it leaves the tree. */
  #resolve(path: string): string | undefined {
    const plain = normalPath(path);
    if (plain === undefined || !this.#links) return plain;
    if (this.#resolved.has(plain)) return this.#resolved.get(plain);
    const real = followLinks(plain, this.#files, this.#content);
    this.#resolved.set(plain, real);
    return real;
  }

  #index(): ReadonlyMap<string, DirectoryEntry[]> {
    return this.#names.folders;
  }
}

const beside = new WeakMap<object, Map<string, object>>();

/** One object for one base and what is beside it: who finds both again finds everything as it was. */
function withIgnored(base: object, ignored: IgnoredPaths | undefined): object {
  if (ignored === undefined) return base;
  const known = beside.get(base) ?? new Map<string, object>();
  beside.set(base, known);
  const made = known.get(ignored.digest) ?? {};
  known.set(ignored.digest, made);
  return made;
}

/** Without `.`, `..`, doubled or trailing slashes; undefined when it leaves the root or is absolute. */
export function normalPath(path: string): string | undefined {
  if (!/(^|\/)(\.{0,2})(\/|$)/.test(path)) return path;
  if (path === '') return path;
  if (path.startsWith('/')) return undefined;
  const plain = posix.normalize(path).replace(/\/$/, '');
  return plain === '.' ? '' : plain === '..' || plain.startsWith('../') ? undefined : plain;
}

function linksOf(files: ReadonlyMap<string, IndexedFile>, content: Pick<ContentSource, 'target'>): Links {
  const targets = new Map<string, string>();
  for (const [path, file] of files) if (file.kind === 'link') targets.set(path, content.target(path, file) ?? '');
  const known = new Map<string, ReturnType<Links['follow']>>();
  return {
    targets,
    follow(path) {
      const plain = normalPath(path);
      if (plain === undefined) return { real: undefined, through: [] };
      const before = known.get(plain);
      if (before !== undefined) return before;
      const through: string[] = [];
      const followed = { real: followLinks(plain, files, content, through), through };
      known.set(plain, followed);
      return followed;
    },
  };
}

/**
 * Follows links in every part of a path, as the kernel does; 40 of them are a loop.
 * @param through is told each link on the way
 */
export function followLinks(
  path: string,
  files: ReadonlyMap<string, IndexedFile>,
  content: Pick<ContentSource, 'target'>,
  through?: string[],
): string | undefined {
  let rest = path.split('/');
  let done = '';
  for (let followed = 0; rest.length > 0; ) {
    const [step = '', ...after] = rest;
    const here = done === '' ? step : `${done}/${step}`;
    const file = files.get(here);
    if (file?.kind !== 'link') {
      done = here;
      rest = after;
      continue;
    }
    followed += 1;
    through?.push(here);
    const target = followed > 40 ? undefined : content.target(here, file);
    if (target === undefined || target === '') return undefined;
    const next = target.startsWith('/') ? undefined : normalPath(`${done === '' ? '' : `${done}/`}${target}`);
    if (next === undefined) return undefined;
    rest = [...(next === '' ? [] : next.split('/')), ...after];
    done = '';
  }
  return done;
}

/** The first index whose string is not before `wanted`. */
function lowerBound(sorted: readonly string[], wanted: string): number {
  return firstNot(sorted.length, (place) => (sorted[place] ?? '') < wanted);
}
