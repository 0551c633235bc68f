import { KarmaError } from '../../model/errors.ts';
import { realPath } from '../real-path.ts';
import { treeChanges } from './content-commit.ts';
import { gitAsync, gitError, succeeded } from './git-process.ts';
import { type Repository, repositoryAt } from './git-repository.ts';

/** The branch that changes become part of, and the work trees that have it checked out: those go along with it. */
export interface FollowedBranch {
  /** `refs/heads/main`. */
  readonly ref: string;
  readonly name: string;
  /** Where it stands. */
  readonly commit: string;
  /** Folders of work trees. */
  readonly workTrees: readonly Repository[];
}

/** @throws KARMA_REFUSED where what is followed is no branch here */
export async function followedBranch(repository: Repository, name: string | undefined): Promise<FollowedBranch> {
  if (name === undefined)
    throw new KarmaError(
      'KARMA_REFUSED',
      'HEAD is detached, so there is no branch that a change could become part of',
      {
        hint: '`git switch <branch>`, or name the branch in karma.yaml: `follow: main`',
      },
    );
  const ref = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  const answer = await gitAsync(repository, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (answer.code !== 0 || !ref.startsWith('refs/heads/'))
    throw new KarmaError(
      'KARMA_REFUSED',
      `${name} is followed and is no branch here, so nothing can be applied to it`,
      {
        hint: 'follow a local branch; where it is pushed to is said by `publish:`',
      },
    );
  const commit = answer.stdout.toString().trim();
  return { ref, name: ref.slice('refs/heads/'.length), commit, workTrees: await workTreesOn(repository, ref) };
}

async function workTreesOn(repository: Repository, ref: string): Promise<readonly Repository[]> {
  const answer = await gitAsync(repository, ['worktree', 'list', '--porcelain', '-z']);
  const blocks = succeeded(repository, answer).toString().split('\0\0');
  return blocks.flatMap((block) => {
    const lines = block.split('\0').filter(Boolean);
    const folder = lines.find((line) => line.startsWith('worktree '))?.slice('worktree '.length);
    const isHere =
      lines.includes(`branch ${ref}`) && !lines.includes('bare') && !lines.some((line) => line.startsWith('prunable'));
    const found = folder === undefined || !isHere ? undefined : repositoryAt(folder);
    // What lists it says where it is; it must say itself whose it is.
    const isOurs = found !== undefined && !found.bare && realPath(found.commonDir) === realPath(repository.commonDir);
    return isOurs ? [found] : [];
  });
}

/** Files of a work tree that are not as a commit has them, what nobody added aside. Sorted. */
export async function changedSince(workTree: Repository, commit: string): Promise<readonly string[]> {
  // What only looks changed, since it was touched, is looked into.
  await gitAsync(workTree, ['update-index', '-q', '--refresh']);
  const flags = ['--name-only', '-z', '--no-ext-diff', '--no-textconv', '--ignore-submodules', '--no-renames'];
  const found = new Set<string>();
  for (const cached of [[], ['--cached']]) {
    const answer = await gitAsync(workTree, ['diff', ...flags, ...cached, commit, '--']);
    for (const path of succeeded(workTree, answer).toString().split('\0').filter(Boolean)) found.add(path);
  }
  return [...found].sort();
}

/** Files of a work tree that nobody added and Git does not ignore. Sorted. */
export async function strayIn(workTree: Repository): Promise<readonly string[]> {
  const answer = await gitAsync(workTree, ['ls-files', '-z', '--others', '--exclude-standard']);
  return succeeded(workTree, answer).toString().split('\0').filter(Boolean).sort();
}

/** Why a work tree is not exactly a commit, in words; undefined where it is. @param passes what lies there and counts for nothing */
export async function whyNotAt(
  workTree: Repository,
  commit: string,
  passes: (path: string) => boolean,
): Promise<string | undefined> {
  const head = await gitAsync(workTree, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head.stdout.toString().trim() !== commit)
    return `another commit than ${commit.slice(0, 12)} is checked out there`;
  const [file] = [...(await changedSince(workTree, commit)), ...(await strayIn(workTree))].filter(
    (path) => !passes(path),
  );
  return file === undefined ? undefined : `${file} is not as ${commit.slice(0, 12)} has it`;
}

/** Files that nobody added, and that would be written over with something else. */
export async function inTheWay(workTree: Repository, from: string, to: string): Promise<readonly string[]> {
  const added = new Map(
    (await treeChanges(workTree, from, to)).flatMap(({ path, before, oid }) =>
      before === '000000' ? [[path, oid]] : [],
    ),
  );
  if (added.size === 0) return [];
  const answer = await gitAsync(workTree, ['ls-files', '-z', '--others', '--', ...added.keys()]);
  const untracked = succeeded(workTree, answer).toString().split('\0').filter(Boolean);
  const other: string[] = [];
  for (const path of untracked) {
    const hashed = await gitAsync(workTree, ['hash-object', '--', path]);
    if (hashed.stdout.toString().trim() !== added.get(path)) other.push(path);
  }
  return other.sort();
}

/**
 * Brings a work tree from one commit to the next, as a checkout would: what nobody added stays, and so does what differs and is not
 * concerned. One in which that was begun and cut off is brought to its end. Answers the files that are neither as the one commit has
 * them nor as the other: then nothing was touched.
 */
export async function bringAlong(workTree: Repository, from: string, to: string): Promise<readonly string[]> {
  const moved = await gitAsync(workTree, ['read-tree', '-m', '-u', from, to]);
  if (moved.code === 0) return [];
  if (/index\.lock/.test(moved.stderr)) throw gitError(workTree, moved.stderr);
  const changes = await treeChanges(workTree, from, to);
  const [was, is] = [await changedSince(workTree, from), await changedSince(workTree, to)];
  const differs = new Set(was.filter((path) => is.includes(path)));
  const odd = changes.filter(({ path }) => differs.has(path)).map(({ path }) => path);
  const blocked = [...new Set([...odd, ...(await inTheWay(workTree, from, to))])].sort();
  if (blocked.length > 0) return blocked;
  const gone = changes.filter(({ after }) => after === '000000').map(({ path }) => path);
  const there = changes.filter(({ after }) => after !== '000000').map(({ path }) => path);
  await onPaths(workTree, ['rm', '-q', '-f', '--ignore-unmatch'], gone);
  await onPaths(workTree, ['checkout', '-q', to], there);
  return [];
}

async function onPaths(workTree: Repository, command: readonly string[], paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const flags = ['--pathspec-from-file=-', '--pathspec-file-nul'];
  const input = paths.map((path) => `${path}\0`).join('');
  const answer = await gitAsync(workTree, [...command, ...flags], { input });
  if (answer.code !== 0) throw gitError(workTree, answer.stderr);
}
