import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../model/file-view.ts';
import type { EstateRoot } from './estate-root.ts';
import { isBeside } from './outside.ts';
import { siblingFolders } from './sibling-repositories.ts';
import { existingFolder, naturalName } from './source.ts';

/** A folder beside an estate that nothing names, with the OpenAPI documents that its file names show. */
export interface SiblingDocuments {
  readonly folder: string;
  /** As a repository of the estate would be called. */
  readonly name: string;
  /** `orders` of `openapi/orders/openapi.yaml`. Sorted. */
  readonly nicknames: readonly string[];
}

/** Folders of documents beyond this many are no list that anybody would read. */
const documentLimit = 2000;

/**
 * OpenAPI documents in folders beside an estate that are no part of it. Looks at names of folders and files alone, and only where
 * an estate's other repositories may lie: nothing hidden, nobody's home.
 */
export function siblingDocuments(
  { folder, repository }: Pick<EstateRoot, 'folder' | 'repository'>,
  environment: Environment,
  taken: ReadonlySet<string>,
): SiblingDocuments[] {
  const seen = new Set([...taken, folder, ...(repository === undefined ? [] : [repository.root])]);
  const found: SiblingDocuments[] = [];
  for (const candidate of siblingFolders(folder, repository)) {
    const place = existingFolder(candidate);
    if (place === undefined || seen.has(place) || !isBeside(place, { folder, repository }, environment)) continue;
    seen.add(place);
    const nicknames = namesIn(join(place, 'openapi')).filter((name) =>
      namesIn(join(place, 'openapi', name)).some((file) => /^openapi\.(?:ya?ml|json)$/.test(file)),
    );
    if (nicknames.length > 0) found.push({ folder: place, name: naturalName(place), nicknames });
  }
  return found;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort().slice(0, documentLimit);
  } catch {
    return [];
  }
}
