import type { TestProject } from 'vitest/node';
import { type Installed, packAndInstall, remove } from './packing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    installed?: Installed;
  }
}

/** In `npm test` the archive was packed and installed before, for all projects. */
export function setup(project: TestProject): () => void {
  const before = process.env['KARMA_TEST_INSTALLED'];
  const installed = before === undefined ? packAndInstall() : (JSON.parse(before) as Installed);
  project.provide('installed', installed);
  return () => {
    if (before === undefined) remove(installed);
  };
}
