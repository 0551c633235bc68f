import type { Repository } from '../git/git-repository.ts';
import { type CommitObject, readCommit } from '../git/objects/commit-object.ts';
import { ObjectFiles, type ObjectsPlace } from '../git/objects/object-files.ts';
import { treeBody } from '../git/objects/tree-object.ts';
import { type TreeChange, treeChanges } from '../git/tree-changes.ts';
import { TextStore } from '../views/text-store.ts';
import type { Untracked } from '../views/untracked.ts';
import { changedListing, type Listing } from './resident-listing.ts';
import { ResidentUntracked } from './resident-untracked.ts';

/** What is checked out, what is followed, and what either is compared with. */
const mostListings = 3;

/**
 * What a process holds of a repository, from one question to the next where it stays: objects, which never change under their
 * ids, and the newest listings. Never what a name means: HEAD, refs and packs are looked up each time. Whatever it cannot tell
 * exactly as git would is undefined, and git is asked.
 */
export class ResidentRepository {
  readonly texts: TextStore;
  readonly #objects: ObjectFiles;
  /** The one made last comes last. */
  readonly #listings: { readonly tree: string; readonly listing: Listing }[] = [];

  /** By work tree: a repository may have several. */
  readonly #untracked = new Map<string, ResidentUntracked>();
  readonly #stays: boolean;

  /**
   * @param textBytes how much text of blobs is held
   * @param stays whether the process answers more than once
   */
  constructor(place: ObjectsPlace, textBytes: number, stays: boolean) {
    this.#stays = stays;
    this.texts = new TextStore(textBytes);
    this.#objects = new ObjectFiles(place);
  }

  commit(oid: string): CommitObject | undefined {
    return readCommit(this.#objects.read(oid));
  }

  /** What lies untracked in a work tree; undefined in a process that asks once. */
  untracked(repository: Repository): Promise<Untracked> | undefined {
    if (!this.#stays) return undefined;
    const resident = this.#untracked.get(repository.root) ?? new ResidentUntracked();
    this.#untracked.set(repository.root, resident);
    return resident.list(repository);
  }

  hasTree(oid: string): boolean {
    return this.#objects.read(oid)?.type === 'tree';
  }

  /** The bytes of a blob. */
  blob(oid: string): Buffer | undefined {
    const object = this.#objects.read(oid);
    return object?.type === 'blob' ? object.body : undefined;
  }

  changes(before: string, after: string): readonly TreeChange[] | undefined {
    return treeChanges(before, after, (oid) => treeBody(this.#objects.read(oid)));
  }

  /** What is below a tree, from a listing held and what changed since. */
  listing(tree: string): Listing | undefined {
    const same = this.#listings.find((one) => one.tree === tree);
    if (same !== undefined) return same.listing;
    for (const one of this.#listings.toReversed()) {
      const changes = this.changes(one.tree, tree);
      if (changes !== undefined) return this.keep(tree, changedListing(one.listing, changes));
    }
    return undefined;
  }

  /** Holds a listing in the place of the oldest. */
  keep(tree: string, listing: Listing): Listing {
    if (this.#listings.length === mostListings) this.#listings.shift();
    this.#listings.push({ tree, listing });
    return listing;
  }
}
