import { join } from 'node:path';
import type { IndexedFile } from '../views/indexed-view.ts';
import { readGitIndex } from './git-index.ts';
import type { Repository } from './git-repository.ts';
import { readPlainFile } from './plain-file.ts';

/**
 * Everything below a tree, as `ls-tree -r` lists it, from the index of the work tree: where Git remembers that its index is that
 * very tree (after a commit or a checkout it does), no process need be started. Undefined where it is not, or cannot be told.
 */
export function indexListing(repository: Repository, tree: string): ReadonlyMap<string, IndexedFile> | undefined {
  if (repository.bare) return undefined;
  const index = read(repository);
  if (index?.tree !== tree) return undefined;
  const files = new Map<string, IndexedFile>();
  for (const { path, rawPath, file, stage, intentToAdd } of index.entries) {
    if (rawPath !== undefined || stage !== 0 || intentToAdd) return undefined;
    files.set(path, file);
  }
  return files;
}

function read({ gitDir, hash }: Repository): ReturnType<typeof readGitIndex> {
  try {
    return readGitIndex(readPlainFile(join(gitDir, 'index')), hash);
  } catch {
    return undefined;
  }
}
