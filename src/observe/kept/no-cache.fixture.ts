import type { Cache } from './cache.ts';
import type { KeptFiles } from './kept-files.ts';

const noKeptFiles: KeptFiles = {
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
  files: noKeptFiles,
};
