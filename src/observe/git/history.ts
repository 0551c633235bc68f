import { commitTime } from './commit-time.ts';
import { gitAsync, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import { residentCommits } from './resident-history.ts';

/** One commit as history tells it: who, when, in which words, and which files. Merges are left out: their parts are told. */
export interface Commit {
  readonly id: string;
  readonly author: string;
  /** When it was written, ISO 8601, UTC. */
  readonly at: string;
  readonly subject: string;
  readonly changes: readonly FileChange[];
}

export interface FileChange {
  readonly kind: 'added' | 'changed' | 'removed' | 'renamed';
  /** From the repository's root, as it is called after the commit. */
  readonly path: string;
  /** What it was called before, when it was renamed. */
  readonly from?: string;
}

export interface HistoryQuery {
  /** A commit id. */
  readonly start: string;
  /** A commit whose history is known already; passed over when it is not there any more. */
  readonly known?: string;
  /** At most so many commits. */
  readonly limit: number;
}

/**
 * `\x01` begins a commit where a status would stand, and `\x02` parts its fields. Either may stand in the name of a file or of a
 * person: what git itself prints comes first, and a path is known by its place.
 */
const format = '--format=%x01%H%x02%aI%x02%an%x02%s';
/** Whatever the settings of a repository say about encodings and the order of files. */
const alike = ['--encoding=UTF-8', '-O/dev/null'];
const shown = ['-z', '--name-status', '--find-renames', '--no-merges', '--no-ext-diff', '--no-textconv'];
const log = ['log', ...shown, ...alike, format];

/** The newest commits of a repository with all they touch, newest first, in one pass. */
export async function commitsOf(
  repository: Repository,
  { start, known, limit }: HistoryQuery,
): Promise<readonly Commit[]> {
  const { resident } = repository;
  const told =
    resident === undefined || known === undefined ? undefined : residentCommits(resident, { start, known, limit });
  if (told !== undefined) return told;
  const ask = (range: readonly string[]) =>
    gitAsync(repository, [...log, `--max-count=${limit}`, '--end-of-options', start, ...range]);
  const answer = await ask(known === undefined ? [] : [`^${known}`]);
  const isGone = answer.code !== 0 && known !== undefined && !(await isThere(repository, known));
  return parseLog(succeeded(repository, isGone ? await ask([]) : answer).toString('utf8'));
}

async function isThere(repository: Repository, commit: string): Promise<boolean> {
  return (await gitAsync(repository, ['cat-file', '-e', `${commit}^{commit}`])).code === 0;
}

/** More moves than this in the life of one folder are not followed. */
const mostMoves = 12;

/**
 * The newest commits that touched certain files or folders, newest first, through every rename: where they first appear, the
 * commit is asked where they came from, and the story goes on there. Costs two calls of git, and two more a move.
 */
export async function historyOf(
  repository: Repository,
  { start, paths, limit }: { readonly start: string; readonly paths: readonly string[]; readonly limit: number },
): Promise<readonly Commit[]> {
  const found: Commit[] = [];
  let from = start;
  let places = paths;
  for (let move = 0; move < mostMoves && places.length > 0 && found.length < limit; move++) {
    const args = [...log, `--max-count=${limit - found.length}`, '--end-of-options', from, '--', ...places];
    const answer = await gitAsync(repository, args);
    // Before the first commit of all there is nothing to ask.
    if (answer.code !== 0 && move > 0) break;
    const commits = parseLog(succeeded(repository, answer).toString('utf8'));
    found.push(...commits);
    const oldest = commits.at(-1);
    if (oldest === undefined) break;
    places = await cameFrom(repository, oldest, places);
    from = `${oldest.id}^`;
  }
  return found;
}

/** Where the files came from that a commit gave these places; none when it made them. */
async function cameFrom(repository: Repository, commit: Commit, places: readonly string[]): Promise<readonly string[]> {
  if (!commit.changes.some(({ kind }) => kind === 'added')) return [];
  const args = ['diff-tree', '-z', '-r', '--root', '--name-status', '--find-renames', '--no-commit-id', commit.id];
  const changes = parseChanges(
    succeeded(repository, await gitAsync(repository, args))
      .toString('utf8')
      .split('\0'),
  );
  const sources = changes.flatMap(({ from, path }) => (from !== undefined && isWithin(path, places) ? [from] : []));
  return [...new Set(sources)].sort();
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => place === '' || path === place || path.startsWith(`${place}/`));
}

function parseLog(text: string): Commit[] {
  const commits: Commit[] = [];
  const fields = text.split('\0');
  for (let at = 0; at < fields.length; ) {
    const [id = '', made = '', author = '', ...subject] = (fields[at] ?? '').slice(1).split('\u0002');
    const begin = at + 1;
    at = begin;
    while (at < fields.length && !fields[at]?.startsWith('\u0001'))
      at += /^\n?$/.test(fields[at] ?? '') ? 1 : /^\n?[RC]/.test(fields[at] ?? '') ? 3 : 2;
    const changes = parseChanges(
      fields.slice(begin, at).map((field, place) => (place === 0 ? field.replace(/^\n/, '') : field)),
    );
    if (id !== '') commits.push({ id, author, at: commitTime(made), subject: subject.join(' '), changes });
  }
  return commits;
}

/** `M`, path, `R100`, old path, new path, … as `-z` prints them. */
function parseChanges(fields: readonly string[]): FileChange[] {
  const changes: FileChange[] = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const status = fields[at] ?? '';
    const path = fields[at + 1] ?? '';
    if (/^[RC]/.test(status)) {
      const to = fields[at + 2] ?? '';
      changes.push(status.startsWith('R') ? { kind: 'renamed', path: to, from: path } : { kind: 'added', path: to });
      at += 3;
    } else {
      if (status !== '') changes.push({ kind: kinds[status[0] ?? ''] ?? 'changed', path });
      at += status === '' ? 1 : 2;
    }
  }
  return changes;
}

const kinds: Readonly<Record<string, FileChange['kind']>> = { A: 'added', D: 'removed' };
