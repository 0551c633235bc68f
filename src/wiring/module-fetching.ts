import type { ModuleFetching } from '../engine/context.ts';
import type { FetchOptions } from '../fetch/fetch-module.ts';
import { thisHost } from '../stores/ledger/liveness.ts';

/** Fetching is loaded when somebody asks for it: no question ever does. */
export function moduleFetching(given: Omit<FetchOptions, 'processes'>): ModuleFetching {
  const options: FetchOptions = { ...given, processes: thisHost() };
  let isCleared = false;
  return {
    async fetch(ask) {
      const [{ fetchModule }, { FetchTrouble }, { clearAbandoned }] = await Promise.all([
        import('../fetch/fetch-module.ts'),
        import('../fetch/trouble.ts'),
        import('../fetch/in-the-making.ts'),
      ]);
      if (!isCleared) clearAbandoned(options.folder, options.processes, Date.now());
      isCleared = true;
      try {
        return await fetchModule(ask, options);
      } catch (error) {
        if (error instanceof FetchTrouble) return { trouble: error.message };
        throw error;
      }
    },
    async lock(modules) {
      const { writeModulesLock } = await import('../fetch/lock.ts');
      writeModulesLock(options.folder, modules, options.processes);
    },
  };
}
