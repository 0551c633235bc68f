import type { ResidentRepository } from '../resident/resident-repository.ts';
import { commitTime } from './commit-time.ts';
import type { Commit, FileChange } from './history.ts';
import type { CommitObject } from './objects/commit-object.ts';
import type { TreeChange } from './tree-changes.ts';

/**
 * The commits from one back to an older one, as `git log` tells them, from the objects themselves. Undefined wherever git would
 * do more than list what differs: at merges and first commits, where a file may have been renamed, where submodules or
 * encodings have settings of their own.
 */
export function residentCommits(
  resident: ResidentRepository,
  { start, known, limit }: { readonly start: string; readonly known: string; readonly limit: number },
): readonly Commit[] | undefined {
  const commits: Commit[] = [];
  let id = start;
  let commit = resident.commit(start);
  while (id !== known) {
    const [parent, ...others] = commit?.parents ?? [];
    const older = parent === undefined || others.length > 0 ? undefined : resident.commit(parent);
    if (commit === undefined || parent === undefined || older === undefined) return undefined;
    const told = tell(id, commit, resident.changes(older.tree, commit.tree));
    if (told === undefined || commits.length >= Math.min(limit, most)) return undefined;
    commits.push(told);
    [id, commit] = [parent, older];
  }
  return commits;
}

/** Beyond so many git is faster. */
const most = 100;

function tell(id: string, commit: CommitObject, changes: readonly TreeChange[] | undefined): Commit | undefined {
  const author = authorOf(commit);
  const subject = subjectOf(commit.message);
  if (changes === undefined || author === undefined || subject === undefined || commit.isEncoded) return undefined;
  const isAdding = changes.some(({ before }) => before === undefined);
  const isRemoving = changes.some(({ after }) => after === undefined);
  if ((isAdding && isRemoving) || changes.some(isOfSubmodule)) return undefined;
  return { id, ...author, subject, changes: changes.map(fileChange) };
}

function fileChange({ path, before, after }: TreeChange): FileChange {
  return { kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed', path };
}

const submodule = 0o16;

function isOfSubmodule({ before, after }: TreeChange): boolean {
  return [before, after].some((entry) => entry !== undefined && entry.mode >> 12 === submodule);
}

/** Names and times as everybody writes them: `Name <address> seconds zone`. */
function authorOf({ author }: CommitObject): Pick<Commit, 'author' | 'at'> | undefined {
  const [, name = '', seconds = ''] =
    /^(\S(?:[^<>]*\S)?) <[^<>\s]*> (\d{1,10}) [+-](?:0\d|1[0-4])[0-5]\d$/.exec(author) ?? [];
  if (name === '' || isOdd(name)) return undefined;
  return { author: name, at: commitTime(Number(seconds)) };
}

/** The first paragraph in one line. */
function subjectOf(message: string): string | undefined {
  const lines: string[] = [];
  for (const line of message.split('\n')) {
    const text = line.replace(/[ \t\r]+$/, '');
    if (text === '' && lines.length > 0) break;
    if (text === '' && message.trim() !== '') return undefined;
    lines.push(text);
  }
  const subject = lines.join(' ');
  return isOdd(subject) ? undefined : subject;
}

/** Control characters, and what is not UTF-8. */
function isOdd(text: string): boolean {
  return /[\u0000-\u001f\u007f\ufffd]/.test(text);
}
