import { posix } from 'node:path';
import type { DirectoryEntry, FileView, IgnoredPaths, Links } from '../../model/file-view.ts';
import { normalPath } from './indexed-view.ts';

/**
 * A subfolder of a repository as an estate of its own: paths are relative to the folder, and `../…` reaches the rest of the
 * repository, where shared modules and includes live, but nothing beyond it.
 */
export class ScopedView implements FileView {
  readonly repo: string;
  readonly revision: string;
  readonly repoRoot: string;
  readonly #whole: FileView;
  readonly #scope: string;
  #links: Links | undefined;

  /** @param scope the folder, relative to the repository's root */
  constructor(whole: FileView, scope: string, repo: string) {
    this.repo = repo;
    this.revision = whole.revision;
    const depth = scope === '' ? 0 : scope.split('/').length;
    this.repoRoot = Array.from({ length: depth }, () => '..').join('/');
    this.#whole = whole;
    this.#scope = scope;
  }

  read(path: string): string | undefined {
    const outer = this.#outer(path);
    return outer === undefined ? undefined : this.#whole.read(outer);
  }

  isFile(path: string): boolean {
    const outer = this.#outer(path);
    return outer !== undefined && this.#whole.isFile(outer);
  }

  isDirectory(path: string): boolean {
    const outer = this.#outer(path);
    return outer !== undefined && this.#whole.isDirectory(outer);
  }

  list(path: string): readonly DirectoryEntry[] {
    const outer = this.#outer(path);
    return outer === undefined ? [] : this.#whole.list(outer);
  }

  digest(path: string): string | undefined {
    const outer = this.#outer(path);
    return outer === undefined ? undefined : this.#whole.digest(outer);
  }

  setBeside(path: string): readonly string[] | undefined {
    const outer = this.#outer(path);
    return outer === undefined ? undefined : this.#whole.setBeside?.(outer);
  }

  get ignored(): IgnoredPaths | undefined {
    const { ignored } = this.#whole;
    if (ignored === undefined) return undefined;
    return {
      digest: ignored.digest,
      ...(ignored.rules === undefined ? {} : { rules: ignored.rules }),
      has: (path) => {
        const outer = this.#outer(path);
        return outer !== undefined && ignored.has(outer);
      },
      below: (folder, pattern) => {
        const outer = this.#outer(folder);
        const found = outer === undefined ? [] : ignored.below(outer, pattern);
        return found.map((path) => `${this.#here(path)}${path.endsWith('/') ? '/' : ''}`);
      },
    };
  }

  unfetched(path: string): string | undefined {
    const outer = this.#outer(path);
    const found = outer === undefined ? undefined : this.#whole.unfetched?.(outer);
    return found === undefined ? undefined : posix.relative(this.#scope, found);
  }

  realPath(path: string): string | undefined {
    const outer = this.#outer(path);
    const real = outer === undefined ? undefined : this.#whole.realPath?.(outer);
    return real === undefined ? undefined : this.#here(real);
  }

  get links(): Links | undefined {
    const { links } = this.#whole;
    if (links === undefined) return undefined;
    this.#links ??= {
      targets: new Map([...links.targets].map(([path, target]) => [this.#here(path), target])),
      follow: (path) => {
        const outer = this.#outer(path);
        if (outer === undefined) return { real: undefined, through: [] };
        const { real, through } = links.follow(outer);
        return {
          real: real === undefined ? undefined : this.#here(real),
          through: through.map((one) => this.#here(one)),
        };
      },
    };
    return this.#links;
  }

  #here(outer: string): string {
    return posix.relative(this.#scope, outer);
  }

  files(under = ''): readonly string[] {
    const outer = this.#outer(under);
    if (outer === undefined) return [];
    const cut = outer === '' ? 0 : outer.length + 1;
    const prefix = under === '' ? '' : `${under.replace(/\/$/, '')}/`;
    return this.#whole.files(outer).map((path) => prefix + path.slice(cut));
  }

  #outer(path: string): string | undefined {
    if (path === '') return this.#scope;
    if (path.startsWith('/')) return undefined;
    return normalPath(posix.join(this.#scope, path));
  }
}
