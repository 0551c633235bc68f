import { realpathSync, statSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import type { FileView } from '../../model/file-view.ts';
import { findRepository, type Repository, readHead, remoteAddress } from '../git/git-repository.ts';
import { GitObjects } from '../git/objects/git-objects.ts';
import { isNetworkAddress, repositoryName } from '../git/remote-address.ts';
import { resolveRevision } from '../git/revision.ts';
import { withSubmodules } from '../git/submodules.ts';
import type { DirtyKind } from '../git/worktree-state.ts';
import type { ResidentRepositories } from '../resident/resident-repositories.ts';
import { untrackedIn } from '../resident/resident-untracked.ts';
import { openFolderView } from '../views/folder-view.ts';
import { openGitView } from '../views/git-view.ts';
import type { RepositoryView } from '../views/repository-view.ts';
import { ScopedView } from '../views/scoped-view.ts';
import type { UntrackedAhead } from '../views/untracked.ts';
import { openWorktreeView } from '../views/worktree-view.ts';
import { readBeside } from './beside-git.ts';

/** A repository or folder that an estate is made of, opened at one position. */
export interface OpenSource {
  /** `''` for the main one. */
  readonly name: string;
  readonly folder: string;
  readonly repository: Repository | undefined;
  readonly view: FileView;
  /** The whole repository behind the view. */
  readonly whole: RepositoryView;
  readonly objects: GitObjects | undefined;
  /** The commit read, or checked out beneath the work tree that was read. */
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  /** In words: `the work tree at main`, `commit 12ab… (dev)`. */
  readonly followed: string;
  readonly dirty: ReadonlyMap<string, DirtyKind>;
}

export interface SourceQuery {
  readonly name: string;
  readonly folder: string;
  readonly repository: Repository | undefined;
  /** A revision; undefined reads the work tree where there is one. */
  readonly ref: string | undefined;
  /** The branch that the revision stands for, where it is named by its id. */
  readonly as?: string | undefined;
  /** Read HEAD's commit rather than the work tree. */
  readonly committed: boolean;
  readonly ahead?: UntrackedAhead | undefined;
  readonly resident?: ResidentRepositories | undefined;
  readonly onDirty?: (() => void) | undefined;
}

const nothingDirty: ReadonlyMap<string, DirtyKind> = new Map();

/** Views of whole repositories already opened for an estate, by root and position: two folders of one share it. */
export type SharedViews = Map<string, Promise<OpenedWhole>>;

interface OpenedWhole {
  readonly whole: RepositoryView;
  readonly objects: GitObjects;
  readonly commit: string | undefined;
  readonly followed: string;
  readonly dirty: ReadonlyMap<string, DirtyKind>;
}

/** @throws KARMA_NO_SUCH_REVISION, KARMA_SHALLOW, KARMA_GIT */
export async function openSource(query: SourceQuery, shared: SharedViews = new Map()): Promise<OpenSource> {
  const { repository } = query;
  if (repository === undefined) return openPlain(query);
  const { branch } = readHead(repository);
  const atCommit = repository.bare || query.ref !== undefined || query.committed;
  const key = `${repository.root}\0${atCommit ? (query.ref ?? 'HEAD') : ''}`;
  let opened = shared.get(key);
  if (opened === undefined) {
    opened = atCommit ? openCommit(query, repository, branch) : openWorktree(query, repository, branch);
    shared.set(key, opened);
  }
  const whole = await opened;
  const scope = repository.bare ? '' : relative(repository.root, query.folder);
  // A folder that the repository ignores is read as the plain folder it is.
  if (!atCommit && scope !== '' && !whole.whole.isDirectory(scope)) return openPlain(query);
  return {
    ...whole,
    branch,
    name: query.name,
    folder: query.folder,
    repository,
    view: following(narrow(whole.whole, scope, query.name), query.as ?? query.ref ?? branch),
  };
}

async function openCommit(
  query: SourceQuery,
  repository: Repository,
  branch: string | undefined,
): Promise<OpenedWhole> {
  const objects = new GitObjects(repository);
  // A run reads what lies beside a commit in the work tree, whichever commit it is.
  const beside = repository.bare
    ? undefined
    : (query.ahead?.take(repository) ?? untrackedIn(repository)).then((found) => readBeside(repository, found));
  beside?.catch(() => undefined);
  const revision = await resolveRevision(repository, query.ref ?? 'HEAD');
  const view = await openGitView(repository, revision, {
    repo: query.name,
    objects,
    ...(beside === undefined ? {} : { beside }),
  });
  const whole = await withSubmodules(repository, view, {
    open: async (inner, oid) => openGitView(inner, await resolveRevision(inner, oid), { repo: query.name }),
    resident: query.resident,
  });
  const name = revision.name === 'HEAD' && branch !== undefined ? `HEAD, ${branch}` : revision.name;
  const followed = revision.commit === undefined ? 'nothing: no commit yet' : commitInWords(revision.commit, name);
  return { whole, objects, commit: revision.commit, followed, dirty: nothingDirty };
}

async function openWorktree(
  query: SourceQuery,
  repository: Repository,
  branch: string | undefined,
): Promise<OpenedWhole> {
  const objects = new GitObjects(repository);
  const head = resolveRevision(repository, 'HEAD');
  const view = await openWorktreeView(repository, head, {
    repo: query.name,
    objects,
    ahead: query.ahead,
    onDirty: query.onDirty,
  });
  const whole = await withSubmodules(repository, view, {
    open: (inner) => openWorktreeView(inner, resolveRevision(inner, 'HEAD'), { repo: query.name }),
    resident: query.resident,
  });
  const { commit } = view.head;
  return { whole, objects, commit, followed: `the work tree at ${branch ?? short(commit)}`, dirty: view.dirty };
}

function narrow(whole: RepositoryView, scope: string, name: string): FileView {
  return scope === '' && whole.repo === name ? whole : new ScopedView(whole, scope, name);
}

/** Says of a view which branch, tag or revision led to it. */
function following(view: FileView, ref: string | undefined): FileView {
  return Object.assign(view, { ref });
}

function openPlain(query: SourceQuery): OpenSource {
  if (query.ref !== undefined) throw noRevisions(query.folder, query.ref);
  const whole = openFolderView(query.folder, { repo: query.name });
  return {
    name: query.name,
    folder: query.folder,
    repository: undefined,
    view: whole,
    whole,
    objects: undefined,
    commit: undefined,
    branch: undefined,
    followed: 'the folder as it is',
    dirty: nothingDirty,
  };
}

function noRevisions(folder: string, ref: string): KarmaError {
  return new KarmaError('KARMA_NO_SUCH_REVISION', `${folder} is no Git repository, so there is no revision ${ref}`, {
    hint: 'leave the revision out, or `git init` and commit first',
    details: { folder, revision: ref },
  });
}

function commitInWords(commit: string, name: string): string {
  return commit.startsWith(name) ? `commit ${short(commit)}` : `commit ${short(commit)} (${name})`;
}

function short(commit: string | undefined): string {
  return commit === undefined ? 'no commit' : commit.slice(0, 12);
}

/** `PATH` or `PATH@REF`: the whole text is a path where such a folder is; `@` is cut from the right. */
export function splitRepositoryArgument(
  text: string,
  exists: (path: string) => boolean,
): {
  readonly path: string;
  readonly ref: string | undefined;
} {
  const at = text.lastIndexOf('@');
  if (at <= 0 || exists(text)) return { path: text, ref: undefined };
  return { path: text.slice(0, at), ref: text.slice(at + 1) || undefined };
}

/** The folder's real path, or undefined when there is no such folder. */
export function existingFolder(path: string): string | undefined {
  try {
    const real = realpathSync.native(path);
    return statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

/** What a repository is called in ids: as its remote is, which is the same on every machine; else its folder. */
export function naturalName(folder: string): string {
  const repository = findRepository(folder);
  const remote = repository === undefined ? undefined : remoteAddress(repository);
  const own = basename(folder).replace(/\.git$/, '');
  if (repository?.root !== folder || remote === undefined || !isNetworkAddress(remote)) return own;
  return repositoryName(remote) || own;
}
