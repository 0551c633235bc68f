import type { Remotes } from '../engine/context.ts';
import { mirrorFolder } from '../observe/git/mirror-folder.ts';
import { thisHost } from '../stores/ledger/liveness.ts';

/** Repositories elsewhere, mirrored below a folder. Fetching is loaded when somebody asks for it: no question ever does. */
export function remotesIn(mirrors: string): Remotes {
  const processes = thisHost();
  let isCleared = false;
  return {
    async fetch(url, { into = mirrorFolder(mirrors, url), signal } = {}) {
      const [{ fetchMirror }, { FetchTrouble }, { clearAbandoned }] = await Promise.all([
        import('../fetch/mirror.ts'),
        import('../fetch/trouble.ts'),
        import('../fetch/in-the-making.ts'),
      ]);
      if (!isCleared) clearAbandoned(mirrors, processes, Date.now());
      isCleared = true;
      try {
        return await fetchMirror(url, into, { processes, ...(signal === undefined ? {} : { signal }) });
      } catch (error) {
        if (error instanceof FetchTrouble) return { trouble: error.message };
        throw error;
      }
    },
  };
}
