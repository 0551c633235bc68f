import { join } from 'node:path';
import { archivePrefix, type FetchedModule, fetchedName, registryPrefix } from '../../model/fetched-module.ts';
import type { FileView } from '../../model/file-view.ts';
import { gitSync } from '../git/git-process.ts';
import { isObjectId, type Repository, remoteAddress, repositoryAt } from '../git/git-repository.ts';
import { GitObjects } from '../git/objects/git-objects.ts';
import { isNetworkAddress, repositoryName, sameRepository } from '../git/remote-address.ts';
import type { Revision } from '../git/revision.ts';
import type { ResidentRepositories } from '../resident/resident-repositories.ts';
import { openGitViewNow } from '../views/git-view.ts';
import { ScopedView } from '../views/scoped-view.ts';
import type { FetchedModules } from './fetched-modules.ts';
import { findSibling } from './sibling-repositories.ts';
import { existingFolder } from './source.ts';

/** A repository at hand that a remote address can mean. */
export interface KnownRepository {
  readonly name: string;
  readonly repository: Repository;
}

export interface RemoteModulesQuery {
  readonly folder: string;
  readonly repository: Repository | undefined;
  readonly known: readonly KnownRepository[];
  readonly resident?: ResidentRepositories | undefined;
  readonly fetched?: FetchedModules | undefined;
}

/**
 * Modules that live elsewhere, read at exactly the ref their source names, from a checkout or bare mirror at hand: one of
 * the estate's repositories, one beside it whose remote is that address, or what was fetched because somebody asked for it.
 * Never over the network. Synchronous, because evaluation is what asks; each repository and ref is opened once.
 */
export class RemoteModules {
  readonly #query: RemoteModulesQuery;
  readonly #repositories = new Map<string, KnownRepository | undefined>();
  readonly #objects = new Map<string, GitObjects>();
  readonly #views = new Map<string, FileView | undefined>();

  constructor(query: RemoteModulesQuery) {
    this.#query = query;
  }

  /**
   * The whole repository at the ref; without a ref its default branch. Its `repo` is `<name>@<ref>`. A registry's module or an
   * archive is asked for by its prefix, with the version constraint as ref.
   */
  view(address: string, ref: string | undefined): FileView | undefined {
    const isPackage = address.startsWith(registryPrefix) || address.startsWith(archivePrefix);
    const found = isPackage ? undefined : this.#find(address);
    const view = found === undefined ? undefined : this.#open(found, ref ?? 'HEAD');
    if (view !== undefined) return view;
    const fetched = this.#query.fetched?.find(address, ref);
    return fetched === undefined ? undefined : this.#openFetched(fetched);
  }

  /** The same by the name that its places carry: `<name>@<ref>`. */
  byName(name: string): FileView | undefined {
    const fetched = this.#query.fetched?.named(name);
    if (fetched !== undefined) return this.#openFetched(fetched);
    const at = name.indexOf('@');
    if (at <= 0) return undefined;
    const found = this.#find(name.slice(0, at));
    return found === undefined ? undefined : this.#open(found, name.slice(at + 1));
  }

  #openFetched(fetched: FetchedModule): FileView | undefined {
    const key = fetchedName(fetched);
    if (this.#views.has(key)) return this.#views.get(key);
    const repository = repositoryOf(join(this.#query.fetched?.folder ?? '', fetched.repository));
    const view = repository === undefined ? undefined : this.#fetchedView(repository, fetched, key);
    this.#views.set(key, view);
    return view;
  }

  #fetchedView(repository: Repository, { commit, folder }: FetchedModule, key: string): FileView | undefined {
    const revision = revisionOf(repository, commit);
    if (revision === undefined) return undefined;
    const whole = openGitViewNow(repository, revision, { repo: key, objects: this.#objectsOf(repository) });
    return folder === '' ? whole : new ScopedView(whole, folder, key);
  }

  #objectsOf(repository: Repository): GitObjects {
    const objects = this.#objects.get(repository.root) ?? new GitObjects(repository);
    this.#objects.set(repository.root, objects);
    return objects;
  }

  #find(address: string): KnownRepository | undefined {
    if (!this.#repositories.has(address)) this.#repositories.set(address, this.#look(address));
    return this.#repositories.get(address);
  }

  #look(address: string): KnownRepository | undefined {
    const { folder, repository, known, resident } = this.#query;
    const name = repositoryName(address);
    for (const one of known) {
      const remote = remoteAddress(one.repository);
      // A mirror that a person named is taken by its name; a remote that says otherwise counts more.
      const fits =
        remote !== undefined && isNetworkAddress(remote) ? sameRepository(remote, address) : one.name === name;
      if (fits) return { name: one.name === '' ? name : one.name, repository: one.repository };
    }
    const sibling = findSibling(folder, repository, address);
    const beside = sibling === undefined ? undefined : repositoryOf(sibling);
    const remote = beside === undefined ? undefined : remoteAddress(beside);
    const isIt = remote !== undefined && sameRepository(remote, address);
    return beside !== undefined && isIt ? { name, repository: resident?.of(beside) ?? beside } : undefined;
  }

  #open({ name, repository }: KnownRepository, ref: string): FileView | undefined {
    const key = `${name}@${ref}`;
    if (this.#views.has(key)) return this.#views.get(key);
    const revision = revisionOf(repository, ref);
    const objects = this.#objectsOf(repository);
    const view = revision === undefined ? undefined : openGitViewNow(repository, revision, { repo: key, objects });
    this.#views.set(key, view);
    return view;
  }
}

/** A tag before a branch, as Terraform's own `git checkout` would; what was fetched before what lies here. */
function revisionOf(repository: Repository, ref: string): Revision | undefined {
  if (/^[-^]|\.\.|[\0\n\r~:@{]/.test(ref)) return undefined;
  const names =
    ref === 'HEAD'
      ? ['refs/remotes/origin/HEAD', 'HEAD']
      : [`refs/tags/${ref}`, `refs/remotes/origin/${ref}`, `refs/heads/${ref}`];
  if (isObjectId(ref) || /^[0-9a-f]{7,}$/.test(ref)) names.push(ref);
  for (const name of names) {
    const answer = gitSync(repository, ['log', '-1', '--no-color', '--no-patch', '--format=%H%n%T', name, '--']);
    const [commit, tree] = answer.stdout.toString().trim().split('\n');
    if (answer.code === 0 && commit && tree) return { name: ref, commit, tree };
  }
  return undefined;
}

function repositoryOf(folder: string): Repository | undefined {
  try {
    return existingFolder(folder) === undefined ? undefined : repositoryAt(folder);
  } catch {
    return undefined;
  }
}

/** The estate's repositories by name; one more is found when asked for as `<name>@<ref>`, and never when listed. */
export class EstateRepositories extends Map<string, FileView> {
  readonly #elsewhere: RemoteModules;

  constructor(views: Iterable<readonly [string, FileView]>, elsewhere: RemoteModules) {
    super(views);
    this.#elsewhere = elsewhere;
  }

  override get(name: string): FileView | undefined {
    return super.get(name) ?? (name.includes('@') ? this.#elsewhere.byName(name) : undefined);
  }
}
