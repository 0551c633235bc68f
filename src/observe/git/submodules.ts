import { join, sep } from 'node:path';
import { sha256 } from '../../model/digest.ts';
import { realPath } from '../real-path.ts';
import type { ResidentRepositories } from '../resident/resident-repositories.ts';
import { MountedView } from '../views/mounted-view.ts';
import type { RepositoryView } from '../views/repository-view.ts';
import { gitSync } from './git-process.ts';
import { type Repository, repositoryAt } from './git-repository.ts';

/** Opens one submodule: its repository, and the commit the outer one names. */
export type OpenSubmodule = (repository: Repository, commit: string) => Promise<RepositoryView>;

export interface SubmodulesQuery {
  /** Reads a submodule at the commit named, or its work tree as it is. */
  readonly open: OpenSubmodule;
  readonly resident: ResidentRepositories | undefined;
}

/** Submodules within submodules; deeper ones are empty folders. */
const depthLimit = 4;

/**
 * A view with its submodules in their places, as far as they were fetched; the others stay empty folders, and are told.
 */
export async function withSubmodules(
  repository: Repository,
  view: RepositoryView,
  { open, resident }: SubmodulesQuery,
  depth = 0,
): Promise<RepositoryView> {
  if (view.submodules.size === 0 || depth >= depthLimit) return view;
  const mounts = new Map<string, RepositoryView>();
  const missing: string[] = [];
  for (const [path, commit] of view.submodules) {
    const found = submoduleRepository(repository, path);
    const inner = found === undefined ? undefined : (resident?.of(found) ?? found);
    if (inner === undefined || !hasCommit(inner, commit)) missing.push(path);
    else mounts.set(path, await withSubmodules(inner, await open(inner, commit), { open, resident }, depth + 1));
  }
  const inner = [...mounts].map(([path, mount]) => `${path}\0${mount.identity}`);
  const identity = sha256([view.identity, ...inner, '', ...missing].join('\n'));
  return new MountedView({ outer: view, mounts, missing, identity });
}

/** Only a repository that the outer one keeps, or that lies in the submodule's own folder; a pointer elsewhere is not followed. */
function submoduleRepository(outer: Repository, path: string): Repository | undefined {
  const kept = join(outer.commonDir, 'modules');
  // By where the outer one really lies: a link in the way leads out of it.
  const homes = [join(realPath(outer.commonDir), 'modules'), join(realPath(outer.root), path)];
  if (!outer.bare) {
    const folder = join(outer.root, path);
    try {
      const found = repositoryAt(folder);
      if (found !== undefined && isKeptIn(found, homes)) return found;
    } catch {
      return undefined;
    }
  }
  try {
    const found = repositoryAt(join(kept, path));
    return found !== undefined && isKeptIn(found, homes) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isKeptIn({ gitDir }: Repository, homes: readonly string[]): boolean {
  const place = realPath(gitDir);
  return homes.some((home) => place.startsWith(home + sep));
}

function hasCommit(repository: Repository, commit: string): boolean {
  const tree = repository.resident?.commit(commit)?.tree;
  if (tree !== undefined && repository.resident?.hasTree(tree) === true) return true;
  return gitSync(repository, ['cat-file', '-e', `${commit}^{tree}`]).code === 0;
}
