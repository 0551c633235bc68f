/** A module that lies elsewhere and was brought to this machine because somebody asked for it: what its source meant then. */
export interface FetchedModule {
  readonly kind: 'git' | 'registry' | 'archive';
  /** `host/owner/name` of a Git repository, `host/namespace/name/provider` of a registry, an archive's host and path. */
  readonly address: string;
  /** The ref or version constraint as the estate writes it; `''` where it writes none. */
  readonly ref: string;
  /** What the ref meant: a commit, a version, an archive's SHA-256. */
  readonly meant: string;
  /** Where it was fetched from; no credentials. */
  readonly from: string;
  /** The repository that holds it, a folder's name beside the lock. */
  readonly repository: string;
  /** The commit in that repository. */
  readonly commit: string;
  /** The folder of the repository that the address means; `''` for the whole. */
  readonly folder: string;
  /** ISO 8601, UTC. */
  readonly fetchedAt: string;
}

/** A module that inference asked for and did not get. */
export interface ModuleAsk {
  /** A Git URL, or a registry's address or an archive's URL behind its prefix. */
  readonly address: string;
  /** A Git ref, a version constraint; `''` where none is written. */
  readonly ref: string;
}

/** How inference asks for a module that is no Git repository: the registry's address or the archive's URL behind it. */
export const registryPrefix = 'registry::';
export const archivePrefix = 'archive::';

/** The repository's name in the places of its files: `github.com/acme/net@v1`, `registry.terraform.io/acme/net/aws@3.2.1`. */
export function fetchedName({ kind, address, ref, meant }: FetchedModule): string {
  const at = kind === 'git' ? ref || 'HEAD' : kind === 'archive' ? meant.slice(0, 12) : meant;
  return `${address}@${at}`;
}

/** The file that holds all of them, in the folder of fetched modules. */
export const modulesLock = 'modules.lock.json';
