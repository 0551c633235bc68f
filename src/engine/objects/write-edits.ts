import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { readOwnFile, writeOwnFile } from '../../observe/estate/own-file.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { MadeEdits } from './estate-edits.ts';

/**
 * Puts edited files into the work tree, each as a whole, and all or none: what was read must still stand there.
 * @throws KARMA_CHANGED, KARMA_USAGE
 */
export function writeEdits({ observation }: OpenedEstate, files: MadeEdits['files']): void {
  const { folder, repository } = observation.root;
  if (repository?.bare === true)
    throw new KarmaError('KARMA_USAGE', 'a bare repository has no work tree to write to', {
      hint: 'leave --write out, or stand in a checkout',
    });
  const places = files.map((file) => ({ ...file, place: join(folder, file.path) }));
  for (const { path, place, before } of places)
    if (readOwnFile(place, folder) !== before)
      throw new KarmaError('KARMA_CHANGED', `${path} is not as it was when it was read; nothing was written`, {
        hint: 'ask again',
        details: { file: path },
      });
  const written: typeof places = [];
  const made: string[] = [];
  try {
    for (const file of places) {
      if (file.before === undefined) {
        const first = mkdirSync(dirname(file.place), { recursive: true });
        if (first !== undefined) made.push(first);
      }
      writeOwnFile(file.place, file.after, folder);
      written.push(file);
    }
  } catch (error) {
    for (const { place, before } of written) {
      if (before === undefined) rmSync(place, { force: true });
      else writeOwnFile(place, before, folder);
    }
    // Only what was made here: nothing of anybody's lies in it.
    for (const one of made) rmSync(one, { recursive: true, force: true });
    throw error;
  }
}
