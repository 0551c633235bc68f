import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { readGitIndex } from '../git/git-index.ts';
import { gitAsync } from '../git/git-process.ts';
import type { Repository } from '../git/git-repository.ts';
import { readPlainFile } from '../git/plain-file.ts';
import { decodeName } from '../git/tree-listing.ts';
import { listUntracked, type Untracked } from '../views/untracked.ts';

/** Times on some disks count whole seconds, or two: what changed as lately may change once more and look the same. */
const coarsestMs = 2_000;

interface Kept {
  readonly listing: Untracked;
  /** Folders that git looked into and files that it goes by, each as it was before git looked. */
  readonly marks: ReadonlyMap<string, string>;
  /** The names that were tracked. */
  readonly names: readonly string[];
  index: string;
}

/**
 * What lies untracked in a work tree, listed once: it is another listing only where a folder that holds tracked files has other
 * entries, where other files are tracked, or where some `.gitignore` or setting of Git is another. To look at those costs a
 * tenth of a walk.
 */
export class ResidentUntracked {
  readonly #now: () => number;
  #kept: Kept | undefined;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  async list(repository: Repository): Promise<Untracked> {
    const kept = this.#kept;
    if (kept !== undefined && stands(repository, kept, this.#now())) return kept.listing;
    this.#kept = undefined;
    const now = this.#now();
    const index = trackedIn(repository);
    const [listing, excludes] = await Promise.all([listUntracked(repository), excludesOf(repository)]);
    if (index === undefined || excludes === undefined || !listing.isBounded) return listing;
    // What was listed was there after the marks, or shows in the next ones: these are as old as the listing is at most.
    const marks = new Map<string, string>();
    for (const place of placesOf(repository, index.names, listing, excludes)) {
      const mark = markOf(place, now);
      if (mark === undefined) return listing;
      marks.set(place, mark);
    }
    if (indexMark(repository) === index.mark) this.#kept = { listing, marks, names: index.names, index: index.mark };
    return listing;
  }
}

/** What lies untracked in a work tree just now, from what is held of it where that stands. */
export function untrackedIn(repository: Repository): Promise<Untracked> {
  const listing = repository.resident?.untracked(repository) ?? listUntracked(repository);
  // Whoever asks hears of a failure; until then it must not count as unhandled.
  listing.catch(() => undefined);
  return listing;
}

/** What a folder or file is told by; undefined where it changed too lately to be told by its time. */
function markOf(place: string, before: number): string | undefined {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  const changed = Math.max(stat.mtimeMs, stat.ctimeMs);
  return changed > before - coarsestMs ? undefined : `${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino} ${stat.mode}`;
}

function stands(repository: Repository, kept: Kept, now: number): boolean {
  for (const [place, mark] of kept.marks) if (markOf(place, now) !== mark) return false;
  const mark = indexMark(repository);
  if (mark === kept.index) return true;
  const tracked = trackedIn(repository);
  if (tracked === undefined || !isSame(tracked.names, kept.names)) return false;
  kept.index = tracked.mark;
  return true;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, at) => name === other[at]);
}

/** Git writes another file in its place. */
function indexMark({ gitDir }: Repository): string {
  const stat = lstatSync(join(gitDir, 'index'), { throwIfNoEntry: false });
  return stat === undefined ? 'nothing' : `${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino} ${stat.size}`;
}

function trackedIn(repository: Repository): { readonly mark: string; readonly names: readonly string[] } | undefined {
  const mark = indexMark(repository);
  try {
    const index = readGitIndex(readPlainFile(join(repository.gitDir, 'index')), repository.hash);
    if (index === undefined || index.entries.some(({ rawPath }) => rawPath !== undefined)) return undefined;
    return { mark, names: index.entries.map(({ path }) => path) };
  } catch {
    return undefined;
  }
}

/** The file that `core.excludesFile` names; undefined where git does not say. */
async function excludesOf(repository: Repository): Promise<string | undefined> {
  if (Object.keys(process.env).some((name) => name.startsWith('GIT_CONFIG'))) return undefined;
  const answer = await gitAsync(repository, ['config', '--type=path', '--get', 'core.excludesFile']);
  if (answer.code === 1) return '';
  return answer.code === 0 ? answer.stdout.toString().trim() : undefined;
}

/** Everything that decides what is listed. */
function* placesOf(
  { root, gitDir, commonDir }: Repository,
  tracked: readonly string[],
  { names, hidden }: Untracked,
  excludes: string,
): Generator<string> {
  const { env } = process;
  const home = env['HOME'] || homedir();
  const settings = env['XDG_CONFIG_HOME'] || join(home, '.config');
  yield* [join(commonDir, 'config'), join(gitDir, 'config.worktree'), join(home, '.gitconfig'), '/etc/gitconfig'];
  yield* [join(gitDir, 'info', 'exclude'), join(commonDir, 'info', 'exclude')];
  yield* [join(settings, 'git', 'config'), join(settings, 'git', 'ignore')];
  if (excludes !== '') yield join(root, excludes);
  const folders = new Set(['']);
  for (const path of tracked)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at);
      if (folders.has(folder)) break;
      folders.add(folder);
    }
  for (const folder of folders) yield folder === '' ? root : `${root}/${folder}`;
  for (const path of [...tracked, ...[...names, ...hidden].map(decodeName)])
    if (path.endsWith('.gitignore')) yield `${root}/${path}`;
}
