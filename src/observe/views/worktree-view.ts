import { byCodeUnit } from '../../model/digest.ts';
import { BlobContent, linksOutside } from '../git/blob-content.ts';
import type { Repository } from '../git/git-repository.ts';
import { GitObjects } from '../git/objects/git-objects.ts';
import type { Revision } from '../git/revision.ts';
import { type DirtyKind, readWorktree, type WorktreeState } from '../git/worktree-state.ts';
import { Disk } from './disk.ts';
import { DiskContent } from './disk-content.ts';
import { IndexedView } from './indexed-view.ts';
import { configLike, outsideTrouble, type RepositoryView, type ViewTrouble } from './repository-view.ts';
import type { UntrackedAhead } from './untracked.ts';

/** A work tree as it is, uncommitted and untracked files included, ignored ones not. */
export interface WorktreeView extends RepositoryView {
  readonly head: Revision;
  /** Paths that differ from HEAD, sorted, each with how. */
  readonly dirty: ReadonlyMap<string, DirtyKind>;
}

export interface WorktreeViewOptions {
  readonly repo?: string;
  readonly objects?: GitObjects;
  /** Where git lists untracked files already. */
  readonly ahead?: UntrackedAhead | undefined;
  readonly onDirty?: (() => void) | undefined;
}

export async function openWorktreeView(
  repository: Repository,
  head: Revision | Promise<Revision>,
  { repo = '', objects = new GitObjects(repository), ahead, onDirty }: WorktreeViewOptions = {},
): Promise<WorktreeView> {
  const disk = new Disk(repository.root, repository.hash);
  const promised = Promise.resolve(head);
  const untracked = ahead?.take(repository);
  const state = await readWorktree(repository, promised, { disk, objects, untracked, onDirty });
  const blobs = new BlobContent(objects, state.files);
  return new WorktreeFiles({
    repo,
    head: await promised,
    state,
    disk,
    blobs,
    content: new DiskContent(disk, objects.texts, blobs),
  });
}

interface WorktreeParts {
  readonly repo: string;
  readonly head: Revision;
  readonly state: WorktreeState;
  readonly disk: Disk;
  readonly blobs: BlobContent;
  readonly content: DiskContent;
}

class WorktreeFiles extends IndexedView implements WorktreeView {
  readonly identity: string;
  readonly head: Revision;
  readonly dirty: ReadonlyMap<string, DirtyKind>;
  readonly #state: WorktreeState;
  readonly #disk: Disk;
  readonly #blobs: BlobContent;
  readonly #content: DiskContent;

  constructor({ repo, head, state, disk, blobs, content }: WorktreeParts) {
    super({ repo, revision: 'worktree', repoRoot: '', files: state.files, content, ignored: state.ignored });
    this.identity = state.identity;
    this.head = head;
    this.dirty = new Map([...state.dirty].sort(([a], [b]) => byCodeUnit(a, b)));
    this.#state = state;
    this.#disk = disk;
    this.#blobs = blobs;
    this.#content = content;
  }

  preload(wanted: (path: string) => boolean = configLike): Promise<void> {
    return this.#blobs.load(wanted);
  }

  troubles(): readonly ViewTrouble[] {
    const { files } = this.#state;
    const troubles = this.hasLinks ? linksOutside(files, this.#content).map(outsideTrouble) : [];
    if (this.#blobs.hasTooLarge)
      for (const [path, file] of files)
        if (this.#blobs.isTooLarge(path, file)) troubles.push({ path, kind: 'too-large', detail: 'beyond 16 MiB' });
    for (const path of this.#disk.forbidden) troubles.push({ path, kind: 'unreadable', detail: 'EACCES' });
    return [...troubles, ...this.#content.troubles()].sort((a, b) => byCodeUnit(a.path, b.path));
  }
}
