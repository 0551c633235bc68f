import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { ResidentRepository } from '../resident/resident-repository.ts';
import { type GitPlace, gitError, gitSync } from './git-process.ts';
import { mustBeOwnGit } from './own-git.ts';
import { readPlainFile } from './plain-file.ts';

/** A Git repository on this machine. Found by the file system alone: no process is started. */
export interface Repository extends GitPlace {
  /** The top of the work tree; of a bare repository its own folder. */
  readonly root: string;
  readonly bare: boolean;
  /** This work tree's own Git folder: HEAD and the index. */
  readonly gitDir: string;
  /** What all work trees share: objects, refs, config. */
  readonly commonDir: string;
  readonly hash: 'sha1' | 'sha256';
  /** False where Git was told not to believe what the file system says of modes (`core.fileMode`). */
  readonly trustsModes: boolean;
  /** What this process holds of it, see {@link ResidentRepository}. */
  readonly resident?: ResidentRepository;
}

/** Where HEAD points. Without a commit the branch is unborn and its tree is empty. */
export interface Head {
  readonly commit: string | undefined;
  /** The branch, or undefined when HEAD is detached. */
  readonly branch: string | undefined;
}

/** The repository that holds a folder, or undefined. Looks upwards as git does; a bare repository is found at its own path. */
export function findRepository(start: string): Repository | undefined {
  let folder = resolve(start);
  for (;;) {
    const found = repositoryAt(folder);
    if (found !== undefined) return found;
    const parent = dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** The repository whose top is exactly this folder, or undefined. */
export function repositoryAt(folder: string): Repository | undefined {
  const dotGit = join(folder, '.git');
  const kind = kindOf(dotGit);
  if (kind === 'directory' && existsSync(join(dotGit, 'HEAD'))) return describe(folder, dotGit, false);
  if (kind === 'file') return describe(folder, followGitFile(dotGit), false);
  const looksBare =
    kindOf(join(folder, 'HEAD')) === 'file' &&
    kindOf(join(folder, 'objects')) === 'directory' &&
    kindOf(join(folder, 'refs')) !== undefined;
  if (!looksBare) return undefined;
  // Inside `.git` the estate is the work tree beside it.
  if (basename(folder) === '.git' && !/^\s*bare\s*=\s*true/m.test(textOf(join(folder, 'config')) ?? ''))
    return undefined;
  return describe(folder, folder, true);
}

function describe(root: string, gitDir: string, bare: boolean): Repository {
  const common = textOf(join(gitDir, 'commondir'))?.trim();
  const commonDir = common === undefined ? gitDir : resolve(gitDir, common);
  mustBeOwnGit({ root, gitDir, commonDir }, bare);
  const config = textOf(join(commonDir, 'config')) ?? '';
  const sha256 = /^\s*objectformat\s*=\s*sha256/im.test(config);
  const trustsModes = !/^\s*filemode\s*=\s*(?:false|no|off|0)\s*(?:[#;].*)?$/im.test(config);
  return { root, bare, gitDir, commonDir, hash: sha256 ? 'sha256' : 'sha1', trustsModes };
}

/** `.git` as a file, in linked work trees and submodules: `gitdir: <path>`. */
function followGitFile(file: string): string {
  const target = /^gitdir: (.+)$/m.exec(textOf(file) ?? '')?.[1];
  const gitDir = target === undefined ? undefined : resolve(dirname(file), target);
  if (gitDir === undefined || !existsSync(join(gitDir, 'HEAD'))) {
    throw new KarmaError('KARMA_GIT', `${file} points to a repository that is not there: ${target ?? 'no path'}`, {
      hint: 'run `git worktree repair` in the main work tree, or `git submodule update --init`',
      details: { file },
    });
  }
  return gitDir;
}

/** Reads HEAD and its ref by the file system (10 µs instead of a 2 ms process); asks git where refs are kept otherwise. */
export function readHead(repository: Repository): Head {
  const head = textOf(join(repository.gitDir, 'HEAD'))?.trim() ?? '';
  if (isObjectId(head)) return { commit: head, branch: undefined };
  const ref = /^ref: (refs\/.+)$/.exec(head)?.[1];
  if (ref === undefined || ref === 'refs/heads/.invalid' || ref.split('/').includes('..'))
    return askForHead(repository);
  const loose = textOf(join(repository.commonDir, ref))?.trim();
  const commit = loose !== undefined && isObjectId(loose) ? loose : packedRef(repository, ref);
  const branch = ref.replace(/^refs\/heads\//, '');
  return commit === undefined ? askForHead(repository) : { commit, branch };
}

/** The commit of a ref that Git packed with others. */
export function packedRef({ commonDir }: Pick<Repository, 'commonDir'>, ref: string): string | undefined {
  const packed = textOf(join(commonDir, 'packed-refs'));
  const at = packed?.indexOf(` ${ref}\n`) ?? -1;
  if (packed === undefined || at < 0) return undefined;
  const oid = packed.slice(packed.lastIndexOf('\n', at) + 1, at);
  return isObjectId(oid) ? oid : undefined;
}

function askForHead(repository: Repository): Head {
  const answer = gitSync(repository, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  const symbolic = gitSync(repository, ['symbolic-ref', '--quiet', '--short', 'HEAD']);
  const branch = symbolic.code === 0 ? symbolic.stdout.toString().trim() : undefined;
  if (answer.code === 0) return { commit: answer.stdout.toString().trim(), branch };
  if (branch !== undefined && !/fatal:/.test(answer.stderr)) return { commit: undefined, branch };
  throw gitError(repository, answer.stderr || symbolic.stderr);
}

/** The remote's address as the repository's config has it, without asking git. */
export function remoteAddress(repository: Repository): string | undefined {
  const config = textOf(join(repository.commonDir, 'config')) ?? '';
  const sections = config.split(/^(?=\[)/m);
  const origin =
    sections.find((one) => /^\[remote "origin"\]/.test(one)) ?? sections.find((one) => /^\[remote "/.test(one));
  return /^\s*url\s*=\s*(.+?)\s*$/m.exec(origin ?? '')?.[1];
}

/** Whether a branch is there, own or fetched. */
export function hasBranch(repository: Repository, branch: string): boolean {
  const names = [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`];
  if (branch.split('/').includes('..') || /[\0\n]/.test(branch)) return false;
  const onDisk = names.some(
    (name) => kindOf(join(repository.commonDir, name)) === 'file' || packedRef(repository, name) !== undefined,
  );
  if (onDisk || kindOf(join(repository.commonDir, 'reftable')) === undefined) return onDisk;
  return names.some((name) => gitSync(repository, ['show-ref', '--verify', '--quiet', name]).code === 0);
}

export function isShallow(repository: Repository): boolean {
  return existsSync(join(repository.commonDir, 'shallow'));
}

/** A clone that left objects with its remote (`--filter=blob:none`). */
export function isPartial(repository: Repository): boolean {
  return /^\s*(promisor\s*=\s*true|partialclone\s*=)/im.test(textOf(join(repository.commonDir, 'config')) ?? '');
}

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** The tree without entries: what a repository without a commit holds. */
export function emptyTree(repository: Repository): string {
  return repository.hash === 'sha1'
    ? '4b825dc642cb6eb9a060e54bf8d69288fbee4904'
    : '6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321';
}

/** Undefined also of a name that no file system takes. */
export function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat?.isDirectory() ? 'directory' : stat?.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

/** A file of the repository's own, or undefined where it cannot be read or is none. */
export function textOf(path: string): string | undefined {
  try {
    return readPlainFile(path).toString('utf8');
  } catch {
    return undefined;
  }
}
