import type { ReadSet } from '../model/claim.ts';
import { type ContentsPlace, contentsMark, contentsPlace, digestOfContents, parseContents } from '../model/contents.ts';
import { sha256 } from '../model/digest.ts';
import { type DirectoryEntry, type FileView, filePlace, ignoredByGit, type Links } from '../model/file-view.ts';

/** A view that remembers what was asked of it, answers that were "no" included. */
export interface RecordedView {
  readonly view: FileView;
  /** What was touched so far, keys sorted. */
  readSet(): Pick<ReadSet, 'files' | 'folders'>;
  /** The same, added to what others touched; not sorted. */
  addTo(files: Map<string, string | null>, folders: Map<string, string>): void;
}

/** Stands for a folder that was looked for and is not there. */
const noFolder = 'absent';

const allLinks = '/**@';

/** The place of a read-set that says where a link leads. */
export function linkPlace(link: string): string {
  return `${link}${allLinks}`;
}

/** Digests of folder listings, by view or names: thousands of components look into the same folders. */
const listings = new WeakMap<object, Map<string, string>>();

/**
 * Wraps a view so that one component's evaluation leaves its read-set. Whether a file exists counts as reading it: that
 * claims again a little too often, never too seldom. A question costs one look into a map more than without.
 */
export function recordReads(view: FileView): RecordedView {
  const files = new Map<string, string | null>();
  const folders = new Map<string, string>();
  const { links } = view;
  const file = (path: string) => {
    if (files.has(path)) return;
    files.set(path, heldAt(view, path));
    const real = links === undefined ? undefined : behindLinks(path);
    if (real !== undefined) files.set(real, view.digest(real) ?? null);
  };
  const folder = (key: string) => {
    if (folders.has(key)) return;
    folders.set(key, folderDigest(view, key));
    const [, path = '', kind = ''] = /^(.*?)(\/\*\*|\/)?$/.exec(key) ?? [];
    const real = links === undefined ? undefined : behindLinks(path);
    if (real !== undefined) folders.set(`${real}${kind}`, folderDigest(view, `${real}${kind}`));
  };
  /** What lies behind a link is read under its own name too, and so is where each link on the way leads. */
  const behindLinks = (path: string): string | undefined => {
    const { real, through = [] } = links?.follow(path) ?? {};
    for (const link of through) folders.set(linkPlace(link), folderDigest(view, linkPlace(link)));
    return through.length === 0 ? undefined : real;
  };
  let recordedIgnored: { readonly of: FileView['ignored']; readonly as: NonNullable<FileView['ignored']> } | undefined;
  const recorded: FileView = {
    repo: view.repo,
    revision: view.revision,
    repoRoot: view.repoRoot,
    read(path) {
      file(path);
      return view.read(path);
    },
    isFile(path) {
      file(path);
      return view.isFile(path);
    },
    isDirectory(path) {
      folder(`${path}/`);
      return view.isDirectory(path);
    },
    list(path) {
      folder(path);
      return view.list(path);
    },
    digest(path) {
      file(path);
      return view.digest(path);
    },
    setBeside(path) {
      file(path);
      return view.setBeside?.(path);
    },
    get ignored() {
      const { ignored } = view;
      if (ignored === undefined) return undefined;
      // It is asked for at each word of a text, and is mostly the same.
      if (recordedIgnored?.of === ignored) return recordedIgnored.as;
      const as: NonNullable<FileView['ignored']> = {
        ...ignored,
        has(path: string) {
          file(path);
          folder(`${path}/`);
          return ignored.has(path);
        },
        below(under: string, pattern?: string) {
          folder(`${under}/**`);
          return ignored.below(under, pattern);
        },
      };
      recordedIgnored = { of: ignored, as };
      return as;
    },
    unfetched(path) {
      // Another answer needs other folders above it: a submodule that is not there is an empty one.
      for (let at = path; at.includes('/'); ) {
        at = at.slice(0, at.lastIndexOf('/'));
        folder(at);
        folder(`${at}/`);
      }
      return view.unfetched?.(path);
    },
    files(under = '') {
      folder(`${under}/**`);
      return view.files(under);
    },
    noteContents(place) {
      const known = folders.get(place);
      if (known !== undefined) return known;
      // Below another recorder it is that one that counts: the files themselves are not looked at one by one.
      const digest = view.noteContents?.(place) ?? folderDigest(view, place);
      folders.set(place, digest);
      const contents = parseContents(place);
      folder(contentsMark(contents?.folder ?? ''));
      if (links !== undefined && contents !== undefined)
        for (const link of linksWithin(view, contents)) {
          if (view.isDirectory(link))
            recorded.noteContents?.(contentsPlace({ folder: link, pattern: '*', all: contents.all }));
          const real = behindLinks(link);
          if (real !== undefined && view.isDirectory(real))
            recorded.noteContents?.(contentsPlace({ folder: real, pattern: '*', all: contents.all }));
          else file(link);
        }
      return digest;
    },
    get links() {
      return links === undefined ? undefined : recordedLinks(links, (key) => folder(key));
    },
    realPath(path) {
      behindLinks(path);
      // What is no link now may become one, also where nothing is yet: then the path leads elsewhere.
      for (let at = path; at !== '' && !at.endsWith('..'); at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
        folder(linkPlace(at));
      return view.realPath?.(path);
    },
  };
  return {
    view: recorded,
    readSet: () => ({ files: sortedRecord(files, view.repo), folders: sortedRecord(folders, view.repo) }),
    addTo(allFiles, allFolders) {
      for (const [path, digest] of files) allFiles.set(filePlace(view.repo, path), digest);
      for (const [key, digest] of folders) allFolders.set(filePlace(view.repo, key), digest);
    },
  };
}

/** What a file holds; behind a link also where that leads, since what is read there is read under another name too. */
function heldAt(view: FileView, path: string): string | null {
  const digest = view.digest(path);
  if (digest === undefined) return view.ignored?.has(path) === true ? ignoredByGit : null;
  return behind(view, path, digest);
}

function behind({ links }: FileView, path: string, digest: string): string {
  if (links === undefined) return digest;
  const { real, through } = links.follow(path);
  return through.length === 0 ? digest : `${digest} -> ${real}`;
}

/**
 * Where one link leads and over which others, or of the root where all of them do. Two ways to one end are two digests: who
 * goes another way reads other links, and has to say so.
 */
function linksDigest({ links }: FileView, path: string): string {
  if (path !== '') {
    const { real = noFolder, through = [] } = links === undefined ? { real: path } : links.follow(path);
    return through.length < 2 ? real : [...through, real].join('\0');
  }
  return sha256(
    [...(links?.targets ?? [])]
      .map(([link, target]) => `${link}\0${target}`)
      .sort()
      .join('\n'),
  );
}

/** Who looks through all links is told when any of them changes. */
function recordedLinks(links: Links, note: (key: string) => void): Links {
  return {
    get targets() {
      note(allLinks);
      return links.targets;
    },
    follow(path) {
      const followed = links.follow(path);
      for (const link of followed.through) note(linkPlace(link));
      return followed;
    },
  };
}

/** Links below a folder that lead to something which is among its contents. */
function linksWithin(view: FileView, { folder }: ContentsPlace): string[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const targets = view.links?.targets;
  return targets === undefined ? [] : [...targets.keys()].filter((path) => path.startsWith(prefix));
}

/** Whether everything in a read-set is still as it was. O(size of the read-set). */
export function readSetHolds(
  readSet: Pick<ReadSet, 'files' | 'folders'>,
  repos: ReadonlyMap<string, FileView>,
): boolean {
  for (const [place, digest] of Object.entries(readSet.files)) if (fileAt(place, repos) !== digest) return false;
  for (const [place, digest] of Object.entries(readSet.folders)) if (folderAt(place, repos) !== digest) return false;
  return true;
}

/** A file as a read-set writes it down: `null` when there is none; undefined when its repository is out of reach. */
export function fileAt(place: string, repos: ReadonlyMap<string, FileView>): string | null | undefined {
  const { view, path } = viewOf(place, repos);
  return view === undefined ? undefined : heldAt(view, path);
}

/** A folder as a read-set writes it down; undefined when its repository is out of reach. */
export function folderAt(place: string, repos: ReadonlyMap<string, FileView>): string | undefined {
  const { view, path } = viewOf(place, repos);
  return view === undefined ? undefined : folderDigest(view, path);
}

/** One read-set out of several, as when a component's evaluation spans repositories. */
export function mergeReadSets(parts: Iterable<Pick<ReadSet, 'files' | 'folders'>>): Pick<ReadSet, 'files' | 'folders'> {
  const files = new Map<string, string | null>();
  const folders = new Map<string, string>();
  for (const part of parts) {
    for (const [place, digest] of Object.entries(part.files)) files.set(place, digest);
    for (const [place, digest] of Object.entries(part.folders)) folders.set(place, digest);
  }
  return { files: sortedRecord(files, ''), folders: sortedRecord(folders, '') };
}

/** The repository and path of a place: `repo:path`, else a path of the main one. */
function viewOf(
  place: string,
  repos: ReadonlyMap<string, FileView>,
): { readonly view: FileView | undefined; readonly path: string } {
  const colon = place.indexOf(':');
  const named = colon > 0 ? repos.get(place.slice(0, colon)) : undefined;
  return named === undefined ? { view: repos.get(''), path: place } : { view: named, path: place.slice(colon + 1) };
}

/** `path`: its names; `path/`: only whether it is there; `path/**`: every file name below it; else contents. */
function folderDigest(view: FileView, key: string): string {
  const contents = parseContents(key);
  if (contents === undefined && key.endsWith('/**#')) return 'read';
  if (key.endsWith(allLinks)) return linksDigest(view, key.slice(0, -allLinks.length));
  const names = contents === undefined ? (view.names ?? view) : view;
  const known = listings.get(names) ?? new Map<string, string>();
  listings.set(names, known);
  const before = known.get(key);
  if (before !== undefined) return before;
  const digest = contents === undefined ? listFolder(view, key) : digestOfContents(view, contents);
  known.set(key, digest);
  return digest;
}

function listFolder(view: FileView, key: string): string {
  if (key.endsWith('/**')) {
    const folder = key.slice(0, -3);
    const { ignored } = view;
    // By names from the folder on, so that a folder which moves as a whole stays the same.
    const within = (path: string) => (folder === '' ? path : path.slice(folder.length + 1));
    const beside =
      ignored === undefined
        ? []
        : [...ignored.below(folder).map(within), ...(ignored.rules === undefined ? [] : [ignored.rules])];
    const names = view.files(folder).map(within);
    const lines = beside.length === 0 ? names : [...names, '', ...beside];
    return behind(view, folder, sha256(lines.join('\0')));
  }
  if (key.endsWith('/')) {
    const folder = key.slice(0, -1);
    if (view.isDirectory(folder)) return behind(view, folder, 'present');
    return view.ignored?.has(folder) === true ? ignoredByGit : noFolder;
  }
  const beside = ignoredIn(view, key);
  if (!view.isDirectory(key)) return beside.length === 0 ? noFolder : sha256(['', ...beside].join('\0'));
  const lines = view.list(key).map(entryLine);
  return behind(view, key, sha256((beside.length === 0 ? lines : [...lines, '', ...beside]).join('\0')));
}

/** Names that Git ignores in a folder: a bare name in a text may be one of them. */
function ignoredIn({ ignored }: FileView, folder: string): string[] {
  if (ignored === undefined) return [];
  const prefix = folder === '' ? 0 : folder.length + 1;
  const names = ignored.below(folder).map((path) => path.slice(prefix).replace(/\/.*$/, ''));
  return [...new Set(names), ...(ignored.rules === undefined ? [] : [ignored.rules])];
}

function entryLine({ name, kind }: DirectoryEntry): string {
  return kind === 'directory' ? `${name}/` : name;
}

function sortedRecord<Value>(entries: ReadonlyMap<string, Value>, repo: string): Record<string, Value> {
  const record: Record<string, Value> = {};
  // Without a comparison of ours the engine sorts texts by code unit itself, several times as fast.
  for (const key of [...entries.keys()].sort()) {
    const value = entries.get(key);
    if (value !== undefined) record[filePlace(repo, key)] = value;
  }
  return record;
}
