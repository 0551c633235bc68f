import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { CacheBeside } from '../engine/view/following/cache-anew.ts';
import type { OpenOptions } from './open.ts';
import { programFile } from './program-file.ts';

/** What the other process needs to open the same estate. */
export interface CachePlace extends Pick<OpenOptions, 'options' | 'env' | 'version'> {
  readonly at?: string;
}

/**
 * A process and not a thread: what a thread took of memory stays with the process that it was in. Undefined on a machine that runs
 * one at a time.
 */
export function cacheBeside(place: Omit<CachePlace, 'at'>): CacheBeside | undefined {
  const program = programFile(new URL('cache-process.ts', import.meta.url));
  if (program === undefined || availableParallelism() < 2) return undefined;
  let isRunning = false;
  let hasFailed = false;
  return {
    start: (at) => {
      if (isRunning) return true;
      // What fails there is done here.
      if (hasFailed) return false;
      isRunning = true;
      const message: CachePlace = { ...place, ...(at === undefined ? {} : { at }) };
      const child = fork(program, {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
      });
      child.once('error', () => {
        hasFailed = true;
        isRunning = false;
      });
      child.once('exit', (code) => {
        hasFailed ||= code !== 0;
        isRunning = false;
      });
      child.send(message, () => undefined);
      child.unref();
      child.channel?.unref();
      return true;
    },
  };
}
