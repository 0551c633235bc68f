import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commitTime } from './commit-time.ts';
import { gitAsync } from './git-process.ts';
import type { Repository } from './git-repository.ts';
import { readPlainFile } from './plain-file.ts';

/** The commit that a line of a file comes from. */
export interface LineCommit {
  readonly id: string;
  readonly author: string;
  /** When it was written, ISO 8601, UTC. */
  readonly at: string;
  readonly subject: string;
  /** When it came into the history, in seconds: of two commits the later one counts. */
  readonly since: number;
}

/**
 * Which commit each line of a file comes from, the first line first; what only moved or was indented anew keeps its own.
 * Undefined for a line whose commit lies beyond what a shallow clone holds, and for all of them where git cannot tell. The
 * committed file is asked about, never the one in the work tree: for that git might run filters. One call of git.
 *
 * @param path from the repository's root
 */
export async function lineCommits(
  repository: Repository,
  commit: string,
  path: string,
): Promise<readonly (LineCommit | undefined)[] | undefined> {
  const how = ['--porcelain', '--root', '-w', '--no-textconv', '--ignore-revs-file=', '--encoding=UTF-8'];
  const answer = await gitAsync(repository, ['blame', ...how, commit, '--', path]);
  return answer.code === 0 ? parseBlame(answer.stdout.toString('utf8'), beginsOf(repository)) : undefined;
}

/** The file as a commit holds it; `null` where it holds none, undefined where git cannot tell. */
export async function committedText(
  repository: Repository,
  commit: string,
  path: string,
): Promise<string | null | undefined> {
  const listed = await gitAsync(repository, ['ls-tree', '-z', commit, '--', path]);
  if (listed.code !== 0) return undefined;
  const blob = /^\d+ blob ([0-9a-f]+)\t/.exec(listed.stdout.toString('utf8'))?.[1];
  if (blob === undefined) return null;
  const answer = await gitAsync(repository, ['cat-file', 'blob', blob]);
  return answer.code === 0 ? answer.stdout.toString('utf8') : undefined;
}

/** Commits whose parents a shallow clone does not hold: what they seem to bring may be older. */
function beginsOf({ commonDir }: Repository): ReadonlySet<string> {
  const file = join(commonDir, 'shallow');
  return new Set(existsSync(file) ? readPlainFile(file).toString('utf8').split('\n') : []);
}

export function parseBlame(text: string, begins: ReadonlySet<string>): readonly (LineCommit | undefined)[] {
  const commits = new Map<string, Map<string, string>>();
  const lines: (LineCommit | undefined)[] = [];
  let id = '';
  let place = 0;
  for (const line of text.split('\n')) {
    const [, head, at] = /^([0-9a-f]{40,64}) \d+ (\d+)/.exec(line) ?? [];
    if (head !== undefined) {
      [id, place] = [head, Number(at)];
      if (!commits.has(id)) commits.set(id, new Map());
    } else if (line.startsWith('\t')) lines[place - 1] = begins.has(id) ? undefined : told(id, commits.get(id));
    else {
      const cut = line.indexOf(' ');
      if (cut > 0) commits.get(id)?.set(line.slice(0, cut), line.slice(cut + 1));
    }
  }
  return Array.from(lines);
}

function told(id: string, facts: ReadonlyMap<string, string> = new Map()): LineCommit {
  const seconds = Number(facts.get('author-time') ?? 0);
  return {
    id,
    author: facts.get('author') ?? '',
    at: commitTime(seconds).replace('.000', ''),
    subject: facts.get('summary') ?? '',
    since: Number(facts.get('committer-time') ?? seconds),
  };
}
