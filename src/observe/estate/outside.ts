import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { isTooOften } from '../../config/interval.ts';
import type { HookSetting, KarmaFile, ScheduleSetting } from '../../config/karma-file.ts';
import { canonicalJson, sha256 } from '../../model/digest.ts';
import type { Environment } from '../../model/file-view.ts';
import { type Repository, repositoryAt } from '../git/git-repository.ts';
import { isWithin, realPath } from '../real-path.ts';
import type { EstateRoot } from './estate-root.ts';

/** One thing that an estate says of a place outside of itself. */
export interface OutsideWord {
  /** The key of `karma.yaml`: `stores.data`, `repositories.modules`. */
  readonly key: string;
  /** What it comes to on this machine: a path, or what names a store. */
  readonly place: string;
  /** What a person trusts: the key and the place, whichever file says it. */
  readonly digest: string;
}

type Root = Pick<EstateRoot, 'folder' | 'repository'> & { readonly karmaFile: KarmaFile | undefined };

/** Everything in `karma.yaml` that counts only once a person trusts it; what the environment says in its place is not asked. */
export function outsideWords({ folder, repository, karmaFile }: Root, environment: Environment): OutsideWord[] {
  if (karmaFile === undefined) return [];
  const { data, ...stores } = karmaFile.stores;
  const words =
    data === undefined || environment['KARMA_DATA']
      ? []
      : [outsideWord('stores.data', realPath(resolve(folder, data)))];
  for (const [name, value] of Object.entries(stores).sort(([a], [b]) => (a < b ? -1 : 1)))
    if (value !== undefined && value !== 'sqlite' && !environment[`KARMA_${name.toUpperCase()}`])
      words.push(outsideWord(`stores.${name}`, canonicalJson(value)));
  for (const { name, path, url } of karmaFile.repositories) {
    if (path === undefined && url !== undefined) words.push(repositoryWord(name, url));
    if (path === undefined) continue;
    const place = realPath(resolve(folder, path));
    if (!isBeside(place, { folder, repository }, environment)) words.push(repositoryWord(name, place));
  }
  for (const schedule of karmaFile.schedules) {
    const word = scheduleWord(schedule);
    if (word !== undefined) words.push(word);
  }
  for (const hook of karmaFile.hooks) words.push(hookWord(hook));
  return words;
}

/** Somebody who is told things of the estate, and a program that runs by itself. */
export function hookWord({ name, run, webhook, secret }: HookSetting): OutsideWord {
  return outsideWord(`hooks.${name}`, canonicalJson(run ?? [webhook ?? '', secret ?? '']));
}

/**
 * Work that runs the estate's programs by itself, and any that would keep who serves it busy; what only reads, and not all the time,
 * needs nobody's trust.
 */
export function scheduleWord({ name, does, select = '', every }: ScheduleSetting): OutsideWord | undefined {
  const often = every !== undefined && isTooOften(every) ? ` every ${every}` : '';
  return does === 'drift' || does === 'refresh' || often !== ''
    ? outsideWord(`schedules.${name}`, `${does} ${select}`.trimEnd() + often)
    : undefined;
}

export function repositoryWord(name: string, place: string): OutsideWord {
  return outsideWord(`repositories.${name}`, place);
}

export function outsideWord(key: string, place: string): OutsideWord {
  return { key, place, digest: sha256(`karma trust\n${key}\n${place}`) };
}

/**
 * Whether a folder may be read because it lies where an estate's other repositories do: within its own repository, in a Git
 * repository beside that one, or in a plain folder beside it. Beside it is not above it, and what stands in the root of a
 * disk, in somebody's home, or is hidden, is nobody's checkout.
 */
export function isBeside(
  place: string,
  { folder, repository }: Pick<EstateRoot, 'folder' | 'repository'>,
  environment: Environment,
): boolean {
  const top = repository?.root ?? folder;
  if (isWithin(place, top)) return true;
  const homes = new Set([folder, top, ...(repository === undefined ? [] : [dirname(repository.commonDir)])]);
  const home = environment['HOME'] || homedir();
  return [...homes].some((one) => {
    const parent = dirname(one);
    if (!isWithin(place, parent) || isWithin(one, place)) return false;
    const names = relative(parent, place).split(sep);
    if (names.some((name) => name.startsWith('.'))) return false;
    if (repositoryAbove(place, parent)) return true;
    return names.length === 1 && parent !== dirname(parent) && parent !== home && place !== home;
  });
}

/** Whether some folder from here up to the parent, which is not asked, is a Git repository. */
function repositoryAbove(place: string, parent: string): boolean {
  for (let at = place; at !== parent && at !== dirname(at); at = dirname(at)) if (hasRepository(at)) return true;
  return false;
}

function hasRepository(folder: string): boolean {
  try {
    return repositoryAt(folder) !== undefined;
  } catch {
    return false;
  }
}

/** Where a committed folder poses as a bare repository: what lies in it came with the estate around it. */
export function isInsideWorkTree({ root, bare }: Repository): boolean {
  if (!bare) return false;
  for (let at = dirname(root); ; at = dirname(at)) {
    if (namesIn(at).includes('.git') && basename(root) !== '.git') return true;
    if (at === dirname(at)) return false;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
