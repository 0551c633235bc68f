import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { Person } from '../../model/person.ts';
import { commitTime } from './commit-time.ts';
import { type GitCall, gitAsync, gitError, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import { decodeName } from './tree-listing.ts';

/**
 * Commits that nobody has checked out: content laid over a base and kept under a ref. Made of objects alone: no work tree and no
 * index is touched, no hook and no filter runs, and until a ref names it a commit is as good as not there.
 */

/** What becomes of one file; paths from the repository's top. */
export interface FileEdit {
  readonly path: string;
  /** Undefined: it goes. */
  readonly bytes?: Uint8Array;
  readonly executable?: boolean;
}

/** An entry of a tree that differs, with what it is on each side: `100644`, `120000`, `000000` where it is not there. */
export interface TreeChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The blob of the later side. */
  readonly oid: string;
}

export interface CommitText {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Who meant it. */
  readonly author: Person;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly message: string;
  /** Who writes it down, where that is another. */
  readonly committer?: Person & { readonly at: string };
}

/** Puts a tree together in an index of its own, a file that whoever calls makes and takes away. */
export class TreeDraft {
  readonly #repository: Repository;
  readonly #index: string;

  private constructor(repository: Repository, index: string) {
    this.#repository = repository;
    this.#index = index;
  }

  /** Begins with all that a commit or tree holds. */
  static async of(repository: Repository, base: string, index: string): Promise<TreeDraft> {
    const draft = new TreeDraft(repository, index);
    await draft.#git(['read-tree', base]);
    return draft;
  }

  async edit(edits: readonly FileEdit[], modeOf: (path: string) => string | undefined): Promise<void> {
    const oids = await writeBlobs(
      this.#repository,
      edits.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes])),
    );
    let next = 0;
    await this.#put(
      edits.map(({ path, bytes, executable }) => {
        if (bytes === undefined) return { path };
        const mode = executable === undefined ? (modeOf(path) ?? '100644') : executable ? '100755' : '100644';
        return { path, mode, oid: oids[next++] ?? '' };
      }),
    );
  }

  /**
   * Takes paths as they lie in the work tree. What Git would do to line ends is done; a path that a filter would handle is refused,
   * since a filter is a program.
   */
  async takeWorktree(paths: readonly string[]): Promise<void> {
    const { root, trustsModes } = this.#repository;
    await this.#mustBePlain(paths);
    const entries: IndexEntry[] = [];
    const files: { readonly path: string; readonly mode: string | undefined }[] = [];
    for (const path of paths) {
      const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
      if (stat === undefined) entries.push({ path });
      else if (stat.isSymbolicLink()) {
        const [oid = ''] = await writeBlobs(this.#repository, [readlinkSync(join(root, path), 'buffer')]);
        entries.push({ path, mode: '120000', oid });
      } else if (stat.isFile())
        files.push({ path, mode: trustsModes ? ((stat.mode & 0o100) === 0 ? '100644' : '100755') : undefined });
      else throw notPlain(path, 'a folder of its own repository, or no file at all');
    }
    const known = await this.#modes(files.flatMap(({ path, mode }) => (mode === undefined ? [path] : [])));
    if (files.length > 0) {
      const input = files.map(({ path }) => `${path}\n`).join('');
      const answer = await gitAsync(this.#repository, ['hash-object', '-w', '--stdin-paths'], { input });
      const oids = succeeded(this.#repository, answer).toString().trim().split('\n');
      for (const [at, { path, mode }] of files.entries())
        entries.push({ path, mode: mode ?? known.get(path) ?? '100644', oid: oids[at] ?? '' });
    }
    await this.#put(entries);
  }

  /** Takes a patch as `git apply` reads it. Answers what git says where it does not fit. */
  async apply(patch: string, folder: string): Promise<string | undefined> {
    const within = folder === '' ? [] : [`--directory=${folder}`];
    const flags = ['apply', '--cached', '--whitespace=nowarn', ...within, '-'];
    const answer = await gitAsync(this.#repository, flags, { input: patch, index: this.#index });
    return answer.code === 0
      ? undefined
      : answer.stderr
          .trim()
          .split('\n')[0]
          ?.replace(/^error: /, '') || 'it does not fit';
  }

  async tree(): Promise<string> {
    return (await this.#git(['write-tree'])).toString().trim();
  }

  async #mustBePlain(paths: readonly string[]): Promise<void> {
    const odd = paths.find((path) => path.includes('\n'));
    if (odd !== undefined) throw notPlain(odd, 'a name with a line break in it');
    const answer = await gitAsync(this.#repository, ['check-attr', '-z', '--stdin', 'filter'], {
      input: paths.map((path) => `${path}\0`).join(''),
    });
    const fields = succeeded(this.#repository, answer).toString().split('\0');
    for (let at = 0; at + 2 < fields.length; at += 3)
      if (!['unspecified', 'unset', ''].includes(fields[at + 2] ?? ''))
        throw notPlain(fields[at] ?? '', `handled by the filter ${fields[at + 2]}, which is a program`);
  }

  async #modes(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (paths.length === 0) return new Map();
    const listed = (await this.#git(['ls-files', '-s', '-z', '--', ...paths])).toString().split('\0');
    return new Map(
      listed.flatMap((line) => (/^(\d+) [^\t]*\t(.*)$/s.exec(line)?.slice(1, 3).reverse() as never) ?? []),
    );
  }

  async #put(entries: readonly IndexEntry[]): Promise<void> {
    const gone = '0'.repeat(this.#repository.hash === 'sha1' ? 40 : 64);
    // What goes first makes room: a file may take the place of a folder.
    const ordered = [...entries].sort((a, b) => Number('oid' in a) - Number('oid' in b));
    const input = ordered
      .map((one) => ('oid' in one ? `${one.mode} ${one.oid}\t${one.path}\0` : `0 ${gone}\t${one.path}\0`))
      .join('');
    if (input !== '') await this.#git(['update-index', '--replace', '-z', '--index-info'], { input });
  }

  async #git(args: readonly string[], call: GitCall = {}): Promise<Buffer> {
    return succeeded(this.#repository, await gitAsync(this.#repository, args, { ...call, index: this.#index }));
  }
}

type IndexEntry = { readonly path: string } | { readonly path: string; readonly mode: string; readonly oid: string };

function notPlain(path: string, what: string): KarmaError {
  return new KarmaError('KARMA_INPUT_INVALID', `${path} cannot be taken as it lies in the work tree: it is ${what}`, {
    hint: 'commit it to a branch with git, and propose the branch: `karma change propose --from <branch>`',
    details: { file: path },
  });
}

/** So many at a time are written by processes of their own. */
const atOnce = 8;

async function writeBlobs(repository: Repository, contents: readonly Uint8Array[]): Promise<readonly string[]> {
  const oids: string[] = [];
  for (let at = 0; at < contents.length; at += atOnce) {
    const some = contents.slice(at, at + atOnce).map(async (bytes) => {
      const answer = await gitAsync(repository, ['hash-object', '-w', '--stdin'], { input: Buffer.from(bytes) });
      return succeeded(repository, answer).toString().trim();
    });
    oids.push(...(await Promise.all(some)));
  }
  return oids;
}

/** Writes a commit, which nothing names yet. Equal texts are one commit. */
export async function writeCommit(repository: Repository, { tree, parents, ...text }: CommitText): Promise<string> {
  const { author, at, committer = { ...author, at } } = text;
  const lines = [
    `tree ${tree}`,
    ...parents.map((one) => `parent ${one}`),
    `author ${signature(author, at)}`,
    `committer ${signature(committer, committer.at)}`,
    '',
    `${text.message.replaceAll('\0', ' ').trim()}\n`,
  ];
  const answer = await gitAsync(repository, ['hash-object', '-t', 'commit', '-w', '--stdin'], {
    input: lines.join('\n'),
  });
  return succeeded(repository, answer).toString().trim();
}

/** Marks that Git takes off the ends of a name: one of nothing else would be empty. */
const crud = /^[\s.,:;<>"\\']+|[\s.,:;<>"\\']+$/g;

function signature(person: Person, at: string): string {
  return `${personInWords(person)} ${Math.floor(Date.parse(at) / 1000)} +0000`;
}

/** `Ada <ada@example.com>`, on one line whatever the name is. */
export function personInWords({ name, address = '' }: Person): string {
  // What would end the name early, or begin another line.
  const plain = (text: string): string => text.replace(/[<>\p{Cc}]/gu, ' ').replace(crud, '');
  return `${plain(name) || 'unknown'} <${plain(address).replace(/\s/g, '')}>`;
}

/** The tree of a commit. */
export async function treeOf(repository: Repository, commit: string): Promise<string> {
  const answer = await gitAsync(repository, ['rev-parse', '--verify', '--quiet', `${commit}^{tree}`]);
  return succeeded(repository, answer).toString().trim();
}

/** What differs between two trees, as Git has it. Sorted by path. */
export async function treeChanges(
  repository: Repository,
  before: string,
  after: string,
): Promise<readonly TreeChange[]> {
  const flags = ['-r', '-z', '--no-renames', '--no-ext-diff', '--no-textconv', '--raw', '--no-abbrev'];
  const answer = await gitAsync(repository, ['diff-tree', ...flags, before, after]);
  const bytes = succeeded(repository, answer);
  const changes: TreeChange[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.indexOf(0, at);
    const end = bytes.indexOf(0, head + 1);
    if (head < 0 || end < 0) break;
    const [was = '', is = '', , oid = ''] = bytes.toString('latin1', at + 1, head).split(' ');
    changes.push({ path: decodeName(bytes.subarray(head + 1, end)), before: was, after: is, oid });
    at = end + 1;
  }
  return changes;
}

/**
 * Moves a ref from where it stands, `undefined` for one that is not there, to a commit. False when it stands elsewhere by now.
 * @throws KARMA_GIT
 */
export async function moveRef(
  repository: Repository,
  ref: string,
  to: string,
  from: string | undefined,
): Promise<boolean> {
  const none = '0'.repeat(to.length);
  const answer = await gitAsync(repository, ['update-ref', '--no-deref', ref, to, from ?? none]);
  if (answer.code === 0) return true;
  if (/cannot lock ref|reference already exists|is at [0-9a-f]+ but expected/.test(answer.stderr)) return false;
  throw gitError(repository, answer.stderr);
}

/** The refs below a folder of refs, with the commits that they name. */
export async function refsBelow(repository: Repository, folder: string): Promise<ReadonlyMap<string, string>> {
  const answer = await gitAsync(repository, ['for-each-ref', '--format=%(refname) %(objectname)', folder]);
  const lines = succeeded(repository, answer).toString().split('\n').filter(Boolean);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}

/** Which of these commits the repository holds. */
export async function commitsHeld(repository: Repository, commits: readonly string[]): Promise<ReadonlySet<string>> {
  if (commits.length === 0) return new Set();
  const answer = await gitAsync(repository, ['cat-file', '--batch-check'], { input: `${commits.join('\n')}\n` });
  const told = answer.stdout.toString().split('\n');
  return new Set(commits.filter((commit, at) => told[at]?.startsWith(`${commit} commit `) === true));
}

/** Whether one commit is part of the history of another. */
export async function isWithin(repository: Repository, early: string, late: string): Promise<boolean> {
  return (await gitAsync(repository, ['merge-base', '--is-ancestor', early, late])).code === 0;
}

/** The difference of two commits as text: what a person reads. */
export async function diffText(repository: Repository, before: string, after: string, most: number): Promise<string> {
  const flags = [
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--find-renames',
    '--src-prefix=a/',
    '--dst-prefix=b/',
  ];
  const answer = await gitAsync(repository, ['diff', ...flags, before, after, '--'], { most });
  return succeeded(repository, answer).toString();
}

export type Merged =
  | { readonly tree: string }
  /** The files that nobody can put together without being asked. */
  | { readonly conflicts: readonly string[] }
  /** Why Git was not asked, or could not say. */
  | { readonly untold: string };

/** What Git makes of two lines of history without asking anybody. Objects are written, nothing names them. */
export async function mergeTrees(repository: Repository, ours: string, theirs: string): Promise<Merged> {
  const driven = await drivenBetween(repository, ours, theirs);
  if (driven !== undefined) return { untold: driven };
  const flags = ['merge-tree', '--write-tree', '--no-messages', '--name-only', '-z'];
  const answer = await gitAsync(repository, [...flags, ours, theirs]);
  const [tree = '', ...files] = answer.stdout.toString().split('\0').filter(Boolean);
  if (answer.code === 0) return { tree };
  if (answer.code === 1) return { conflicts: [...new Set(files)] };
  if (/unrelated histories/.test(answer.stderr)) return { untold: 'the two share no history' };
  if (/unknown option|not a git command|^usage:/m.test(answer.stderr))
    return { untold: 'this needs Git 2.38 or newer' };
  throw gitError(repository, answer.stderr);
}

/** Attributes that name what Git does itself. */
const ownMerges: ReadonlySet<string> = new Set(['unspecified', 'set', 'unset', 'text', 'binary', 'union']);

/**
 * Why Git may not be asked to put two trees together: a file that differs is merged by a program. Undefined: it is not. The same
 * attributes are looked at that a merge would go by.
 */
async function drivenBetween(repository: Repository, ours: string, theirs: string): Promise<string | undefined> {
  const drivers = await gitAsync(repository, [
    'config',
    '--null',
    '--name-only',
    '--get-regexp',
    '^merge\\..*\\.driver$',
  ]);
  if (drivers.code !== 0) return undefined;
  const fallback = await gitAsync(repository, ['config', '--get', 'merge.default']);
  if (fallback.code === 0 && !ownMerges.has(fallback.stdout.toString().trim()))
    return 'a merge driver is configured for every file, and that is a program';
  const paths = (await treeChanges(repository, ours, theirs)).map(({ path }) => path);
  if (paths.length === 0) return undefined;
  const answer = await gitAsync(repository, ['check-attr', '-z', '--stdin', 'merge'], {
    input: paths.map((path) => `${path}\0`).join(''),
  });
  const fields = succeeded(repository, answer).toString().split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3)
    if (!ownMerges.has(fields[at + 2] ?? ''))
      return `${fields[at]} is merged by the driver ${fields[at + 2]}, and that is a program`;
  return undefined;
}

/**
 * What Git makes of one step, from a base to a head, on another commit, whatever the three have to do with each other: a cherry-pick
 * that touches nothing. Commits of the three trees alone stand in for them.
 */
export async function replayTree(
  repository: Repository,
  on: string,
  { base, head }: { readonly base: string; readonly head: string },
): Promise<Merged> {
  const bare = async (of: string, parents: readonly string[]): Promise<string> => {
    const tree = await treeOf(repository, of);
    return writeCommit(repository, {
      tree,
      parents,
      author: { name: 'karma' },
      at: '1970-01-01T00:00:00Z',
      message: 'a tree',
    });
  };
  const root = await bare(base, []);
  return mergeTrees(repository, await bare(on, [root]), await bare(head, [root]));
}

/** A file as a tree holds it. */
export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
}

/** Every file of a commit, by its path from the repository's top. */
export async function treeFiles(repository: Repository, commit: string): Promise<ReadonlyMap<string, TreeFile>> {
  const answer = await gitAsync(repository, ['ls-tree', '-r', '-z', '--full-tree', commit]);
  const files = new Map<string, TreeFile>();
  const bytes = succeeded(repository, answer);
  for (let at = 0; at < bytes.length; ) {
    const tab = bytes.indexOf(9, at);
    const end = bytes.indexOf(0, tab);
    if (tab < 0 || end < 0) break;
    const [mode = '', , oid = ''] = bytes.toString('latin1', at, tab).split(' ');
    files.set(decodeName(bytes.subarray(tab + 1, end)), { mode, oid });
    at = end + 1;
  }
  return files;
}

/** Blobs byte for byte, in the order asked for. */
export async function blobsOf(repository: Repository, oids: readonly string[]): Promise<readonly Uint8Array[]> {
  const contents: Uint8Array[] = [];
  for (let at = 0; at < oids.length; at += atOnce) {
    const some = oids.slice(at, at + atOnce).map(async (oid) => {
      const answer = await gitAsync(repository, ['cat-file', 'blob', oid]);
      return new Uint8Array(succeeded(repository, answer));
    });
    contents.push(...(await Promise.all(some)));
  }
  return contents;
}

/** A commit of a ref's past, with the one before it. */
export interface PastCommit {
  readonly commit: string;
  readonly parent: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly author: string;
  readonly subject: string;
}

/** The newest commits of a line, the newest first: what happened on it, merges as what they brought. The first of all has none before. */
export async function firstParents(repository: Repository, from: string, most: number): Promise<readonly PastCommit[]> {
  const flags = [
    'log',
    '-z',
    '--first-parent',
    '--no-color',
    '--no-show-signature',
    `-${most}`,
    '--format=%H%n%P%n%ct%n%an%n%s',
  ];
  const answer = await gitAsync(repository, [...flags, from, '--']);
  const entries = succeeded(repository, answer).toString().split('\0').filter(Boolean);
  return entries.flatMap((entry) => {
    const [commit = '', parents = '', seconds = '0', author = '', subject = ''] = entry.split('\n');
    const [parent = ''] = parents.split(' ');
    return parent === '' ? [] : [{ commit, parent, at: commitTime(Number(seconds)), author, subject }];
  });
}
