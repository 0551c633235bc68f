import { within } from '../../hcl/functions/files.ts';
import { madeUpPlace } from '../../hcl/functions/made-up-place.ts';
import { membersThatHold } from '../../hcl/lazy-object.ts';
import { isList, isObject, isUnknown, type Unknown, type Value } from '../../hcl/value.ts';
import { contentsPlace, ignoredAmong } from '../../model/contents.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { type FileView, filePlace } from '../../model/file-view.ts';

/** Where an expression stands that reads a file. */
export interface ReadSite {
  readonly site: string;
  readonly file: string;
  readonly line: number;
}

/** A read of which not all is known. */
export interface OpenRead extends ReadSite {
  /**
   * `file-in-part`: one of those that a place names. `file-unknown`: any. `file-outside`: one that is not in the estate's
   * repositories, so no commit changes it.
   */
  readonly code: 'file-in-part' | 'file-unknown' | 'file-outside';
  /** What is known of the path. */
  readonly path: string;
  /** Git ignores it. */
  readonly isIgnored?: boolean;
}

/** Where paths start from: the view that holds them, the folder that a run is in, and the module that is read. */
export interface Standpoint {
  readonly view: FileView;
  readonly base: string;
  readonly module: string;
  /** A written path in the view; undefined for one that leads out of the estate. */
  place(written: string): string | undefined;
}

/** Where a run of Terraform stands. */
export function standingIn(view: FileView, base: string, module = base): Standpoint {
  return { view, base, module, place: (written) => within({ base, root: estateRoot }, written) };
}

/** Stands for the estate's root in absolute paths. */
export const estateRoot = madeUpPlace;

const nothingOpen: readonly OpenRead[] = [];

const nowhere: ReadSite = { site: '', file: '', line: 0 };

/**
 * Which files one evaluation reads as data, whoever reads them in a run: functions of Terraform, providers, programs. A path that
 * evaluates is a place of the read-set; one known in part is all that it could name; of one that is not known it is said so.
 * There is no fourth way to read a file.
 */
export class FileAccount {
  /** Files, and contents below folders, that are read as data: places as a read-set has them. */
  readonly #read = new Set<string>();
  readonly #open = new Map<string, OpenRead>();
  #at: ReadSite = nowhere;

  /** What is read from here on is read there. */
  enter(at: ReadSite): void {
    this.#at = at;
  }

  /** A file that is read where it is. */
  file(view: FileView, path: string): void {
    this.#read.add(placeIn(view, path));
    // A file of variables that Git ignores counts by its digest.
    if (view.ignored?.has(path) === true && view.digest(path) === undefined) this.ignored(path);
  }

  /** Everything below a folder that fits a pattern. */
  contents(view: FileView, folder: string, pattern = '*'): void {
    const place = contentsPlace({ folder, pattern, all: true });
    view.noteContents?.(place);
    this.#read.add(contentsPlace({ folder: placeIn(view, folder), pattern, all: true }));
    const [first] = ignoredAmong(view, { folder, pattern, all: true });
    if (first !== undefined) this.ignored(first);
  }

  /** The names of all files below a folder. */
  names(view: FileView, folder: string): void {
    this.#read.add(`${placeIn(view, folder)}/**`);
  }

  /** What another account says of the same views. */
  take(read: readonly string[], open: readonly OpenRead[]): void {
    for (const place of read) this.#read.add(place);
    for (const one of open)
      if (!this.#open.has(`${one.code}\n${one.path}`)) this.#open.set(`${one.code}\n${one.path}`, one);
  }

  outside(path: string): void {
    this.#enter('file-outside', path, path);
  }

  /** What is there, or may be, and Git ignores it. */
  ignored(path: string): void {
    this.#enter('file-outside', path, path, true);
  }

  /** A path that is not wholly known, with the pattern of a `fileset` below it. */
  unread(from: Standpoint, path: Value, below?: Value): void {
    if (isUnknown(path) && path.choices !== undefined && below === undefined) {
      for (const choice of path.choices) this.#chosen(from, String(choice));
      return;
    }
    const written = joined(path, below);
    const part = written === undefined ? undefined : partOf(from, written);
    if (part === undefined) {
      this.#enter('file-unknown', '', written ?? '');
      return;
    }
    const place = contentsPlace({ ...part, all: false });
    from.view.noteContents?.(place);
    const named = contentsPlace({ ...part, folder: placeIn(from.view, part.folder), all: false });
    this.#enter('file-in-part', named, written ?? '');
  }

  /** One of a few that it may be: read as each. */
  #chosen(from: Standpoint, path: string): void {
    const place = from.place(path);
    if (place === undefined) this.outside(path);
    else {
      from.view.isFile(place);
      this.file(from.view, place);
    }
  }

  #enter(code: OpenRead['code'], name: string, path: string, isIgnored = false): void {
    const key = `${code}\n${name}`;
    const known = this.#open.get(key);
    if (known === undefined || (known.site === '' && this.#at.site !== ''))
      this.#open.set(key, { code, path, ...(isIgnored ? { isIgnored } : {}), ...this.#at });
  }

  /** Places that are read as data, sorted. */
  get read(): readonly string[] {
    return [...this.#read].sort(byCodeUnit);
  }

  get open(): readonly OpenRead[] {
    if (this.#open.size === 0) return nothingOpen;
    return [...this.#open.values()].sort(
      (a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.path, b.path) || byCodeUnit(a.site, b.site),
    );
  }
}

/** What lies in a folder that is laid over others counts where it is written: that is the file that changes. */
function placeIn(view: FileView, path: string): string {
  return view.writtenAt?.(path) ?? filePlace(view.repo, path);
}

/** A path and a pattern below it as one text with holes; undefined where nothing of it is known. */
function joined(path: Value, below: Value | undefined): string | undefined {
  const text = textOf(path);
  if (below === undefined) return text;
  return text === undefined ? undefined : `${text}/${textOf(below) ?? hole}`;
}

const hole = '${?}';
const holes = /\$\{(?:[^{}"]|"(?:\\.|[^"\\])*"|\{[^{}]*\})*\}/g;

function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  if (!isUnknown(value) || value.text === undefined) return undefined;
  return value.text.replace(holes, '') === '' ? undefined : value.text;
}

/** A text with a sign for each of its holes; of one that is not closed nothing behind it is known. */
export function withHoles(text: string, sign: string): string {
  return text.replace(holes, () => sign).replace(/\$\{(?!\?\}).*$/s, () => sign);
}

/** What a path could name whose holes only a run could fill; undefined: anything. */
export function partOf(
  { base, module, place }: Omit<Standpoint, 'view'>,
  written: string,
): { readonly folder: string; readonly pattern: string } | undefined {
  // Signs of a glob are holes too.
  const text = withHoles(written, '*')
    .replace(/[?[{].*?(?=\/|$)/g, '*')
    .replace(/\*+/g, '*');
  const first = text.indexOf('*');
  if (first < 0) return undefined;
  const cut = text.lastIndexOf('/', first) + 1;
  const folder = cut === 0 ? base : place(text.slice(0, cut));
  if (folder === undefined) return undefined;
  const rest = text.slice(cut);
  // A way up behind a hole, or a whole step of which nothing is known right below the module itself: it may lead anywhere.
  const isPlain = !/(^|\/)\.\.(\/|$)/.test(rest);
  const isNamed = !/^\*(\/|$)/.test(rest) || !(isAbove(folder, base) || isAbove(folder, module));
  if (isPlain && isNamed) return { folder, pattern: rest };
  const up = rest.lastIndexOf('../');
  const known = (up < 0 ? rest : rest.slice(up + 3)).replace(/^\*\/?/, '');
  return known.replace(/[*/]/g, '') === '' ? undefined : { folder: '', pattern: `*${known}` };
}

/** The folder itself or one above it. */
function isAbove(folder: string, of: string): boolean {
  return folder === '' || of === folder || of.startsWith(`${folder}/`);
}

/** The texts in a value, and unknowns of which some text is known or none; everything else names no file. */
export function textsIn(value: Value, into: (string | Unknown)[] = []): readonly (string | Unknown)[] {
  if (typeof value === 'string' || isUnknown(value)) into.push(value);
  else if (isList(value)) for (const item of value) textsIn(item, into);
  else if (isObject(value)) for (const member of membersThatHold(value)) textsIn(member, into);
  return into;
}
