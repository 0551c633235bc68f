import { isUtf8 } from 'node:buffer';
import { byCodeUnit } from '../../model/digest.ts';
import type { IgnoredPaths } from '../../model/file-view.ts';
import { type Beside, besideIdentity, withBeside } from '../estate/beside-git.ts';
import { BlobContent, linksOutside } from '../git/blob-content.ts';
import { type GitAnswer, gitAsync, gitSync, succeeded } from '../git/git-process.ts';
import type { Repository } from '../git/git-repository.ts';
import { indexListing } from '../git/index-listing.ts';
import { GitObjects } from '../git/objects/git-objects.ts';
import type { Revision } from '../git/revision.ts';
import { readTreeListing } from '../git/tree-listing.ts';
import { type Listing, listingOf } from '../resident/resident-listing.ts';
import { IgnoredByPattern } from './ignored-by-pattern.ts';
import { type IndexedFile, IndexedView } from './indexed-view.ts';
import { configLike, outsideTrouble, type RepositoryView, type ViewTrouble } from './repository-view.ts';

export interface GitViewOptions {
  /** The repository's name in the estate; `''` for the main one. */
  readonly repo?: string;
  /** Blobs shared with other views of the same repository. */
  readonly objects?: GitObjects;
  /** What lies in the work tree beside every commit. */
  readonly beside?: Promise<Beside>;
}

/** A repository at a commit: no checkout is needed and none is touched. */
export async function openGitView(
  repository: Repository,
  revision: Revision,
  { repo = '', objects = new GitObjects(repository), beside }: GitViewOptions = {},
): Promise<RepositoryView> {
  const listing =
    listedHere(repository, revision) ??
    listingFrom(repository, revision, await gitAsync(repository, listArguments(revision), listed));
  const content = new BlobContent(objects, listing.files);
  const lies = await beside;
  // Without a work tree it is for `.gitignore` to say what may lie there.
  if (lies === undefined) {
    const ignored = IgnoredByPattern.of(listing.names.ignoring, listing.files, (path) =>
      textOf(path, listing, content),
    );
    return new GitView({ repo, revision, listing, content, ignored });
  }
  const { ignored } = lies;
  const files = withBeside(listing.files, lies.files);
  if (files === undefined && ignored === undefined) return new GitView({ repo, revision, listing, content });
  return new GitView({
    repo,
    revision,
    listing: files === undefined ? listing : listingOf(files),
    content,
    ignored,
    beside: besideIdentity(files ?? noFiles, ignored),
  });
}

/** The same, waited for: for a repository that evaluation meets on its way. */
export function openGitViewNow(
  repository: Repository,
  revision: Revision,
  { repo = '', objects = new GitObjects(repository) }: GitViewOptions = {},
): RepositoryView {
  const listing =
    listedHere(repository, revision) ??
    listingFrom(repository, revision, gitSync(repository, listArguments(revision), listed));
  return new GitView({ repo, revision, listing, content: new BlobContent(objects, listing.files) });
}

const noFiles: ReadonlyMap<string, IndexedFile> = new Map();

function textOf(path: string, { files }: Listing, content: BlobContent): string | undefined {
  const file = files.get(path);
  return file === undefined ? undefined : content.text(path, file);
}

/** Without starting git. */
function listedHere(repository: Repository, { tree }: Revision): Listing | undefined {
  const resident = repository.resident?.listing(tree);
  if (resident !== undefined) return resident;
  const files = indexListing(repository, tree);
  if (files === undefined) return undefined;
  return repository.resident?.keep(tree, listingOf(files)) ?? listingOf(files);
}

/** More than a million files, each with its path and its id. */
const listed = { most: 128 * 1024 * 1024 } as const;

function listArguments({ tree }: Revision): readonly string[] {
  return ['ls-tree', '-r', '-z', '--full-tree', tree];
}

function listingFrom(repository: Repository, { tree }: Revision, answer: GitAnswer): Listing {
  const bytes = succeeded(repository, answer);
  const listing = listingOf(readTreeListing(bytes));
  // Names that are not UTF-8 are written otherwise, and then their order is another.
  return repository.resident !== undefined && isUtf8(bytes) ? repository.resident.keep(tree, listing) : listing;
}

interface GitViewParts {
  readonly repo: string;
  readonly revision: Revision;
  readonly listing: Listing;
  readonly content: BlobContent;
  readonly ignored?: IgnoredPaths | undefined;
  readonly beside?: string;
}

class GitView extends IndexedView implements RepositoryView {
  readonly identity: string;
  readonly #listing: Listing;
  readonly #content: BlobContent;

  constructor({ repo, revision, listing, content, ignored, beside }: GitViewParts) {
    super({ repo, revision: revision.commit ?? revision.tree, repoRoot: '', ...listing, content, ignored });
    this.identity = beside === undefined ? revision.tree : `${revision.tree} ${beside}`;
    this.#listing = listing;
    this.#content = content;
  }

  preload(wanted: (path: string) => boolean = configLike): Promise<void> {
    return this.#content.load(wanted);
  }

  troubles(): readonly ViewTrouble[] {
    const { files, names } = this.#listing;
    const troubles = names.hasLinks ? linksOutside(files, this.#content).map(outsideTrouble) : [];
    if (this.#content.hasTooLarge)
      for (const [path, file] of files)
        if (this.#content.isTooLarge(path, file)) troubles.push({ path, kind: 'too-large', detail: 'beyond 16 MiB' });
    return troubles.sort((a, b) => byCodeUnit(a.path, b.path));
  }
}
