import { byCodeUnit } from '../../model/digest.ts';
import type { DirectoryEntry, FileView } from '../../model/file-view.ts';
import { blobId } from '../git/blob-id.ts';

/** A view with files written into it that are in no repository: what would be read if they were. */
export function laidOver(view: FileView, texts: ReadonlyMap<string, string>): FileView {
  const paths = [...texts.keys()];
  const folders = new Set(paths.flatMap(foldersOf));
  const readsOf = (path: string) => texts.get(path);
  const list = (path: string): readonly DirectoryEntry[] => {
    const before = path === '' ? '' : `${path}/`;
    const own = paths.flatMap((one): DirectoryEntry[] => {
      if (!one.startsWith(before)) return [];
      const [name = '', ...rest] = one.slice(before.length).split('/');
      return [{ name, kind: rest.length === 0 ? 'file' : 'directory' }];
    });
    const all = new Map([...view.list(path), ...own].map((entry) => [entry.name, entry]));
    return [...all.values()].sort((a, b) => byCodeUnit(a.name, b.name));
  };
  const over: Partial<FileView> = {
    revision: `${view.revision} and more`,
    names: undefined,
    since: undefined,
    read: (path) => readsOf(path) ?? view.read(path),
    isFile: (path) => texts.has(path) || view.isFile(path),
    isDirectory: (path) => folders.has(path) || view.isDirectory(path),
    list,
    digest: (path) => {
      const text = texts.get(path);
      return text === undefined ? view.digest(path) : blobId(Buffer.from(text));
    },
    files: (under = '') => {
      const own = paths.filter((path) => under === '' || path.startsWith(`${under}/`));
      return [...new Set([...view.files(under), ...own])].sort(byCodeUnit);
    },
  };
  return new Proxy(view, {
    get: (target, name) => {
      if (Object.hasOwn(over, name)) return over[name as keyof FileView];
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, place) => parts.slice(0, place + 1).join('/'));
}
