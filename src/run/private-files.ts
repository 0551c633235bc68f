import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunJob } from './port.ts';

/**
 * States hold secrets in clear, and Terraform makes them as readable as everything else. Those that lie in Karma's own folder, with
 * their backups and what `init` remembers of a backend, are for their owner alone. A state beside a module is not Karma's to change,
 * and a mask for the whole program would change what its resources make.
 */
export function keepPrivate({ dataFolder, state }: Pick<RunJob, 'dataFolder' | 'state'>): void {
  if (dataFolder === '') return;
  const states = state === undefined ? undefined : dirname(state);
  // Both lie in the data folder, each under the key of its deployment.
  const isOwn = states !== undefined && dirname(states) === join(dirname(dirname(dataFolder)), 'state');
  for (const folder of isOwn ? [dataFolder, states] : [dataFolder]) for (const file of filesIn(folder)) tighten(file);
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    // Nothing was made there.
    return [];
  }
}

function tighten(file: string): void {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isFile() !== true || (found.mode & 0o077) === 0) return;
  try {
    chmodSync(file, 0o600);
  } catch {
    // Taken away in between.
  }
}
