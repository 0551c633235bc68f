import { rmSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { setup as startServers } from '../aws/global-setup.ts';
import { packAndInstall } from './packing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The program to ask instead of the sources. */
    entry?: string;
    installed?: ReturnType<typeof packAndInstall>;
  }
}

/** Packs and installs once for all files of the project; the servers that stand in for AWS are the ones of `test/aws/`. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const installed = packAndInstall();
  project.provide('installed', installed);
  project.provide('entry', installed.program);
  const stop = await startServers(project);
  return async () => {
    await stop();
    rmSync(installed.folder, { recursive: true, force: true });
  };
}
