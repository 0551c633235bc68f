import { sha256 } from './digest.ts';
import type { FileView } from './file-view.ts';

/**
 * Places of a read-set that stand for the contents of files, not for their names alone: all below a folder whose path behind it
 * fits a pattern, in which `*` is any text. What is known to be read (`#`) is told apart from what may be (`?`): a path known
 * in part names one of them, and nobody knows which.
 */
export interface ContentsPlace {
  readonly folder: string;
  readonly pattern: string;
  /** All of it is read; otherwise some of it may be. */
  readonly all: boolean;
}

const form = /^(.*)\/\*\*([#?])(.+)$/s;

export function contentsPlace({ folder, pattern, all }: ContentsPlace): string {
  return `${folder}/**${all ? '#' : '?'}${pattern}`;
}

/** Undefined for a place of another kind. */
export function parseContents(place: string): ContentsPlace | undefined {
  if (!place.includes('/**')) return undefined;
  const [, folder, mark, pattern] = form.exec(place) ?? [];
  return folder === undefined || pattern === undefined ? undefined : { folder, pattern, all: mark === '#' };
}

/** Stands beside each such place, always the same: by it a file finds who reads of the folders above it. */
export function contentsMark(folder: string): string {
  return `${folder}/**#`;
}

const forms = new Map<string, RegExp>();

function formOf(pattern: string): RegExp {
  const known = forms.get(pattern);
  if (known !== undefined) return known;
  if (forms.size > 2000) forms.clear();
  const made = new RegExp(
    `^${pattern
      .split('*')
      .map((part) => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
  forms.set(pattern, made);
  return made;
}

/** Whether a file is one of those that a place names. */
export function isAmong({ folder, pattern }: ContentsPlace, path: string): boolean {
  const prefix = folder === '' ? '' : `${folder}/`;
  return path.startsWith(prefix) && formOf(pattern).test(path.slice(prefix.length));
}

/** The names, from the folder on, and contents of all that a place names; O(files below the folder). */
export function digestOfContents(view: FileView, place: ContentsPlace): string {
  const { folder } = place;
  const found = view.files(folder).filter((path) => isAmong(place, path));
  const prefix = folder === '' ? '' : `${folder}/`;
  const lines = found.map((path) => `${path.slice(prefix.length)}\0${view.digest(path) ?? ''}`);
  for (const [link, target] of view.links?.targets ?? [])
    if (link.startsWith(prefix)) lines.push(`${link.slice(prefix.length)} -> ${target}`);
  for (const path of ignoredAmong(view, place)) lines.push(`${path.slice(prefix.length)}\0ignored`);
  return sha256(lines.join('\n'));
}

/** What Git ignores of all that a place names; of a folder that is ignored whole nobody knows what is in it. */
export function ignoredAmong({ ignored }: FileView, place: ContentsPlace): readonly string[] {
  return ignored?.below(place.folder).filter((path) => path.endsWith('/') || isAmong(place, path)) ?? [];
}

/** A place as people write it: `config/*.yaml`. */
export function shownContents(place: string): string {
  const contents = parseContents(place);
  return contents === undefined ? place : `${contents.folder === '' ? '' : `${contents.folder}/`}${contents.pattern}`;
}
