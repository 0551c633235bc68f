import { byCodeUnit } from '../../model/digest.ts';
import type { EstateView } from '../../model/estate.ts';
import type { DirectoryEntry, FileView } from '../../model/file-view.ts';
import { blobId } from '../../observe/git/blob-id.ts';

/** The estate as it would be with other texts in some files of its main repository, and with files that it has not. None goes. */
export function editedEstate(estate: EstateView, texts: ReadonlyMap<string, string>): EstateView {
  const main = editedView(estate.main, texts);
  const repos = new Map([...estate.repos].map(([name, view]) => [name, view === estate.main ? main : view]));
  return { ...estate, main, repos };
}

function editedView(base: FileView, texts: ReadonlyMap<string, string>): FileView {
  const { setBeside, realPath, unfetched, writtenAt, noteContents } = base;
  const added = new Added([...texts.keys()].filter((path) => !base.isFile(path)));
  return {
    repo: base.repo,
    revision: base.revision,
    ref: base.ref,
    repoRoot: base.repoRoot,
    names: added.files.length === 0 ? base.names : undefined,
    links: base.links,
    read: (path) => texts.get(path) ?? base.read(path),
    digest: (path) => {
      const text = texts.get(path);
      return text === undefined ? base.digest(path) : blobId(new TextEncoder().encode(text));
    },
    isFile: (path) => base.isFile(path) || added.files.includes(path),
    isDirectory: (path) => base.isDirectory(path) || added.entries.has(path),
    list: (path) => added.listed(path, base.list(path)),
    files: (under) => added.below(under, base.files(under)),
    ...(setBeside === undefined ? {} : { setBeside: (path) => setBeside.call(base, path) }),
    ...(realPath === undefined ? {} : { realPath: (path) => (added.holds(path) ? path : realPath.call(base, path)) }),
    ...(unfetched === undefined ? {} : { unfetched: (path) => unfetched.call(base, path) }),
    ...(writtenAt === undefined ? {} : { writtenAt: (path) => writtenAt.call(base, path) }),
    ...(noteContents === undefined ? {} : { noteContents: (place) => noteContents.call(base, place) }),
  };
}

/** Files that a view has not, and the folders that they lie in. */
class Added {
  readonly files: readonly string[];
  /** By folder, what is in it. */
  readonly entries = new Map<string, Map<string, DirectoryEntry['kind']>>();

  constructor(files: readonly string[]) {
    this.files = [...files].sort(byCodeUnit);
    for (const file of this.files) {
      let kind: DirectoryEntry['kind'] = 'file';
      for (let path = file; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
        const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
        const held = this.entries.get(folder) ?? new Map<string, DirectoryEntry['kind']>();
        this.entries.set(folder, held.set(path.slice(folder === '' ? 0 : folder.length + 1), kind));
        kind = 'directory';
      }
    }
  }

  holds(path: string): boolean {
    return this.files.includes(path) || (path !== '' && this.entries.has(path));
  }

  listed(folder: string, there: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
    const added = this.entries.get(folder);
    if (added === undefined) return there;
    const known = new Set(there.map(({ name }) => name));
    const more = [...added].flatMap(([name, kind]) => (known.has(name) ? [] : [{ name, kind }]));
    return [...there, ...more].sort((a, b) => byCodeUnit(a.name, b.name));
  }

  below(folder: string | undefined, there: readonly string[]): readonly string[] {
    const more = this.files.filter((path) => folder === undefined || folder === '' || path.startsWith(`${folder}/`));
    return more.length === 0 ? there : [...there, ...more].sort(byCodeUnit);
  }
}
