import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';

/**
 * Lets Node keep what it compiled of Karma for the next process: a tenth of most commands. In the user's own cache folder
 * (XDG), never in a shared one, where somebody else could have put code. Without such a folder, or rights to write it, nothing
 * is kept. `NODE_COMPILE_CACHE` and `NODE_DISABLE_COMPILE_CACHE` say otherwise, as for every Node program.
 */
export function keepCompiledCode(env: Readonly<Record<string, string | undefined>>): void {
  const { XDG_CACHE_HOME: named = '', HOME: home = '' } = env;
  const folder = isAbsolute(named) ? named : isAbsolute(home) ? join(home, '.cache') : undefined;
  if (folder !== undefined) enableCompileCache(join(folder, 'karma', 'compiled'));
}
