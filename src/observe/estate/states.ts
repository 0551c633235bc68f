import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { KarmaError } from '../../model/errors.ts';
import { parseExactJson } from '../../model/exact-number.ts';

/** A document that a run left behind: a state, outputs, a plan. It may hold secrets in clear: digest it and let it go. */
export interface StateDocument {
  /** As it is shown: relative to where it was looked for. */
  readonly path: string;
  readonly document: unknown;
  /** When the file was last written, ISO 8601, UTC. */
  readonly modifiedAt: string;
}

/** A file that is there and could not be used. */
export interface StateTrouble {
  readonly path: string;
  readonly reason: string;
}

/** Beyond this a state is not read: parsing it would take more memory than a question may. 256 MiB. */
const largest = 256 * 1024 * 1024;
/** A folder with more files than this is no folder of pulled states. */
const most = 100_000;
const stateLike = /\.(tfstate|json)$/;
const neverState = /(\.tfvars|\.tfbackend|package(-lock)?|modules)\.json$/;
const passedOver: ReadonlySet<string> = new Set(['.git', '.terraform', 'node_modules', '.terragrunt-cache']);

export function isTrouble(found: StateDocument | StateTrouble): found is StateTrouble {
  return 'reason' in found;
}

/**
 * States, outputs and plans in a folder and below it, or one file of them, in order of path, one at a time: whoever reads them
 * digests one before the next is read.
 * @throws KARMA_UNREADABLE when there is no such place
 */
export function* statesIn(place: string): Generator<StateDocument | StateTrouble> {
  const stat = statOf(place);
  if (stat === undefined)
    throw new KarmaError('KARMA_UNREADABLE', `there is no folder ${place.slice(0, 200)}`, {
      hint: 'pull states into a folder, one file a component: `terraform state pull > states/<id>.tfstate`',
    });
  if (!stat.isDirectory()) {
    yield readFile(place, place.slice(place.lastIndexOf(sep) + 1));
    return;
  }
  for (const path of filesIn(place)) yield readFile(join(place, path), path.split(sep).join('/'));
}

function filesIn(folder: string): string[] {
  const found: string[] = [];
  const open = [''];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of readdirSync(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : join(at, entry.name);
      if (entry.isDirectory()) {
        if (!passedOver.has(entry.name)) open.push(path);
      } else if (entry.isFile() && stateLike.test(entry.name) && !neverState.test(entry.name)) found.push(path);
    }
    if (found.length > most)
      throw new KarmaError('KARMA_USAGE', `${folder} holds more than ${most} files`, {
        hint: 'name the folder that holds the states alone',
      });
  }
  return found.sort();
}

/**
 * A state at a place that an estate names. Undefined when there is none, also when the place leads out of the estate: a path in
 * a backend block must not make Karma read what lies elsewhere.
 * @param within an absolute folder without links.
 */
export function stateAt(absolute: string, within: string): StateDocument | StateTrouble | undefined {
  const real = realFile(absolute);
  const path = relative(within, real ?? absolute);
  if (real === undefined || path.startsWith('..')) return undefined;
  return readFile(real, path.split(sep).join('/'));
}

/** Workspaces whose local states lie in a folder, `<folder>/<workspace>/terraform.tfstate`. Sorted. */
export function workspacesIn(folder: string): readonly string[] {
  return subfolders(folder).filter((name) => realFile(join(folder, name, 'terraform.tfstate')) !== undefined);
}

/** States that Terragrunt leaves in its cache beside a unit whose state is a local file. Sorted. */
export function statesInTerragruntCache(folder: string): readonly string[] {
  const cache = join(folder, '.terragrunt-cache');
  return subfolders(cache)
    .flatMap((outer) => subfolders(join(cache, outer)).map((inner) => join('.terragrunt-cache', outer, inner)))
    .map((place) => join(place, 'terraform.tfstate'))
    .filter((file) => realFile(join(folder, file)) !== undefined);
}

/** Undefined also of a name that no file system takes. */
function statOf(place: string): Stats | undefined {
  try {
    return statSync(place);
  } catch {
    return undefined;
  }
}

/** Equal as long as a file is what it was, links followed; `gone` where there is none. */
export function fileMark(absolute: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(absolute, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'gone';
  }
}

function subfolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function realFile(path: string): string | undefined {
  try {
    const real = realpathSync.native(path);
    return statSync(real).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

function readFile(absolute: string, path: string): StateDocument | StateTrouble {
  try {
    const stat = statSync(absolute);
    if (stat.size > largest) return { path, reason: `it is larger than ${largest / 1024 / 1024} MiB` };
    if (stat.size === 0) return { path, reason: 'it is empty' };
    const document: unknown = parseExactJson(readFileSync(absolute, 'utf8'));
    return { path, document, modifiedAt: stat.mtime.toISOString() };
  } catch (error) {
    if (error instanceof SyntaxError) return { path, reason: 'it is no JSON' };
    return { path, reason: error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read' };
  }
}
