import type { EstateView } from '../../model/estate.ts';
import type { FileView } from '../../model/file-view.ts';
import { blobId } from '../../observe/blob-id.ts';

/** The estate as it would be with other texts in some files of its main repository. Files are neither added nor taken away. */
export function editedEstate(estate: EstateView, texts: ReadonlyMap<string, string>): EstateView {
  const main = editedView(estate.main, texts);
  const repos = new Map([...estate.repos].map(([name, view]) => [name, view === estate.main ? main : view]));
  return { ...estate, main, repos };
}

function editedView(base: FileView, texts: ReadonlyMap<string, string>): FileView {
  const { setBeside, realPath, unfetched, writtenAt, noteContents } = base;
  return {
    repo: base.repo,
    revision: base.revision,
    ref: base.ref,
    repoRoot: base.repoRoot,
    names: base.names,
    links: base.links,
    read: (path) => texts.get(path) ?? base.read(path),
    digest: (path) => {
      const text = texts.get(path);
      return text === undefined ? base.digest(path) : blobId(new TextEncoder().encode(text));
    },
    isFile: (path) => base.isFile(path),
    isDirectory: (path) => base.isDirectory(path),
    list: (path) => base.list(path),
    files: (under) => base.files(under),
    ...(setBeside === undefined ? {} : { setBeside: (path) => setBeside.call(base, path) }),
    ...(realPath === undefined ? {} : { realPath: (path) => realPath.call(base, path) }),
    ...(unfetched === undefined ? {} : { unfetched: (path) => unfetched.call(base, path) }),
    ...(writtenAt === undefined ? {} : { writtenAt: (path) => writtenAt.call(base, path) }),
    ...(noteContents === undefined ? {} : { noteContents: (place) => noteContents.call(base, place) }),
  };
}
