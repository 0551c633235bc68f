import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { attempt } from '../attempt.ts';
import { isWithin, realPath } from '../real-path.ts';
import { readPlainFile } from './plain-file.ts';

/** Where a repository lies, as its folder says it. */
export interface GitFolders {
  /** The top of the work tree. */
  readonly root: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** What decides which commits and files are read. Hooks and the like may be links: they are not read. */
const decides: ReadonlySet<string> = new Set([
  ...['HEAD', 'index', 'packed-refs', 'refs', 'objects', 'commondir', 'gitdir', 'shallow', 'reftable', 'worktrees'],
  ...['modules', 'heads', 'remotes', 'tags', 'config', 'config.worktree'],
]);
/** Settings of a person's own may lie elsewhere; what they may do is bounded by how git is asked. */
const mayLieElsewhere: ReadonlySet<string> = new Set(['config', 'config.worktree']);

/**
 * A folder that somebody hands over brings its `.git` along, and Git follows what that says: another repository's folder, another
 * work tree, links to the branches of somebody else. A question about the folder is to be answered from the folder, so what leads
 * out of it is refused, unless the place it leads to says that the two belong together, as Git has it for linked work trees and
 * submodules. Nothing in `.git` may be a pipe or a device either: Git would wait for it. A few reads of folders.
 * @throws KARMA_GIT
 */
export function mustBeOwnGit({ root, gitDir, commonDir }: GitFolders, bare: boolean): void {
  const [top, git, common] = [root, gitDir, commonDir].map(realPath) as [string, string, string];
  if (!bare) {
    if (!isWithin(git, top) && !knowsWorkTree(gitDir, root))
      throw leadsOut(join(root, '.git'), git, `git --git-dir=${gitDir} config core.worktree ${root}`);
    const said = workTreeSaid(gitDir, commonDir);
    if (said !== undefined && realPath(resolve(gitDir, said)) !== top)
      throw leadsOut(join(gitDir, 'config'), said, 'git config --unset core.worktree');
  }
  if (git !== common && dirname(dirname(git)) !== common)
    throw leadsOut(join(gitDir, 'commondir'), common, 'git worktree repair');
  const folders = new Set([gitDir, commonDir, join(commonDir, 'refs'), join(commonDir, 'refs/heads')]);
  for (const more of ['info', 'objects', 'objects/info', 'objects/pack', 'refs/remotes'])
    folders.add(join(commonDir, more));
  for (const folder of folders) for (const entry of entriesOf(folder)) mustBePlain(folder, entry, [git, common]);
}

function mustBePlain(folder: string, entry: Dirent, within: readonly string[]): void {
  if (entry.isFile() || entry.isDirectory() || entry.isSocket()) return;
  const path = join(folder, entry.name);
  const stat = attempt(() => statSync(path));
  const isOdd = stat !== undefined && !stat.isFile() && !stat.isDirectory() && !stat.isSocket();
  if (isOdd) throw odd(path);
  if (!entry.isSymbolicLink() || stat === undefined) return;
  const parent = basename(folder);
  const counts = decides.has(entry.name) || parent === 'heads' || parent === 'refs' || parent === 'remotes';
  if (!counts || mayLieElsewhere.has(entry.name)) return;
  const target = realPath(path);
  if (!within.some((one) => isWithin(target, one))) throw leadsOut(path, target);
}

/** Git writes into a linked work tree's folder where that stands, and into a submodule's settings where its files are. */
function knowsWorkTree(gitDir: string, root: string): boolean {
  const back = textIn(join(gitDir, 'gitdir'))?.trim();
  if (back !== undefined && samePlace(resolve(gitDir, back), join(root, '.git'))) return true;
  const said = workTreeIn(join(gitDir, 'config')) ?? workTreeIn(join(gitDir, 'config.worktree'));
  return said !== undefined && realPath(resolve(gitDir, said)) === realPath(root);
}

/** The `.git` itself may be a link, so it is told by the folder that it lies in. */
function samePlace(one: string, other: string): boolean {
  return basename(one) === basename(other) && realPath(dirname(one)) === realPath(dirname(other));
}

/** `core.worktree` as Git takes it: of a linked work tree only its own settings count. */
function workTreeSaid(gitDir: string, commonDir: string): string | undefined {
  return (
    workTreeIn(join(gitDir, 'config.worktree')) ??
    (gitDir === commonDir ? workTreeIn(join(gitDir, 'config')) : undefined)
  );
}

function workTreeIn(file: string): string | undefined {
  const value = /(?:^|\])[ \t]*worktree[ \t]*=[ \t]*(.*?)[ \t\r]*$/im.exec(textIn(file) ?? '')?.[1];
  return value?.replace(/^"(.*)"$/, '$1');
}

function textIn(file: string): string | undefined {
  return attempt(() => readPlainFile(file).toString('utf8'));
}

function entriesOf(folder: string): readonly Dirent[] {
  return attempt(() => readdirSync(folder, { withFileTypes: true })) ?? [];
}

function leadsOut(file: string, to: string, command?: string): KarmaError {
  return new KarmaError('KARMA_GIT', `${file} leads out of this repository, to ${to}`, {
    hint: `it would be read in the place of this folder${command === undefined ? '; clone the repository anew' : `; where that is meant, \`${command}\` says so`}`,
    details: { file },
  });
}

function odd(file: string): KarmaError {
  return new KarmaError('KARMA_GIT', `${file} is no file and no folder, and Git would wait for it`, {
    hint: 'remove it, or clone the repository anew',
    details: { file },
  });
}
