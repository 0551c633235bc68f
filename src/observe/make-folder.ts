import { mkdirSync, statSync } from 'node:fs';
import { makeWithThoseAbove } from '../model/folders-above.ts';

/** A folder with those above it, for its owner alone. */
export function makeFolder(path: string, mode = 0o700): void {
  makeWithThoseAbove(path, {
    make: (folder) => mkdirSync(folder, { mode }),
    isFolder: (folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false,
  });
}
