import { byCodeUnit, sha256 } from '../../model/digest.ts';
import type { DirectoryEntry, FileView, IgnoredPaths, Links } from '../../model/file-view.ts';
import { normalPath } from './indexed-view.ts';
import type { RepositoryView, ViewTrouble } from './repository-view.ts';

export interface MountedViewParts {
  readonly outer: RepositoryView;
  /** Views by the folder of the outer one that they fill. */
  readonly mounts: ReadonlyMap<string, RepositoryView>;
  /** Folders that nothing could be found for. */
  readonly missing: readonly string[];
  readonly identity: string;
}

/** A view with others in some of its folders. A link that leads from one into another ends at the border. */
export class MountedView implements RepositoryView {
  readonly repo: string;
  readonly revision: string;
  readonly repoRoot: string | undefined;
  readonly identity: string;
  readonly submodules: ReadonlyMap<string, string>;
  readonly #outer: RepositoryView;
  readonly #mounts: ReadonlyMap<string, RepositoryView>;
  readonly #missing: readonly string[];
  #all: readonly string[] | undefined;
  #links: Links | 'none' | undefined;

  constructor({ outer, mounts, missing, identity }: MountedViewParts) {
    this.repo = outer.repo;
    this.revision = outer.revision;
    this.repoRoot = outer.repoRoot;
    this.identity = identity;
    this.submodules = outer.submodules;
    this.#outer = outer;
    this.#mounts = mounts;
    this.#missing = missing;
  }

  read(path: string): string | undefined {
    return this.#ask(path, (view, inner) => view.read(inner));
  }

  isFile(path: string): boolean {
    return this.#ask(path, (view, inner) => view.isFile(inner)) ?? false;
  }

  isDirectory(path: string): boolean {
    return this.#ask(path, (view, inner) => view.isDirectory(inner)) ?? false;
  }

  list(path: string): readonly DirectoryEntry[] {
    return this.#ask(path, (view, inner) => view.list(inner)) ?? [];
  }

  digest(path: string): string | undefined {
    return this.#ask(path, (view, inner) => view.digest(inner));
  }

  setBeside(path: string): readonly string[] | undefined {
    return this.#ask(path, (view, inner) => view.setBeside?.(inner));
  }

  get ignored(): IgnoredPaths | undefined {
    const views = [this.#outer, ...this.#mounts.values()].map((view) => view.ignored);
    if (views.every((one) => one === undefined)) return undefined;
    const rules = views.flatMap((one) => one?.rules ?? []);
    return {
      digest: sha256(views.map((one) => one?.digest ?? '').join('\n')),
      ...(rules.length === 0 ? {} : { rules: sha256(rules.join('\n')) }),
      has: (path) => this.#ask(path, (view, inner) => view.ignored?.has(inner)) ?? false,
      below: (folder, pattern) => this.#ignoredBelow(folder, pattern),
    };
  }

  #ignoredBelow(folder: string, pattern: string | undefined): readonly string[] {
    const plain = normalPath(folder);
    if (plain === undefined) return [];
    const mount = this.#mountOf(plain);
    const within = (at: string, view: FileView, inner: string) =>
      (view.ignored?.below(inner, pattern) ?? []).map((path) => `${at}/${path}`);
    if (mount !== undefined) return within(mount.at, mount.view, mount.inner);
    const prefix = plain === '' ? '' : `${plain}/`;
    const inner = [...this.#mounts]
      .filter(([at]) => at.startsWith(prefix))
      .flatMap(([at, view]) => within(at, view, ''));
    return [...(this.#outer.ignored?.below(plain, pattern) ?? []), ...inner].sort(byCodeUnit);
  }

  unfetched(path: string): string | undefined {
    const plain = normalPath(path);
    if (plain === undefined) return undefined;
    const mount = this.#mountOf(plain);
    if (mount !== undefined) {
      const inner = mount.view.unfetched?.(mount.inner);
      return inner === undefined ? undefined : `${mount.at}/${inner}`;
    }
    return this.#missing.find((at) => plain === at || plain.startsWith(`${at}/`));
  }

  realPath(path: string): string | undefined {
    const plain = normalPath(path);
    return plain === undefined ? undefined : this.#follow(plain).real;
  }

  get links(): Links | undefined {
    if (this.#links === undefined) {
      const targets = new Map(this.#outer.links?.targets);
      for (const [at, { links }] of this.#mounts)
        for (const [path, target] of links?.targets ?? []) targets.set(`${at}/${path}`, target);
      const follow = (path: string) => {
        const plain = normalPath(path);
        return plain === undefined ? { real: undefined, through: [] } : this.#follow(plain);
      };
      this.#links = targets.size === 0 ? 'none' : { targets, follow };
    }
    return this.#links === 'none' ? undefined : this.#links;
  }

  #follow(plain: string): ReturnType<Links['follow']> {
    const mount = this.#mountOf(plain);
    const view = mount?.view ?? this.#outer;
    const below = (path: string) => (mount === undefined ? path : path === '' ? mount.at : `${mount.at}/${path}`);
    const { real, through } = view.links?.follow(mount?.inner ?? plain) ?? { real: mount?.inner ?? plain, through: [] };
    return { real: real === undefined ? undefined : below(real), through: through.map(below) };
  }

  files(under = ''): readonly string[] {
    const plain = normalPath(under);
    if (plain === undefined) return [];
    const mount = this.#mountOf(plain);
    if (mount !== undefined) return mount.view.files(mount.inner).map((path) => `${mount.at}/${path}`);
    if (plain === '') {
      this.#all ??= this.#below('');
      return this.#all;
    }
    return this.#below(plain);
  }

  get beside(): readonly string[] {
    const within = [...this.#mounts].flatMap(([at, view]) => view.beside.map((path) => `${at}/${path}`));
    return [...this.#outer.beside, ...within];
  }

  async preload(wanted?: (path: string) => boolean): Promise<void> {
    await Promise.all([this.#outer, ...this.#mounts.values()].map((view) => view.preload(wanted)));
  }

  troubles(): readonly ViewTrouble[] {
    const troubles = [...this.#outer.troubles()];
    for (const [at, view] of this.#mounts) {
      for (const trouble of view.troubles()) troubles.push({ ...trouble, path: `${at}/${trouble.path}` });
    }
    for (const path of this.#missing) troubles.push({ path, kind: 'submodule-missing', detail: 'not fetched' });
    return troubles.sort((a, b) => byCodeUnit(a.path, b.path));
  }

  #below(folder: string): readonly string[] {
    const paths = [...this.#outer.files(folder)];
    for (const [at, view] of this.#mounts) {
      if (folder === '' || at.startsWith(`${folder}/`)) for (const path of view.files()) paths.push(`${at}/${path}`);
    }
    return paths.sort(byCodeUnit);
  }

  #ask<Answer>(path: string, question: (view: FileView, inner: string) => Answer): Answer | undefined {
    const plain = normalPath(path);
    if (plain === undefined) return undefined;
    const mount = this.#mountOf(plain);
    return mount === undefined ? question(this.#outer, plain) : question(mount.view, mount.inner);
  }

  #mountOf(path: string): { readonly at: string; readonly view: RepositoryView; readonly inner: string } | undefined {
    for (const [at, view] of this.#mounts) {
      if (path === at) return { at, view, inner: '' };
      if (path.startsWith(`${at}/`)) return { at, view, inner: path.slice(at.length + 1) };
    }
    return undefined;
  }
}
