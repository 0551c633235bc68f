import { contentsPlace, parseContents } from '../../../model/contents.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import { type DirectoryEntry, type FileView, filePlace, type IgnoredPaths } from '../../../model/file-view.ts';

/** Where a folder that does not exist gets its files from. */
export interface Overlaid {
  /** The folder that would be copied, itself perhaps overlaid; undefined when it is not at hand. */
  readonly source: string | undefined;
  /** The repository that holds the source, when it is another one. */
  readonly from?: FileView | undefined;
}

export interface Overlay {
  readonly folders: ReadonlyMap<string, Overlaid>;
  /** Folders above those, each with the names in it that lead to them. */
  readonly parents: ReadonlyMap<string, ReadonlySet<string>>;
}

/** What a copy leaves behind: what was generated or downloaded before. */
const notCopied: ReadonlySet<string> = new Set(['.terragrunt-stack', '.terragrunt-cache', '.terraform', '.git']);

/**
 * A view with folders laid over it that a copy would make: the answer is that of a tree after copying, and nothing is
 * copied. What really lies in such a folder is seen where the copy brings nothing.
 *
 * @param foreign makes views of other repositories fit for use, as by recording what is read of them
 */
export function overlay(
  view: FileView,
  { folders, parents }: Overlay,
  foreign: (view: FileView) => FileView,
): FileView {
  if (folders.size === 0) return view;
  const either = <T>(path: string, ask: (view: FileView, path: string) => T, found: (answer: T) => boolean): T => {
    const source = copiedFrom(path, folders);
    if (source === undefined) return ask(view, path);
    const answer = ask(source.from === undefined ? view : foreign(source.from), source.path);
    return found(answer) ? answer : ask(view, path);
  };
  const list = (path: string): readonly DirectoryEntry[] => {
    const source = copiedFrom(path, folders);
    const entries = new Map(view.list(path).map((entry) => [entry.name, entry]));
    if (source !== undefined)
      for (const entry of (source.from === undefined ? view : foreign(source.from)).list(source.path))
        if (!notCopied.has(entry.name)) entries.set(entry.name, entry);
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
        (one, at) => one.read(at),
        (text) => text !== undefined,
      ),
    digest: (path) =>
      either(
        path,
        (one, at) => one.digest(at),
        (digest) => digest !== undefined,
      ),
    isFile: (path) => either(path, (one, at) => one.isFile(at), Boolean),
    isDirectory: (path) =>
      parents.has(path) || folders.has(path) || either(path, (one, at) => one.isDirectory(at), Boolean),
    setBeside: (path) =>
      either(
        path,
        (one, at) => one.setBeside?.(at),
        (names) => names !== undefined,
      ),
    get ignored() {
      return ignoredOver(view, { folders, foreign });
    },
    list,
    writtenAt(path) {
      const source = copiedFrom(path, folders);
      if (source === undefined) return undefined;
      const from = source.from ?? view;
      const isThere = from.digest(source.path) !== undefined || from.isDirectory(source.path);
      return isThere ? filePlace(from.repo, source.path) : undefined;
    },
    unfetched: (path) => (copiedFrom(path, folders) === undefined ? view.unfetched?.(path) : undefined),
    files: (under = '') => files(under).sort(byCodeUnit),
    noteContents(place) {
      const contents = parseContents(place);
      const source = contents === undefined ? undefined : copiedFrom(contents.folder, folders);
      if (contents === undefined || source === undefined) return view.noteContents?.(place) ?? '';
      const from = source.from === undefined ? view : foreign(source.from);
      return from.noteContents?.(contentsPlace({ ...contents, folder: source.path })) ?? '';
    },
  };
}

/** What lies in a folder that is copied is copied, Git or no Git. */
function ignoredOver(
  view: FileView,
  { folders, foreign }: Pick<Overlay, 'folders'> & { readonly foreign: (view: FileView) => FileView },
): IgnoredPaths | undefined {
  const { ignored } = view;
  if (ignored === undefined) return undefined;
  const of = (path: string) => {
    const source = copiedFrom(path, folders);
    if (source === undefined) return { asked: ignored, at: path };
    return { asked: source.from === undefined ? ignored : foreign(source.from).ignored, at: source.path };
  };
  return {
    digest: ignored.digest,
    ...(ignored.rules === undefined ? {} : { rules: ignored.rules }),
    has(path) {
      const { asked, at } = of(path);
      return asked?.has(at) ?? false;
    },
    below(folder, pattern) {
      const { asked, at } = of(folder);
      const found = asked?.below(at, pattern) ?? [];
      return at === folder ? found : found.map((path) => joined(folder, path.slice(at === '' ? 0 : at.length + 1)));
    },
  };
}

interface Copied {
  readonly path: string;
  readonly from: FileView | undefined;
}

/** The place that a path below an overlaid folder is copied from; undefined when it is below none. */
export function copiedFrom(path: string, folders: ReadonlyMap<string, Overlaid>): Copied | undefined {
  let here: Copied | undefined;
  // Sources may be overlaid themselves; more rounds than this are a circle.
  for (let round = 0; round < 50; round += 1) {
    const next = here?.from === undefined ? once(here?.path ?? path, folders) : undefined;
    if (next === undefined) return here;
    here = next;
  }
  return undefined;
}

function once(path: string, folders: ReadonlyMap<string, Overlaid>): Copied | undefined {
  for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1)) {
    const found = folders.get(path.slice(0, at));
    if (found?.source !== undefined) return { path: joined(found.source, path.slice(at + 1)), from: found.from };
  }
  return undefined;
}

function joined(folder: string, rest: string): string {
  return folder === '' ? rest : rest === '' ? folder : `${folder}/${rest}`;
}
