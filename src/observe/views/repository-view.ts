import type { FileView } from '../../model/file-view.ts';
import type { OutsideLink } from '../git/blob-content.ts';

/** A view of a whole repository, or of a folder that is none, with what it found on the way. */
export interface RepositoryView extends FileView {
  /** Equal identities mean equal content: the tree's id, or a digest over what a work tree holds. */
  readonly identity: string;
  /** Folders that other repositories fill, with the commit each is meant at. */
  readonly submodules: ReadonlyMap<string, string>;
  /** Files that Git ignores and that are seen all the same: those that Terraform loads by their names. */
  readonly beside: readonly string[];
  /** Reads what is likely asked for, in one go, beside the caller's own work. Never needed for correctness. */
  preload(wanted?: (path: string) => boolean): Promise<void>;
  /** What could not be read as it stands, so far. Sorted by path. */
  troubles(): readonly ViewTrouble[];
}

/** A file that is there and was not read. */
export interface ViewTrouble {
  readonly path: string;
  readonly kind: 'link-outside' | 'too-large' | 'unreadable' | 'submodule-missing';
  /** Where a link leads, or what the system said. */
  readonly detail: string;
}

export function outsideTrouble({ path, target }: OutsideLink): ViewTrouble {
  return { path, kind: 'link-outside', detail: target };
}

/** What evaluation is likely to read. Lambda sources, templates and documents come on demand. */
export function configLike(path: string): boolean {
  return /(?:\.(?:tf|hcl|json|ya?ml|tfvars|tfbackend)|(?:^|\/)CODEOWNERS)$/.test(path);
}
