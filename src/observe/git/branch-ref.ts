import { join } from 'node:path';
import { isObjectId, kindOf, packedRef, type Repository, textOf } from './git-repository.ts';

/**
 * The commit that the name of a branch means to git, own (`main`) or fetched (`origin/main`), by the file system. Git tries six
 * places, one after another; undefined wherever another than these two may be meant, or none.
 */
export function branchCommit(repository: Repository, name: string): string | undefined {
  if (!/^[A-Za-z0-9][\w-]*(?:[./][\w-]+)*$/.test(name) || name.endsWith('.lock') || isObjectId(name)) return undefined;
  const isElsewhere = ['', 'refs/', 'refs/tags/'].some(
    (place) => isThere(repository, `${place}${name}`) || packedRef(repository, `${place}${name}`) !== undefined,
  );
  if (isElsewhere) return undefined;
  for (const ref of [`refs/heads/${name}`, `refs/remotes/${name}`]) {
    const loose = textOf(join(repository.commonDir, ref))?.trim();
    const found = loose ?? packedRef(repository, ref);
    if (found !== undefined) return isObjectId(found) ? found : undefined;
  }
  return undefined;
}

function isThere({ gitDir, commonDir }: Repository, name: string): boolean {
  return [gitDir, commonDir].some((folder) => kindOf(join(folder, name)) === 'file');
}
