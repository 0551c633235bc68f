import type { CacheFiles, OpenedFile, OpenedFiles } from '../cache/cache-files.ts';

/** Files held open at once, and how many of them may be large ones. What was made of a file is a few times its size. */
const atMost = 16;
const largeAtMost = 2;
const large = 1024 * 1024;

/**
 * Kept files in a process that stays: one that nobody touched since is the same object when it is opened again, so that what was
 * made of it can be remembered with it.
 */
export function residentFiles(files: OpenedFiles): CacheFiles {
  /** The one used last comes last. */
  const held = new Map<string, OpenedFile>();
  const letGo = (names: readonly string[], most: number) => {
    for (const name of names.slice(0, Math.max(0, names.length - most))) held.delete(name);
  };
  return {
    ...files,
    open(name) {
      const known = held.get(name);
      held.delete(name);
      const file = known?.stands() === true ? known : files.open(name);
      if (file === undefined) return undefined;
      held.set(name, file);
      letGo([...held.keys()], atMost);
      letGo(
        [...held].flatMap(([one, { size }]) => (size > large ? [one] : [])),
        largeAtMost,
      );
      return file;
    },
  };
}
