import { byCodeUnit } from '../../../model/digest.ts';
import type { DirectoryEntry, FileView } from '../../../model/file-view.ts';

/** Where a folder that does not exist gets its files from. */
export interface Overlaid {
  /** The folder that would be copied, as a path of the view, itself perhaps overlaid; undefined when it is not at hand. */
  readonly source: string | undefined;
}

/**
 * A view with folders laid over it that a copy would make: the answer is that of a tree after copying, and nothing is
 * copied. What really lies in such a folder is seen where the copy brings nothing.
 */
export function overlay(
  view: FileView,
  folders: ReadonlyMap<string, Overlaid>,
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): FileView {
  if (folders.size === 0) return view;
  const real = (path: string) => mapped(path, folders);
  const either = <T>(path: string, ask: (path: string) => T, found: (answer: T) => boolean): T => {
    const source = real(path);
    const answer = source === undefined ? undefined : ask(source);
    return answer !== undefined && found(answer) ? answer : ask(path);
  };
  const list = (path: string): readonly DirectoryEntry[] => {
    const source = real(path);
    const entries = new Map(view.list(path).map((entry) => [entry.name, entry]));
    for (const entry of source === undefined || source === path ? [] : list(source)) entries.set(entry.name, entry);
    for (const name of parents.get(path) ?? []) entries.set(name, { name, kind: 'directory' });
    return [...entries.values()].sort((a, b) => byCodeUnit(a.name, b.name));
  };
  const files = (under: string): string[] =>
    list(under).flatMap(({ name, kind }) => {
      const path = under === '' ? name : `${under}/${name}`;
      return kind === 'file' ? [path] : files(path);
    });
  return {
    repo: view.repo,
    revision: view.revision,
    repoRoot: view.repoRoot,
    read: (path) =>
      either(
        path,
        (one) => view.read(one),
        (text) => text !== undefined,
      ),
    digest: (path) =>
      either(
        path,
        (one) => view.digest(one),
        (digest) => digest !== undefined,
      ),
    isFile: (path) => either(path, (one) => view.isFile(one), Boolean),
    isDirectory: (path) =>
      parents.has(path) || folders.has(path) || either(path, (one) => view.isDirectory(one), Boolean),
    list,
    files: (under = '') => files(under).sort(byCodeUnit),
  };
}

/** The path that a path below an overlaid folder is copied from; undefined when it is below none. */
export function mapped(path: string, folders: ReadonlyMap<string, Overlaid>): string | undefined {
  let here = path;
  // Sources may be overlaid themselves; more rounds than this are a circle.
  for (let round = 0; round < 50; round += 1) {
    const next = once(here, folders);
    if (next === undefined) return here === path ? undefined : here;
    here = next;
  }
  return undefined;
}

function once(path: string, folders: ReadonlyMap<string, Overlaid>): string | undefined {
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
    const source = folders.get(path.slice(0, at))?.source;
    if (source !== undefined) return joined(source, path.slice(at + 1));
  }
  return undefined;
}

function joined(folder: string, rest: string): string {
  return folder === '' ? rest : rest === '' ? folder : `${folder}/${rest}`;
}
