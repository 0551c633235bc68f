import { estateRoot } from '../../terraform/file-account.ts';

/**
 * Terragrunt computes with absolute paths; an estate has none. So the repository is pretended to lie in `/estate`, under its own
 * name: functions answer paths below it, and every path that comes back is made relative again. All paths here are POSIX.
 */
const pretended = estateRoot;
/** Stands for the name of a folder that is not known. */
const nameless = '_';

/** Where the view's root lies, as an absolute path: below the repository's root when the estate is a part of one. */
export class EstatePaths {
  /** The repository's root; undefined where the estate is in no repository. */
  readonly repository: string | undefined;
  readonly root: string;
  readonly #madeUp: ReadonlySet<string>;

  /** @param place what the folders down to the estate are called, where that is known */
  constructor(
    repoRoot: string | undefined,
    place?: { readonly repository: string; readonly folder: string } | undefined,
  ) {
    const up = repoRoot === undefined || repoRoot === '' ? 0 : repoRoot.split('/').length;
    const named = (place?.folder ?? '').split('/').filter((step) => step !== '');
    const isKnown = place !== undefined && place.repository !== '' && named.length === up;
    const repository = `${pretended}/${isKnown ? place.repository : nameless}`;
    const steps = isKnown ? named : Array.from({ length: up }, () => nameless);
    this.root = [repository, ...steps].join('/');
    this.repository = repoRoot === undefined ? undefined : repository;
    const unknown = isKnown
      ? []
      : [repository, ...steps.map((_step, at) => [repository, ...steps.slice(0, at + 1)].join('/'))];
    this.#madeUp = new Set(['/', pretended, ...unknown]);
  }

  /** Whether the last step of an absolute path is a word of ours, not a folder's name. */
  isMadeUp(absolute: string): boolean {
    return this.#madeUp.has(absolute);
  }

  /** A text without what differs between the machines that an estate lies on. */
  anywhere(text: string): string {
    return text.includes(this.#top) ? text.replaceAll(this.#top, pretended) : text;
  }

  /** A text as a module is read with it: there the view's root is {@link estateRoot}, whatever it is called here. */
  inModule(text: string): string {
    if (!text.includes(this.#top)) return text;
    const up = this.root.slice(this.#top.length).replace(/\/[^/]+/g, '/..');
    const roots = new RegExp(`(${literal(this.root)}|${literal(this.#top)})(?=/|$)`, 'g');
    return text.replace(roots, (found) => (found === this.root ? pretended : `${pretended}${up}`));
  }

  get #top(): string {
    return this.repository ?? this.root;
  }

  /** A view's path as an absolute one. */
  absolute(path: string): string {
    return path === '' ? this.root : join(this.root, path);
  }

  /** The path from the view's root; it begins with `..` when it leads out of it. `''` is the root itself. */
  inView(absolute: string): string {
    if (absolute === this.root) return '';
    const prefix = `${this.root}/`;
    if (absolute.startsWith(prefix)) return absolute.slice(prefix.length);
    return relative(this.root, absolute);
  }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Go's `filepath.Clean`. */
export function clean(path: string): string {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path.slice(1))) return path === '' ? '.' : path;
  const absolute = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else if (!absolute) parts.push(part);
  }
  return (absolute ? '/' : '') + parts.join('/') || '.';
}

/** Go's `filepath.Join` of two. */
export function join(base: string, path: string): string {
  return clean(base === '' ? path : path === '' ? base : `${base}/${path}`);
}

/** A path as written, from a folder; an absolute one stands for itself. */
export function resolve(base: string, path: string): string {
  return path.startsWith('/') ? clean(path) : join(base, path);
}

/** The folder itself, or something in it. Clean absolute paths. */
export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Go's `filepath.Dir`. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '.' : at === 0 ? '/' : path.slice(0, at);
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Go's `filepath.Rel` of two clean absolute paths. */
export function relative(from: string, to: string): string {
  const a = from.split('/').filter((part) => part !== '');
  const b = to.split('/').filter((part) => part !== '');
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return [...Array<string>(a.length - same).fill('..'), ...b.slice(same)].join('/') || '.';
}
