import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';

/** A file that a run would write or copy into a module's folder. */
export interface WrittenFile {
  /** In the view of the module. */
  readonly path: string;
  readonly text: string;
  /** It is copied from a file of variables that Git ignores: what that sets. */
  readonly beside?: readonly string[];
}

/** A view in which some files are written over what is there, each folder of theirs being there already. */
export function writtenOver(view: FileView, files: readonly WrittenFile[]): FileView {
  if (files.length === 0) return view;
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const digests = new Map(files.map(({ path, text }) => [path, sha256(text)]));
  const besides = new Map(files.map(({ path, beside }) => [path, beside]));
  const namesIn = (folder: string) => {
    const prefix = folder === '' ? '' : `${folder}/`;
    return files.flatMap(({ path }) => {
      const name = path.startsWith(prefix) ? path.slice(prefix.length) : '';
      return name === '' || name.includes('/') ? [] : [name];
    });
  };
  return {
    repo: view.repo,
    revision: view.revision,
    repoRoot: view.repoRoot,
    setBeside: (path) => (texts.has(path) ? besides.get(path) : view.setBeside?.(path)),
    get ignored() {
      const { ignored } = view;
      if (ignored === undefined) return undefined;
      return { ...ignored, has: (path: string) => !texts.has(path) && ignored.has(path) };
    },
    read: (path) => texts.get(path) ?? view.read(path),
    digest: (path) => digests.get(path) ?? view.digest(path),
    isFile: (path) => texts.has(path) || view.isFile(path),
    isDirectory: (path) => view.isDirectory(path),
    list(folder) {
      const names = new Set(namesIn(folder));
      const there = view.list(folder).filter(({ name }) => !names.has(name));
      const written = [...names].map((name) => ({ name, kind: 'file' as const }));
      return [...there, ...written].sort((a, b) => byCodeUnit(a.name, b.name));
    },
    files(under = '') {
      const prefix = under === '' ? '' : `${under}/`;
      const more = [...texts.keys()].filter((path) => path.startsWith(prefix));
      return [...new Set([...view.files(under), ...more])].sort(byCodeUnit);
    },
    ...(view.noteContents === undefined ? {} : { noteContents: (place) => view.noteContents?.(place) ?? '' }),
  };
}
