import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { Environment } from '../../model/file-view.ts';
import { makeFolder } from '../make-folder.ts';
import type { EstateRoot } from './estate-root.ts';
import { isInsideWorkTree } from './outside.ts';

/** Where the embedded ledger, stores and caches of an estate lie: never where `git clean` reaches. */
export interface DataFolder {
  readonly path: string;
  /** Who decided, for `karma doctor`. */
  readonly from: 'option' | 'environment' | 'settings' | 'git' | 'user';
}

export interface DataFolderQuery {
  readonly root: Pick<EstateRoot, 'folder' | 'repository' | 'scope'>;
  /** `--data`. */
  readonly data?: string | undefined;
  /** `stores.data` of `karma.yaml`, relative to the root, where it is trusted. */
  readonly setting?: string | undefined;
  readonly environment: Environment;
  readonly cwd: string;
}

/**
 * `--data`, else `KARMA_DATA`, else `karma.yaml`, else Git's common folder, which all work trees share, else the user's data
 * folder (XDG). Looks at nothing but paths; creates nothing.
 */
export function findDataFolder({ root, data, setting, environment, cwd }: DataFolderQuery): DataFolder {
  if (data) return { path: resolve(cwd, data), from: 'option' };
  const named = environment['KARMA_DATA'];
  if (named) return { path: resolve(cwd, named), from: 'environment' };
  if (setting) return { path: resolve(root.folder, setting), from: 'settings' };
  if (root.repository !== undefined && !isInsideWorkTree(root.repository)) {
    const shared = join(root.repository.commonDir, 'karma');
    // Several estates in one repository must not share a ledger.
    const path = root.scope === '' ? shared : join(shared, 'estates', encodeURIComponent(root.scope));
    return { path, from: 'git' };
  }
  const base = environment['XDG_DATA_HOME'];
  const home =
    base !== undefined && isAbsolute(base) ? base : join(environment['HOME'] || homedir(), '.local', 'share');
  // The name is for people, the digest tells two estates of one name apart.
  return { path: join(home, 'karma', `${basename(root.folder)}-${sha256(root.folder).slice(0, 12)}`), from: 'user' };
}

/** Makes the folder, for its owner alone, on the first write. @throws KARMA_DATA_UNWRITABLE */
export function ensureDataFolder(folder: DataFolder): void {
  try {
    makeFolder(folder.path);
    accessSync(folder.path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function unwritable({ path, from }: DataFolder, cause: unknown): KarmaError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  return new KarmaError('KARMA_DATA_UNWRITABLE', `the data folder ${path} cannot be written (${code})`, {
    hint:
      from === 'option' || from === 'environment'
        ? 'name a folder you may write'
        : 'name another place: `--data FOLDER` or `KARMA_DATA=FOLDER`',
    details: { folder: path, from, reason: code },
    cause,
  });
}
