import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FetchedModule, modulesLock } from '../model/fetched-module.ts';
import { makeFolder } from '../observe/make-folder.ts';
import { nameInTheMaking, type Processes } from './in-the-making.ts';

/** Writes what was fetched, sorted, in one go: a reader sees the old lock or the new one. */
export function writeModulesLock(folder: string, modules: readonly FetchedModule[], processes: Processes): void {
  makeFolder(folder);
  const key = ({ kind, address, ref }: FetchedModule): string => `${kind}\n${address}\n${ref}`;
  const sorted = [...modules].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const file = join(folder, modulesLock);
  const making = join(folder, nameInTheMaking(modulesLock, processes));
  writeFileSync(making, `${JSON.stringify({ version: 1, modules: sorted }, null, 2)}\n`, { mode: 0o600 });
  renameSync(making, file);
}
