import { isUtf8 } from 'node:buffer';
import { gitAsync, succeeded } from './git-process.ts';
import type { Repository } from './git-repository.ts';

/** Folders that tools fill; they are no part of an estate even where nobody ignores them. */
export const passedFolders: readonly string[] = ['.terraform', '.terragrunt-cache', 'node_modules'];

/** What lies in a work tree and in no index, names as bytes. */
export interface Untracked {
  /** What `git add` would add. */
  readonly names: readonly Buffer[];
  /** What Git ignores of the kinds that Terraform loads by itself. */
  readonly ignored: readonly Buffer[];
}

const loadedKinds = ['*.tfvars', '*.tfvars.json', '*.tf', '*.tf.json', '*.tofu', '*.tofu.json'];
const isLoadedKind = /\.(?:tfvars|tf|tofu)(?:\.json)?$/;

/** Git looks into every folder for this, which takes longer than all else of opening a work tree. */
export function listUntracked(repository: Repository): Promise<Untracked> {
  const listing = list(repository);
  // Whoever asks hears of a failure; until then it must not count as unhandled.
  listing.catch(() => undefined);
  return listing;
}

/** One walk lists both: what is ignored of some kinds is let in, and then told apart. */
async function list(repository: Repository): Promise<Untracked> {
  const passed = passedFolders.flatMap((name) => ['-x', name]);
  const letIn = loadedKinds.flatMap((kind) => ['-x', `!${kind}`]);
  const answer = await gitAsync(repository, ['ls-files', '-o', '--exclude-standard', ...letIn, ...passed, '-z']);
  const names = splitNames(succeeded(repository, answer));
  const doubtful = names.filter((name) => isLoadedKind.test(name.toString('latin1')));
  if (doubtful.length === 0) return { names, ignored: [] };
  const ignored = await ignoredAmong(repository, doubtful);
  const isIgnored = new Set(ignored.map((name) => name.toString('latin1')));
  return { names: names.filter((name) => !isIgnored.has(name.toString('latin1'))), ignored };
}

/** Of more names than fit into one command line a few hundred are asked about at a time. */
const namesAtOnce = 200;

async function ignoredAmong(repository: Repository, names: readonly Buffer[]): Promise<readonly Buffer[]> {
  const ignored: Buffer[] = [];
  for (let at = 0; at < names.length; at += namesAtOnce) {
    // Folders of names stand for those that are no text; what is listed too much is looked up again.
    const asked = new Set(
      names.slice(at, at + namesAtOnce).map((name) => (isUtf8(name) ? name.toString() : folderOf(name))),
    );
    const answer = await gitAsync(repository, ['ls-files', '-o', '-i', '--exclude-standard', '-z', '--', ...asked]);
    ignored.push(...splitNames(succeeded(repository, answer)));
  }
  const wanted = new Set(names.map((name) => name.toString('latin1')));
  return ignored.filter((name) => wanted.has(name.toString('latin1')));
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
