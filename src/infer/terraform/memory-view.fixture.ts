import { byCodeUnit, sha256 } from '../../model/digest.ts';
import type { FileView } from '../../model/file-view.ts';

/** A small estate for tests: path → text. */
export function viewOf(texts: Readonly<Record<string, string>>, repo = ''): FileView {
  const paths = Object.keys(texts).sort(byCodeUnit);
  const below = (folder: string) => (folder === '' ? paths : paths.filter((path) => path.startsWith(`${folder}/`)));
  return {
    repo,
    revision: 'worktree',
    read: (path) => texts[path],
    isFile: (path) => Object.hasOwn(texts, path),
    isDirectory: (path) => below(path).length > 0,
    digest: (path) => {
      const text = texts[path];
      return text === undefined ? undefined : sha256(text);
    },
    files: (under = '') => below(under),
    list: (folder) => {
      const kinds = new Map<string, 'file' | 'directory'>();
      for (const path of below(folder)) {
        const [name = '', ...rest] = path.slice(folder === '' ? 0 : folder.length + 1).split('/');
        kinds.set(name, rest.length === 0 ? 'file' : 'directory');
      }
      return [...kinds].sort(([a], [b]) => byCodeUnit(a, b)).map(([name, kind]) => ({ name, kind }));
    },
  };
}
