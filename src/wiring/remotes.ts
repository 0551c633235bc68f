import type { Remotes } from '../engine/context.ts';
import { mirrorFolder } from '../observe/mirror-folder.ts';

/** Repositories elsewhere, mirrored below a folder. Fetching is loaded when somebody asks for it: no question ever does. */
export function remotesIn(mirrors: string): Remotes {
  return {
    async fetch(url, { into = mirrorFolder(mirrors, url), signal } = {}) {
      const [{ fetchMirror }, { FetchTrouble }] = await Promise.all([
        import('../fetch/mirror.ts'),
        import('../fetch/trouble.ts'),
      ]);
      try {
        return await fetchMirror(url, into, signal);
      } catch (error) {
        if (error instanceof FetchTrouble) return { trouble: error.message };
        throw error;
      }
    },
  };
}
