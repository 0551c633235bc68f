import { statSync } from 'node:fs';
import { join } from 'node:path';
import { findEstateRoot } from '../../observe/estate/estate-root.ts';
import type { EngineContext } from '../context.ts';
import { publicationOf } from './project.ts';

/** Of an index of Git; paths of estates are long. */
const bytesOfFile = 120;

/**
 * How many components a question is going to deal with, roughly: those of a published version; where none is, as many as there are
 * files in the work tree, which Git's index tells without being read. For who decides where to answer, and for nothing else.
 */
export async function expectedSize(context: EngineContext, version: number | undefined): Promise<number> {
  if (version !== undefined) {
    const { publication } = await publicationOf(await context.stores.ledger(), version);
    return publication.counts.components;
  }
  try {
    const { repository } = findEstateRoot(context.request);
    return repository === undefined ? 0 : statSync(join(repository.gitDir, 'index')).size / bytesOfFile;
  } catch {
    return 0;
  }
}
