import type { ModuleFetching } from '../engine/context.ts';
import type { FetchOptions } from '../fetch/fetch-module.ts';

/** Fetching is loaded when somebody asks for it: no question ever does. */
export function moduleFetching(options: FetchOptions): ModuleFetching {
  return {
    async fetch(ask) {
      const [{ fetchModule }, { FetchTrouble }] = await Promise.all([
        import('../fetch/fetch-module.ts'),
        import('../fetch/trouble.ts'),
      ]);
      try {
        return await fetchModule(ask, options);
      } catch (error) {
        if (error instanceof FetchTrouble) return { trouble: error.message };
        throw error;
      }
    },
    async lock(modules) {
      const { writeModulesLock } = await import('../fetch/lock.ts');
      writeModulesLock(options.folder, modules);
    },
  };
}
