import type { GitObject } from './git-object.ts';

/** What Karma reads of a commit. */
export interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  /** As it stands behind `author`. */
  readonly author: string;
  /** Its text has another encoding than UTF-8. */
  readonly isEncoded: boolean;
  readonly message: string;
}

/** Undefined where the object is no commit as Git writes it. */
export function readCommit(object: GitObject | undefined): CommitObject | undefined {
  if (object?.type !== 'commit') return undefined;
  const text = object.body.toString('utf8');
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = (end < 0 ? text : text.slice(0, end)).split('\n');
  const tree = /^tree ([0-9a-f]+)$/.exec(first)?.[1];
  if (tree === undefined) return undefined;
  const parents: string[] = [];
  while (lines[0]?.startsWith('parent ')) parents.push((lines.shift() ?? '').slice('parent '.length));
  const author = /^author (.*)$/.exec(lines[0] ?? '')?.[1];
  if (author === undefined) return undefined;
  const isEncoded = lines.some((line) => line.startsWith('encoding '));
  return { tree, parents, author, isEncoded, message: end < 0 ? '' : text.slice(end + 2) };
}
