import { hideInText } from '../../model/secrets/text.ts';
import type { OpenSource } from '../../observe/estate/source.ts';
import { committedText, type LineCommit, lineCommits } from '../../observe/git/line-commits.ts';
import type { EngineContext } from '../context.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import { scopeOf } from './tell-history.ts';
import { unchangedLines } from './unchanged-lines.ts';

/** The last commit that changed what is said in some lines. */
export type KeyCommit = Omit<LineCommit, 'since'>;

/** Where a key is said: lines of a file. */
export interface SaidAt {
  readonly file: string;
  readonly line: number;
  /** The last line of it. */
  readonly through?: number;
}

/** Left out where nobody can say: no history, one that begins later, a file from elsewhere. */
export interface Committed {
  readonly commit?: KeyCommit;
  /** It stands in the work tree alone. */
  readonly uncommitted?: true;
}

/** The commit of each key, in their order. Asks git once a file; what it said of a commit's file is kept. */
export async function keyCommits(
  context: EngineContext,
  estate: OpenedEstate,
  keys: readonly SaidAt[],
): Promise<readonly Committed[]> {
  const files = new Map<string, FileHistory | undefined>();
  for (const { file } of keys) if (!files.has(file)) files.set(file, await historyOf(context, estate, file));
  context.cache.flush();
  return keys.map(({ file, line, through = line }) => committedAt(files.get(file), line, through));
}

interface FileHistory {
  readonly commits: readonly (LineCommit | null | undefined)[];
  /** Each line of the file as it is read → its line in the commit. */
  readonly lines: readonly (number | null | undefined)[] | undefined;
}

async function historyOf(
  context: EngineContext,
  { observation }: OpenedEstate,
  file: string,
): Promise<FileHistory | undefined> {
  const colon = file.indexOf(':');
  const name = colon < 0 ? '' : file.slice(0, colon);
  const path = colon < 0 ? file : file.slice(colon + 1);
  const source = observation.opened.find((one) => one.name === name);
  if (source?.repository === undefined || source.commit === undefined) return undefined;
  const commits = await commitsOf(context, source, path);
  const now = source.view.read(path);
  if (now === undefined) return undefined;
  const scope = scopeOf(source);
  const whole = scope === '' ? path : `${scope}/${path}`;
  if (!source.dirty.has(whole) && !source.dirty.has(path))
    return commits === undefined ? undefined : { commits, lines: undefined };
  const before = await committedText(source.repository, source.commit, whole);
  if (before === null) return { commits: [], lines: now.split('\n').map(() => null) };
  return commits === undefined || before === undefined ? undefined : { commits, lines: unchangedLines(before, now) };
}

const kind = 'line-commits';

async function commitsOf(
  { cache }: EngineContext,
  source: OpenSource,
  path: string,
): Promise<FileHistory['commits'] | undefined> {
  const { repository, commit } = source;
  if (repository === undefined || commit === undefined) return undefined;
  const scope = scopeOf(source);
  const whole = scope === '' ? path : `${scope}/${path}`;
  const key = `${commit} ${whole}`;
  const kept = cache.get(kind, key);
  if (kept !== undefined) return JSON.parse(Buffer.from(kept).toString('utf8')) as FileHistory['commits'];
  const found = await lineCommits(repository, commit, whole);
  // In a shallow clone the same commit may tell more once its history is there.
  if (found !== undefined && !found.includes(undefined)) cache.put(kind, key, Buffer.from(JSON.stringify(found)));
  return found;
}

function committedAt(history: FileHistory | undefined, line: number, through: number): Committed {
  if (history === undefined) return {};
  let newest: LineCommit | undefined;
  for (let at = line; at <= through; at++) {
    const place = history.lines === undefined ? at : history.lines[at - 1];
    if (place === null) return { uncommitted: true };
    const found = place === undefined ? undefined : history.commits[place - 1];
    if (found === undefined || found === null) return {};
    if (newest === undefined || found.since >= newest.since) newest = found;
  }
  if (newest === undefined) return {};
  const { since: _since, ...commit } = newest;
  return { commit: { ...commit, author: hideInText(commit.author), subject: hideInText(commit.subject) } };
}
