import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { makeFolder } from '../../observe/make-folder.ts';
import type { EngineContext } from '../context.ts';

/**
 * A folder in the data folder for what a change is put together in. It goes when that is done; what a process that was killed left
 * there goes with the next.
 */
export async function inWorkplace<T>(
  { stores, newId }: Pick<EngineContext, 'stores' | 'newId'>,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const all = join(stores.dataFolder, 'changing');
  const own = join(all, `${process.pid}-${newId()}`);
  try {
    makeFolder(own);
  } catch (error) {
    throw new KarmaError('KARMA_DATA_UNWRITABLE', `${own} cannot be made`, {
      hint: '`--data FOLDER` names another place for what Karma keeps',
      cause: error,
    });
  }
  sweep(all);
  try {
    return await work(own);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

function sweep(all: string): void {
  for (const name of readdirSync(all)) {
    const pid = Number(/^(\d+)-/.exec(name)?.[1]);
    if (Number.isSafeInteger(pid) && !lives(pid)) rmSync(join(all, name), { recursive: true, force: true });
  }
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
