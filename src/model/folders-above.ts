import { dirname } from 'node:path';

/** What is asked of a file system. */
export interface FolderMaker {
  /** One folder in one that is there. */
  readonly make: (folder: string) => void;
  readonly isFolder: (path: string) => boolean;
}

/**
 * Makes a folder and those above it that are not there. Node's `mkdir` with `recursive` never ends where a folder that is there
 * takes no others, as below `/proc`: there this fails as any other place does that cannot be made.
 */
export function makeWithThoseAbove(path: string, { make, isFolder }: FolderMaker): void {
  const missing: string[] = [];
  for (let folder = path; !isFolder(folder); folder = dirname(folder)) {
    missing.push(folder);
    if (folder === dirname(folder)) break;
  }
  for (const folder of missing.reverse())
    try {
      make(folder);
    } catch (error) {
      // Somebody else made it meanwhile.
      if (!isFolder(folder)) throw error;
    }
}
