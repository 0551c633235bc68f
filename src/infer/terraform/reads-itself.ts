import type { FileView } from '../../model/file-view.ts';
import { isConfiguration } from './module-files.ts';

const readsFolders =
  /\bfileset\s*\(|\barchive_file\b|\bsource_dir\b|\bsource_path\b|\.(?:md|tf|tofu)["*\\]|path\.(?:module|root|cwd)\b(?!\}\/)|path\.(?:module|root|cwd)\}\/[^"\n]*\$\{[^}"\n]*\}"/;

const known = new Map<string, boolean>();
/** Verdicts are one bit each; beyond so many nobody keeps a process that long. */
const mostKnown = 200_000;

/**
 * Whether code may read its own source or a whole folder, so that a comment, or a file that Terraform does not look at by
 * itself, could count. Each content is looked through once.
 */
export function mayReadItself(view: FileView, files: Iterable<string>): boolean {
  for (const file of files)
    if (isConfiguration(file.slice(file.lastIndexOf('/') + 1)) && reads(view, file)) return true;
  return false;
}

function reads(view: FileView, file: string): boolean {
  const digest = view.digest(file);
  if (digest === undefined) return false;
  const before = known.get(digest);
  if (before !== undefined) return before;
  const found = readsFolders.test(view.read(file) ?? '');
  if (known.size >= mostKnown) known.clear();
  known.set(digest, found);
  return found;
}
