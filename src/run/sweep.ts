import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cleanFiles, clearFiles, readMark } from './job-files.ts';
import { sweepSpare } from './pipes.ts';
import { isStillAlive, startOf } from './process-mark.ts';

/**
 * Removes what killed processes left behind in their runs' folders: plans and variables hold values in clear. A folder whose
 * Karma or Terraform still lives is left alone. Called before and after runs; answers the folders it cleaned, sorted.
 */
export function sweepRunFolders(runs: string, host: string): readonly string[] {
  if (!existsSync(runs)) return [];
  const swept: string[] = [];
  const names = readdirSync(runs).sort();
  sweepSpare(runs, names, (pid) => startOf(pid) !== undefined);
  for (const name of names) {
    const runFolder = join(runs, name);
    if (!clearFiles({ runFolder }).some(existsSync)) continue;
    const mark = readMark(runFolder);
    if (hasOwner(runFolder) || (mark !== undefined && isStillAlive(mark, host))) continue;
    cleanFiles({ runFolder });
    swept.push(runFolder);
  }
  return swept;
}

/** Whether the process that works in a folder still lives. */
export function hasOwner(runFolder: string): boolean {
  const file = join(runFolder, 'owner.json');
  if (!existsSync(file)) return false;
  try {
    const owner = JSON.parse(readFileSync(file, 'utf8')) as { pid?: number; started?: string };
    return owner.pid !== undefined && owner.started !== undefined && startOf(owner.pid) === owner.started;
  } catch {
    // Killed while it was written: nobody works there.
    return false;
  }
}
