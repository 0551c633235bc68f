import { type ContentSource, type IndexedFile, normalPath } from '../views/indexed-view.ts';
import type { GitObjects } from './objects/git-objects.ts';

/**
 * Content by blob id, with read-ahead: the first file asked for that was not loaded brings its neighbours of the same kind
 * with it, and each further one four times as many, so that n files cost about log n processes however they are asked for.
 */
export class BlobContent implements ContentSource {
  readonly #objects: GitObjects;
  readonly #files: ReadonlyMap<string, IndexedFile>;
  /** Per file-name ending: paths in tree order, and how many to take next time. */
  #kinds: Map<string, { readonly paths: string[]; reach: number }> | undefined;

  constructor(objects: GitObjects, files: ReadonlyMap<string, IndexedFile>) {
    this.#objects = objects;
    this.#files = files;
  }

  text(path: string, { oid }: IndexedFile): string | undefined {
    if (oid === undefined) return undefined;
    if (!this.#objects.texts.has(oid)) this.#loadAround(path, oid);
    return this.#objects.text(oid);
  }

  digest(_path: string, { oid }: IndexedFile): string | undefined {
    return oid;
  }

  target(path: string, file: IndexedFile): string | undefined {
    return this.text(path, file);
  }

  /** Whether any file that was met is. */
  get hasTooLarge(): boolean {
    return this.#objects.texts.hasTooLarge;
  }

  isTooLarge(_path: string, { oid }: IndexedFile): boolean {
    return oid !== undefined && this.#objects.texts.isTooLarge(oid);
  }

  /** Loads the files that a predicate names, beside the caller's own work. */
  async load(wanted: (path: string) => boolean): Promise<void> {
    const oids: string[] = [];
    for (const [path, { kind, oid }] of this.#files) {
      if (kind !== 'submodule' && oid !== undefined && (kind === 'link' || wanted(path))) oids.push(oid);
    }
    await this.#objects.load(oids);
  }

  #loadAround(path: string, oid: string): void {
    if (this.#objects.readHere(oid)) return;
    this.#kinds ??= this.#byEnding();
    const kind = this.#kinds.get(ending(path));
    if (kind === undefined) {
      this.#objects.loadNow([oid]);
      return;
    }
    const at = Math.max(0, kind.paths.indexOf(path));
    const oids = [oid];
    for (let index = at; index < kind.paths.length && oids.length < kind.reach; index += 1) {
      const neighbour = this.#files.get(kind.paths[index] ?? '')?.oid;
      if (neighbour !== undefined && !this.#objects.texts.has(neighbour)) oids.push(neighbour);
    }
    kind.reach *= 4;
    this.#objects.loadNow(oids);
  }

  #byEnding(): Map<string, { readonly paths: string[]; reach: number }> {
    const kinds = new Map<string, { readonly paths: string[]; reach: number }>();
    for (const [path, { kind, oid }] of this.#files) {
      if (kind === 'submodule' || oid === undefined) continue;
      const name = ending(path);
      const known = kinds.get(name);
      if (known === undefined) kinds.set(name, { paths: [path], reach: 16 });
      else known.paths.push(path);
    }
    return kinds;
  }
}

/** `.tf`, `.json`; the whole name of a file without a dot. */
function ending(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(dot);
}

/** A link that leaves the tree: where it stands and what it says. */
export interface OutsideLink {
  readonly path: string;
  readonly target: string;
}

/** Links whose own target leaves the tree. Their targets must have been loaded. */
export function linksOutside(files: ReadonlyMap<string, IndexedFile>, content: ContentSource): OutsideLink[] {
  const outside: OutsideLink[] = [];
  for (const [path, file] of files) {
    if (file.kind !== 'link') continue;
    const target = content.target(path, file);
    if (target === undefined) continue;
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const leads = target.startsWith('/') ? undefined : normalPath(`${folder === '' ? '' : `${folder}/`}${target}`);
    if (leads === undefined) outside.push({ path, target });
  }
  return outside;
}
