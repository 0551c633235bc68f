import { mkdirSync, statSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { isAbsolute, join } from 'node:path';
import { getuid } from 'node:process';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Lets Node keep what it compiled of Karma for the next process: a tenth of most commands. `NODE_COMPILE_CACHE` and
 * `NODE_DISABLE_COMPILE_CACHE` say otherwise, as for every Node program.
 */
export function keepCompiledCode(env: Env): void {
  const folder = compiledCodeFolder(env);
  if (folder !== undefined) enableCompileCache(folder);
}

/**
 * In the user's own cache folder (XDG), made if need be; undefined where it is not there, cannot be made, or belongs to somebody
 * else, who could have put code into it.
 */
export function compiledCodeFolder({ XDG_CACHE_HOME: named = '', HOME: home = '' }: Env): string | undefined {
  const caches = isAbsolute(named) ? named : isAbsolute(home) ? join(home, '.cache') : undefined;
  if (caches === undefined) return undefined;
  const folder = join(caches, 'karma', 'compiled');
  return [caches, join(caches, 'karma'), folder].every(isOwn) ? folder : undefined;
}

/** Makes a folder where there is none, one at a time: where nothing can be made at all, Node would try for ever to make several. */
function isOwn(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
    return true;
  } catch {
    return isOwnFolder(folder);
  }
}

function isOwnFolder(folder: string): boolean {
  try {
    const there = statSync(folder);
    return there.isDirectory() && there.uid === getuid?.();
  } catch {
    return false;
  }
}
