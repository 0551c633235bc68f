import type { FileView } from '../../model/file-view.ts';
import { isConfiguration } from './module-files.ts';

const readsFolders =
  /\bfileset\s*\(|\barchive_file\b|\bsource_dir\b|\bsource_path\b|\.(?:md|tf|tofu)["*\\]|path\.(?:module|root|cwd)\b(?!\}\/)|path\.(?:module|root|cwd)\}\/[^"\n]*\$\{[^}"\n]*\}"/;

/** Of the root module `path.module` and `path.root` are `.`, wherever it lies. */
const placeInValue = /\bpath\.cwd\b|\babspath\s*\(/;

/** Programs may read whatever lies there; so may a template, which says itself what it reads. */
const readsVariables =
  /tfvars|tfbackend|\bbackend[-_.][\w-]*\.|\blocal-exec\b|\bremote-exec\b|"external"|\btemplatefile\s*\(/;

const forms = [readsFolders, placeInValue, readsVariables];

const known = new Map<string, boolean>();
/** Verdicts are one bit each; beyond so many nobody keeps a process that long. */
const mostKnown = 200_000;

/**
 * Whether code may read its own source or a whole folder, so that a comment, or a file that Terraform does not look at by
 * itself, could count. Each content is looked through once.
 */
export function mayReadItself(view: FileView, files: Iterable<string>): boolean {
  return anySays(view, files, readsFolders);
}

/** Whether code, or a program that it runs, may read files of variables or of backends as files. */
export function mayReadVariables(view: FileView, files: Iterable<string>): boolean {
  return anySays(view, files, readsVariables);
}

/** Whether the folder that it lies in may be part of a value, so that code says something else after a move. */
export function namesItsPlace(view: FileView, files: Iterable<string>): boolean {
  return anySays(view, files, placeInValue);
}

function anySays(view: FileView, files: Iterable<string>, form: RegExp): boolean {
  for (const file of files)
    if (isConfiguration(file.slice(file.lastIndexOf('/') + 1)) && says(view, file, form)) return true;
  return false;
}

/** Lines that are nothing but a comment. */
function withoutComments(text: string): string {
  return text.replace(/^\s*(?:#|\/\/).*$/gm, '');
}

function says(view: FileView, file: string, form: RegExp): boolean {
  const digest = view.digest(file);
  if (digest === undefined) return false;
  const key = `${forms.indexOf(form)}${digest}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const text = view.read(file) ?? '';
  const found = form.test(form === readsVariables ? withoutComments(text) : text);
  if (known.size >= mostKnown) known.clear();
  known.set(key, found);
  return found;
}
