import type { Cache } from './cache.ts';
import type { CacheFiles } from './cache-files.ts';

const noCacheFiles: CacheFiles = {
  open: () => undefined,
  write: () => false,
  names: () => [],
  remove: () => undefined,
};

/** Keeps nothing: what a view says without it is what it must say with it. */
export const noCache: Cache = {
  get: () => undefined,
  getMany: () => new Map(),
  put: () => undefined,
  flush: () => undefined,
  close: () => undefined,
  files: noCacheFiles,
};
