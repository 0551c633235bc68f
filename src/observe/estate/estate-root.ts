import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { type KarmaFile, karmaFileNames, readKarmaFile } from '../../config/karma-file.ts';
import { KarmaError } from '../../model/errors.ts';
import { findRepository, type Repository } from '../git/git-repository.ts';
import { readOwnFile } from './own-file.ts';

/** Where an estate begins on this machine, before anything of it is read. */
export interface EstateRoot {
  /** An absolute folder without links; a bare repository's own. */
  readonly folder: string;
  readonly repository: Repository | undefined;
  /** The folder relative to the repository's top: `''` mostly. */
  readonly scope: string;
  /** Where the person stands, relative to the root; `''` at the root or outside. */
  readonly workingDirectory: string;
  /** As it stands on disk; at another revision it may differ. */
  readonly karmaFile: KarmaFile | undefined;
  /** Files of that name that belong to some other tool. */
  readonly passedOver: readonly { readonly path: string; readonly reason: string }[];
}

export interface EstateRootQuery {
  readonly cwd: string;
  /** A `karma.yaml` named by hand. */
  readonly configFile?: string | undefined;
}

/**
 * The root is the folder of the nearest `karma.yaml` with `estate:`, looked for up to the repository's top; else that top;
 * else the folder itself. A bare repository is its own root. Starts no process.
 */
export function findEstateRoot({ cwd, configFile }: EstateRootQuery): EstateRoot {
  const here = realFolder(cwd);
  const repository = findRepository(here);
  const passedOver: { path: string; reason: string }[] = [];
  const named = configFile === undefined ? undefined : namedKarmaFile(resolve(here, configFile));
  const found = named ?? (repository?.bare ? undefined : nearestKarmaFile(here, repository?.root, passedOver));
  const fallback = repository?.root ?? here;
  // A file named by hand moves the root only to a folder above the person; `ops/karma.yaml` speaks for the whole repository.
  const folder = found !== undefined && isWithin(here, found.folder) ? found.folder : fallback;
  return {
    folder,
    repository,
    scope: repository === undefined || repository.bare ? '' : posixPath(relative(repository.root, folder)),
    workingDirectory: isWithin(here, folder) && !repository?.bare ? posixPath(relative(folder, here)) : '',
    karmaFile: found?.karmaFile,
    passedOver,
  };
}

function realFolder(cwd: string): string {
  try {
    const real = realpathSync.native(cwd);
    return statSync(real).isDirectory() ? real : dirname(real);
  } catch (error) {
    throw new KarmaError('KARMA_NO_ESTATE', `there is no folder ${cwd}`, { cause: error, details: { folder: cwd } });
  }
}

interface FoundKarmaFile {
  readonly folder: string;
  readonly karmaFile: KarmaFile | undefined;
}

function namedKarmaFile(path: string): FoundKarmaFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new KarmaError('KARMA_CONFIG_INVALID', `${path} cannot be read`, {
      hint: '`--config` names a karma.yaml',
      cause: error,
      details: { file: path },
    });
  }
  const karmaFile = readKarmaFile(path, text);
  if (karmaFile === undefined) {
    throw new KarmaError('KARMA_CONFIG_INVALID', `${path} has no \`estate:\``, {
      hint: 'begin it with `estate: <name>`, so that it is known to be meant for Karma',
      details: { file: path },
    });
  }
  return { folder: realpathSync.native(dirname(path)), karmaFile };
}

function nearestKarmaFile(
  start: string,
  top: string | undefined,
  passedOver: { path: string; reason: string }[],
): FoundKarmaFile | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    for (const name of karmaFileNames) {
      const path = join(folder, name);
      const text = readOwnFile(path, top ?? folder);
      if (text === undefined) continue;
      const karmaFile = readKarmaFile(path, text);
      if (karmaFile !== undefined) return { folder, karmaFile };
      passedOver.push({ path, reason: 'it has no `estate:`, so it belongs to some other tool' });
    }
    if (folder === top || dirname(folder) === folder) return undefined;
  }
}

function isWithin(path: string, folder: string): boolean {
  const between = relative(folder, path);
  return between === '' || (between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}

function posixPath(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}
