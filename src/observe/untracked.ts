import { type GitAnswer, gitAsync } from './git-process.ts';
import type { Repository } from './git-repository.ts';

/** Folders that tools fill; they are no part of an estate even where nobody ignores them. */
export const passedFolders: readonly string[] = ['.terraform', '.terragrunt-cache', 'node_modules'];

/** Git looks into every folder for this, which takes longer than all else of opening a work tree. */
export function listUntracked(repository: Repository): Promise<GitAnswer> {
  const excluded = passedFolders.flatMap((name) => ['-x', name]);
  const listing = gitAsync(repository, ['ls-files', '-o', '--exclude-standard', ...excluded, '-z']);
  // Whoever asks hears of a failure; until then it must not count as unhandled.
  listing.catch(() => undefined);
  return listing;
}

/** A listing begun before its work tree is opened, so that git looks while the rest of the program loads. */
export class UntrackedAhead {
  readonly #root: string;
  #listing: Promise<GitAnswer> | undefined;

  constructor(repository: Repository) {
    this.#root = repository.root;
    this.#listing = listUntracked(repository);
  }

  /** To one asker, once: later the work tree may have changed. */
  take({ root }: Repository): Promise<GitAnswer> | undefined {
    if (root !== this.#root) return undefined;
    const listing = this.#listing;
    this.#listing = undefined;
    return listing;
  }
}
