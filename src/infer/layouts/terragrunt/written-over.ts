import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import type { DirectoryEntry, FileView } from '../../../model/file-view.ts';

/** A file that a run would write or copy into a module's folder. */
export interface WrittenFile {
  /** In the view of the module. */
  readonly path: string;
  readonly text: string;
  /** It is copied from a file of variables that Git ignores: what that sets. */
  readonly beside?: readonly string[];
}

/** A view in which some files are written over what is there. */
export function writtenOver(view: FileView, files: readonly WrittenFile[]): FileView {
  if (files.length === 0) return view;
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const digests = new Map(files.map(({ path, text }) => [path, sha256(text)]));
  const besides = new Map(files.map(({ path, beside }) => [path, beside]));
  const folders = new Set(files.flatMap(({ path }) => foldersAbove(path)));
  const entriesIn = (folder: string): ReadonlyMap<string, DirectoryEntry> => {
    const prefix = folder === '' ? '' : `${folder}/`;
    const entries = new Map<string, DirectoryEntry>();
    for (const { path } of files) {
      const [name = '', ...rest] = path.startsWith(prefix) ? path.slice(prefix.length).split('/') : [];
      if (name !== '') entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'directory' });
    }
    return entries;
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
    isDirectory: (path) => view.isDirectory(path) || folders.has(path),
    list(folder) {
      const written = entriesIn(folder);
      const there = view.list(folder).filter(({ name }) => !written.has(name));
      return [...there, ...written.values()].sort((a, b) => byCodeUnit(a.name, b.name));
    },
    ...(view.writtenAt === undefined ? {} : { writtenAt: (path: string) => view.writtenAt?.(path) }),
    ...(view.unfetched === undefined ? {} : { unfetched: (path: string) => view.unfetched?.(path) }),
    ...(view.realPath === undefined ? {} : { realPath: (path: string) => view.realPath?.(path) }),
    get links() {
      return view.links;
    },
    files(under = '') {
      const prefix = under === '' ? '' : `${under}/`;
      const more = [...texts.keys()].filter((path) => path.startsWith(prefix));
      return [...new Set([...view.files(under), ...more])].sort(byCodeUnit);
    },
    ...(view.noteContents === undefined ? {} : { noteContents: (place) => view.noteContents?.(place) ?? '' }),
  };
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let cut = path.lastIndexOf('/'); cut > 0; cut = path.lastIndexOf('/', cut - 1)) folders.push(path.slice(0, cut));
  return folders;
}
