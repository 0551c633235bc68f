import { readdirSync } from 'node:fs';
import { byCodeUnit, sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import { linksOutside } from '../git/blob-content.ts';
import { decodeName } from '../git/tree-listing.ts';
import { Disk } from './disk.ts';
import { DiskContent } from './disk-content.ts';
import { type IndexedFile, IndexedView } from './indexed-view.ts';
import { ListedIgnored } from './listed-ignored.ts';
import { outsideTrouble, type RepositoryView, type ViewTrouble } from './repository-view.ts';
import { TextStore } from './text-store.ts';
import { passedFolders } from './untracked.ts';

/** More entries than any estate has; somebody's whole disk, rather. */
const entryLimit = 500_000;

/** A plain folder that is no Git repository, as it is. Nested repositories are read like any folder, but for `.git`. */
export function openFolderView(root: string, { repo = '' }: { readonly repo?: string } = {}): RepositoryView {
  const disk = new Disk(root);
  const files = new Map<string, IndexedFile>();
  const unreadable: ViewTrouble[] = [];
  const stamps: string[] = [];
  const passed: string[] = [];
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of entriesOf(disk, folder, unreadable)) {
      if (entry.kind === 'directory') {
        if (entry.name !== '.git' && !passedFolders.includes(entry.name)) pending.push(entry.path);
        else if (entry.name === 'node_modules') passed.push(`${entry.path}/`);
      } else if (entry.kind !== 'other') {
        const stat = disk.stat(entry.path);
        const bit = stat?.executable === true ? ({ executable: true } as const) : {};
        files.set(entry.path, { kind: entry.kind, oid: undefined, ...bit });
        stamps.push(`${entry.path}\0${stat?.size}:${stat?.mtimeMs}:${stat?.inode}:${stat?.executable}`);
      }
    }
    if (files.size + pending.length > entryLimit) {
      throw new KarmaError('KARMA_NO_ESTATE', `${root} holds more than ${entryLimit} files and is no repository`, {
        hint: 'go to the folder of the estate, or make it a repository: `git init`',
        details: { folder: root },
      });
    }
  }
  const identity = `folder:${sha256([...stamps.sort(), ...passed.sort()].join('\n'))}`;
  return new FolderFiles({ repo, files, disk, unreadable, identity, ignored: ListedIgnored.of(passed) });
}

interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'link' | 'directory' | 'other';
}

/** Synchronous on purpose: for many small files that is several times faster than promises. */
function entriesOf(disk: Disk, folder: string, unreadable: ViewTrouble[]): FolderEntry[] {
  try {
    const entries = readdirSync(disk.place(folder), { withFileTypes: true, encoding: 'buffer' });
    return entries.map((entry) => {
      const raw = entry.name;
      const name = decodeName(raw);
      const path = folder === '' ? name : `${folder}/${name}`;
      disk.rememberChild(folder, path, raw);
      const kind = entry.isDirectory()
        ? 'directory'
        : entry.isSymbolicLink()
          ? 'link'
          : entry.isFile()
            ? 'file'
            : 'other';
      return { name, path, kind };
    });
  } catch (error) {
    const detail = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (folder === '')
      throw new KarmaError('KARMA_UNREADABLE', `${disk.root} cannot be read (${detail})`, {
        hint: 'run Karma as a user who may read the folder',
        details: { folder: disk.root },
        cause: error,
      });
    unreadable.push({ path: folder, kind: 'unreadable', detail });
    return [];
  }
}

interface FolderParts {
  readonly repo: string;
  readonly files: ReadonlyMap<string, IndexedFile>;
  readonly disk: Disk;
  readonly unreadable: readonly ViewTrouble[];
  readonly identity: string;
  /** Packages that were installed are passed over, and are zipped all the same. */
  readonly ignored: IgnoredPaths | undefined;
}

class FolderFiles extends IndexedView implements RepositoryView {
  readonly identity: string;
  readonly #files: ReadonlyMap<string, IndexedFile>;
  readonly #content: DiskContent;
  readonly #unreadable: readonly ViewTrouble[];

  constructor({ repo, files, disk, unreadable, identity, ignored }: FolderParts) {
    const content = new DiskContent(disk, new TextStore());
    super({ repo, revision: 'worktree', repoRoot: undefined, files, content, ignored });
    this.identity = identity;
    this.#files = files;
    this.#content = content;
    this.#unreadable = unreadable;
  }

  preload(): Promise<void> {
    return Promise.resolve();
  }

  troubles(): readonly ViewTrouble[] {
    const outside = linksOutside(this.#files, this.#content).map(outsideTrouble);
    return [...outside, ...this.#unreadable, ...this.#content.troubles()].sort((a, b) => byCodeUnit(a.path, b.path));
  }
}
