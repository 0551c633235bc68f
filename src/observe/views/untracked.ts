import { isUtf8 } from 'node:buffer';
import { gitAsync, succeeded } from '../git/git-process.ts';
import type { Repository } from '../git/git-repository.ts';

/** Folders that tools fill; they are no part of an estate even where nobody ignores them. */
export const passedFolders: readonly string[] = ['.terraform', '.terragrunt-cache', 'node_modules'];

/** What lies in a work tree and in no index, names as bytes. */
export interface Untracked {
  /** What `git add` would add. */
  readonly names: readonly Buffer[];
  /** What Git ignores of the kinds that Terraform loads by itself. */
  readonly ignored: readonly Buffer[];
  /** Everything that Git ignores; a folder that it ignores whole ends in `/`, and what is in it is not named. */
  readonly hidden: readonly Buffer[];
  /** Whatever comes or goes does so in a folder that holds tracked files, or where Git ignores it all. */
  readonly isBounded: boolean;
}

const isLoadedKind = /(?:\.(?:tfvars|tf|tofu)(?:\.json)?|(?:^|\/)\.terraform\.lock\.hcl)$/;

/** What runs and Karma itself leave, in every work tree that is worked in. What it holds follows from what is read. */
const leftThere =
  /(?:^|\/)(?:\.terraform|\.terragrunt-cache|\.terragrunt-stack|\.karma|terraform\.tfstate\.d)(?:\/|$)|(?:^|\/)(?:[^/]*\.tfstate(?:\.backup|\.torn)?|\.terraform\.tfstate\.lock\.info|crash\.log)$/;

/** Git looks into every folder for this, which takes longer than all else of opening a work tree. */
export function listUntracked(repository: Repository): Promise<Untracked> {
  const listing = list(repository);
  // Whoever asks hears of a failure; until then it must not count as unhandled.
  listing.catch(() => undefined);
  return listing;
}

const nothing: Untracked = { names: [], ignored: [], hidden: [], isBounded: true };
const passed = passedFolders.flatMap((name) => ['-x', name]);

/** One walk says what is there and not tracked, folders as one; only where something is, git is asked what it is. */
async function list(repository: Repository): Promise<Untracked> {
  const there = (await askFor(repository, ['--directory'], [])).filter((name) => !isPassed(name));
  if (there.length === 0) return nothing;
  const [modules, rest] = [there.filter(isOfModules), there.filter((name) => !isOfModules(name))];
  if (rest.length === 0) return { ...nothing, hidden: modules };
  const folders = rest.filter(isFolder);
  const [names, ignored] = await Promise.all([
    askFor(repository, ['--exclude-standard', ...passed], rest),
    folders.length === 0 ? undefined : askFor(repository, ['-i', '--exclude-standard', ...passed, '--directory'], rest),
  ]);
  const added = new Set(names.map(asKey));
  const all = ignored ?? rest.filter((name) => !added.has(asKey(name)));
  const known = new Set(all.map(asKey));
  return {
    names,
    ignored: all.filter((name) => isLoadedKind.test(asKey(name))),
    hidden: [...modules, ...all.filter((name) => !leftThere.test(asKey(name)))],
    isBounded: folders
      .map(asKey)
      .every((name) => leftThere.test(name) || (known.has(name) && !isTakenApart(name, all))),
  };
}

/** Its name is not ignored, but all that is in it just now. */
function isTakenApart(folder: string, all: readonly Buffer[]): boolean {
  return all.some((name) => name.length > folder.length && asKey(name).startsWith(folder));
}

function asKey(name: Buffer): string {
  return name.toString('latin1');
}

/** Folders in the place of tracked files: where git lists folders as one it passes them over. */
export function untrackedBelow(repository: Repository, folders: readonly string[]): Promise<readonly Buffer[]> {
  if (folders.length === 0) return Promise.resolve([]);
  return askFor(
    repository,
    ['--exclude-standard', ...passed],
    folders.map((folder) => Buffer.from(folder)),
  );
}

function isFolder(name: Buffer): boolean {
  return name.at(-1) === slash;
}

/** Packages that were installed: of all folders that are passed over the one that people zip. */
function isOfModules(name: Buffer): boolean {
  return /(?:^|\/)node_modules\/$/.test(asKey(name));
}

function isPassed(name: Buffer): boolean {
  return /(?:^|\/)\.(?:terraform|terragrunt-cache)\/$/.test(asKey(name));
}

const slash = '/'.charCodeAt(0);

/** Of more names than fit into one command line nobody names each. */
const namesAtOnce = 200;

/** @param below only there; nothing: everywhere */
async function askFor(repository: Repository, args: readonly string[], below: readonly Buffer[]): Promise<Buffer[]> {
  // Folders of names stand for those that are no text; what is listed too much is looked up again.
  const asked = new Set(below.map((name) => (isUtf8(name) ? name.toString() : folderOf(name))));
  const paths = asked.size > namesAtOnce ? [] : [...asked];
  const answer = await gitAsync(repository, [
    'ls-files',
    '-o',
    ...args,
    '-z',
    ...(paths.length === 0 ? [] : ['--', ...paths]),
  ]);
  return splitNames(succeeded(repository, answer));
}

/** The folder of a name as far as it is text; `.` where that is nothing. */
function folderOf(name: Buffer): string {
  const text = name.toString();
  const cut = text.lastIndexOf('/', text.indexOf('\uFFFD'));
  return cut <= 0 ? '.' : text.slice(0, cut);
}

export function splitNames(listing: Buffer): Buffer[] {
  const names: Buffer[] = [];
  for (let at = 0; at < listing.length; ) {
    const end = listing.indexOf(0, at);
    if (end < 0) break;
    names.push(listing.subarray(at, end));
    at = end + 1;
  }
  return names;
}

/** A listing begun before its work tree is opened, so that git looks while the rest of the program loads. */
export class UntrackedAhead {
  readonly #root: string;
  #listing: Promise<Untracked> | undefined;

  constructor(repository: Repository) {
    this.#root = repository.root;
    this.#listing = listUntracked(repository);
  }

  /** To one asker, once: later the work tree may have changed. */
  take({ root }: Repository): Promise<Untracked> | undefined {
    if (root !== this.#root) return undefined;
    const listing = this.#listing;
    this.#listing = undefined;
    return listing;
  }
}
