import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Repository, remoteAddress, repositoryAt } from '../git/git-repository.ts';
import { repositoryName, sameRepository } from '../git/remote-address.ts';
import { existingFolder } from './source.ts';

/** Folders beyond this many beside a repository are somebody's archive, not an estate's checkouts. */
const siblingLimit = 500;

/**
 * A checkout or bare mirror of a named repository beside another one: by its folder's name, else by its remote's address.
 * Looks at names and `.git/config` alone.
 */
export function findSibling(folder: string, repository: Repository | undefined, wanted: string): string | undefined {
  const name = repositoryName(wanted);
  if (name === '' || name === '.' || name === '..') return undefined;
  const parents = parentsOf(folder, repository);
  for (const parent of parents) {
    for (const candidate of [join(parent, name), join(parent, `${name}.git`)]) {
      const found = existingFolder(candidate);
      if (found !== undefined && found !== folder) return found;
    }
  }
  for (const parent of parents) {
    for (const candidate of foldersIn(parent)) {
      const remote = candidate === folder ? undefined : remoteOf(candidate);
      if (remote !== undefined && sameRepository(remote, wanted)) return existingFolder(candidate);
    }
  }
  return undefined;
}

/** Beside the folder itself, its repository's top, and, for a linked work tree, the main one. */
function parentsOf(folder: string, repository: Repository | undefined): string[] {
  const homes = [folder];
  if (repository !== undefined) homes.push(repository.root, dirname(repository.commonDir));
  return [...new Set(homes.map((home) => dirname(home)))];
}

/** Every folder beside another one, its repository's top and, for a linked work tree, the main one. */
export function siblingFolders(folder: string, repository: Repository | undefined): readonly string[] {
  return parentsOf(folder, repository).flatMap(foldersIn);
}

function repositoryHere(folder: string): Repository | undefined {
  try {
    return repositoryAt(folder);
  } catch {
    return undefined;
  }
}

function remoteOf(folder: string): string | undefined {
  const repository = repositoryHere(folder);
  return repository === undefined ? undefined : remoteAddress(repository);
}

function foldersIn(parent: string): string[] {
  try {
    const entries = readdirSync(parent, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(parent, name));
    return folders.sort().slice(0, siblingLimit);
  } catch {
    return [];
  }
}
