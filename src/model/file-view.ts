/**
 * One repository's tree at one commit, or a work tree as it is. Evaluation sees an estate through it alone, so it is pure
 * and works at any revision, in a bare repository, without a checkout. A view is not a cache: it answers for one moment.
 *
 * Paths are relative to the repository's root, POSIX, without `./` or a trailing slash; the root is `''`. Symbolic links
 * that stay inside the tree are followed; one that leaves it does not exist. Where the estate is a subfolder of its
 * repository, paths are relative to that folder, and `../…` reaches up to {@link FileView.repoRoot}, never further.
 */
export interface FileView {
  /** The repository's name inside the estate: `''` for the one Karma was pointed at, else a name such as `aws-iac`. */
  readonly repo: string;
  /** What was read: a commit id, or `worktree`. */
  readonly revision: string;
  /** The branch or tag that was followed to the revision, when one was and it is known. */
  readonly ref?: string | undefined;
  /** The Git repository's root as a path of this view: `''`, or `..`, `../..`; undefined for a folder that is no repository. */
  readonly repoRoot?: string | undefined;
  /** The same object in views that have the same files and folders, whatever stands in the files; undefined: not known. */
  readonly names?: object | undefined;
  /** The same base in views that differ from each other at most in the files at these paths; undefined: not known. */
  readonly since?: { readonly base: object; readonly paths: Iterable<string> } | undefined;
  /** The text of a file, or undefined when there is none or it is beyond 16 MiB. Bytes that are not UTF-8 come as U+FFFD. */
  read(path: string): string | undefined;
  isFile(path: string): boolean;
  isDirectory(path: string): boolean;
  /** The entries of a folder, sorted by name by code unit; empty when there is no such folder. */
  list(path: string): readonly DirectoryEntry[];
  /** A digest of a file's content (Git's blob id, whatever the source), or undefined when there is none. */
  digest(path: string): string | undefined;
  /**
   * The names that a file of variables sets which Git ignores: it is no part of any commit, and a run in this work tree reads it.
   * Undefined for any other file. What it sets them to is not told.
   */
  setBeside?(path: string): readonly string[] | undefined;
  /** What Git ignores, and who runs Terraform may have all the same; undefined where that is nothing. */
  readonly ignored?: IgnoredPaths | undefined;
  /** A path with every symbolic link in it followed; undefined when it leads out of the tree. A view without links has none. */
  realPath?(path: string): string | undefined;
  /** The submodule that a path lies in, where it was not fetched: what stands there cannot be told. A view without them has none. */
  unfetched?(path: string): string | undefined;
  /** The place where what is seen at a path is really written, where the view lays one folder over another. */
  writtenAt?(path: string): string | undefined;
  /** The symbolic links of the tree; undefined where there are none. */
  readonly links?: Links | undefined;
  /** Every file below a folder, sorted by code unit, links not followed into folders. */
  files(under?: string): readonly string[];
  /** Counts the contents that a place names as read, see `contents.ts`, and digests them; views that record reads have it. */
  noteContents?(place: string): string;
}

/**
 * Paths that no commit holds because Git ignores them, and that are there in the work tree, or may be there where no work tree
 * shows it. What stands in them is not told: a run in another place has something else there.
 */
export interface IgnoredPaths {
  /** Equal where all answers are. */
  readonly digest: string;
  /** What is told rests on patterns alone: their digest. */
  readonly rules?: string;
  has(path: string): boolean;
  /**
   * What lies below a folder, sorted; a folder that is ignored whole ends in `/`.
   * @param pattern a glob below the folder, for those who know patterns only
   */
  below(folder: string, pattern?: string): readonly string[];
}

/** Stands in a read-set for what is there and in no commit. */
export const ignoredByGit = 'ignored';

export interface Links {
  /** What each says, by its path. */
  readonly targets: ReadonlyMap<string, string>;
  /** Where a path leads and the links on its way, in their order; `real` is undefined where it leads out of the tree. */
  follow(path: string): { readonly real: string | undefined; readonly through: readonly string[] };
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

/** Environment values an estate may ask for with `get_env`; injected so that evaluation stays pure. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A file's place in an estate: `path` in the main repository, `repo:path` in another. */
export function filePlace(repo: string, path: string): string {
  return repo === '' ? path : `${repo}:${path}`;
}
