import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { archivePrefix, type FetchedModule, type ModuleAsk, registryPrefix } from '../model/fetched-module.ts';
import { withoutCredentials } from '../model/without-credentials.ts';
import { addressAsked } from '../observe/estate/fetched-modules.ts';
import { fetchArchive } from './archive.ts';
import { fetchGitModule } from './git-module.ts';
import type { HttpOptions } from './http.ts';
import { importTree } from './import-tree.ts';
import { nameInTheMaking, type Processes } from './in-the-making.ts';
import { findInRegistry } from './registry.ts';
import { FetchTrouble } from './trouble.ts';

export interface FetchOptions extends HttpOptions {
  /** Where fetched modules lie, each a bare repository. */
  readonly folder: string;
  readonly now: () => string;
  readonly processes: Processes;
}

type Got = Pick<FetchedModule, 'meant' | 'from' | 'commit' | 'folder'>;

/**
 * Brings one module to this machine, whole or not at all. Only ever because a person asked.
 * @throws FetchTrouble with why
 */
export async function fetchModule(ask: ModuleAsk, options: FetchOptions): Promise<FetchedModule> {
  const { kind, plain } = addressAsked(ask.address);
  const repository = `${plain.replace(/[^\w.-]+/g, '-').slice(-60)}-${digest(`${kind}\n${plain}\n${ask.ref}`)}.git`;
  // Made beside and put in place when it is whole.
  const making = join(options.folder, nameInTheMaking(repository, options.processes));
  rmSync(making, { recursive: true, force: true });
  try {
    const got = await fetchInto(ask, making, options);
    const place = join(options.folder, repository);
    rmSync(place, { recursive: true, force: true });
    renameSync(making, place);
    return { kind, address: plain, ref: ask.ref, ...got, repository, fetchedAt: options.now() };
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function fetchInto({ address, ref }: ModuleAsk, into: string, options: FetchOptions): Promise<Got> {
  if (address.startsWith(archivePrefix)) return fromSource(address.slice(archivePrefix.length), into, options);
  if (!address.startsWith(registryPrefix)) return fromGit(address, ref, '', into, options);
  const found = await findInRegistry(address.slice(registryPrefix.length), ref, options);
  return { ...(await fromSource(found.source, into, options)), meant: found.version };
}

async function fromGit(url: string, ref: string, folder: string, into: string, options: FetchOptions): Promise<Got> {
  const plainUrl = url.replace(/^git::/, '').replace(/^(github\.com|gitlab\.com|bitbucket\.org)\//, 'https://$1/');
  const commit = await fetchGitModule({ url: plainUrl, ref }, into, options.signal);
  return { meant: commit, from: withoutCredentials(plainUrl), commit, folder };
}

/** What a registry points to, or an archive's URL: `//folder` parts the package from the folder in it. */
async function fromSource(source: string, into: string, options: FetchOptions): Promise<Got> {
  const [before = '', query = ''] = source.split('?');
  const scheme = before.indexOf('://');
  const parted = before.indexOf('//', scheme < 0 ? 0 : scheme + 3);
  const [pack, folder] =
    parted < 0 ? [before, ''] : [before.slice(0, parted), before.slice(parted + 2).replace(/^\/+|\/+$/g, '')];
  if (folder.split('/').includes('..')) throw new FetchTrouble('it names a folder outside of its package');
  if (/^git::|^git@|\.git$|^(?:github\.com|gitlab\.com|bitbucket\.org)\//.test(pack))
    return fromGit(pack, new URLSearchParams(query).get('ref') ?? '', folder, into, options);
  const { checksum, files } = await fetchArchive(query === '' ? pack : `${pack}?${query}`, options);
  // `*` is how registries say: the one folder that the archive holds.
  const inner =
    folder === '*' || folder.startsWith('*/')
      ? onlyFolder(
          files.map(({ path }) => path),
          folder,
        )
      : folder;
  return { meant: checksum, from: withoutCredentials(pack), commit: await importTree(files, into), folder: inner };
}

function onlyFolder(paths: readonly string[], written: string): string {
  const roots = new Set(paths.map((path) => path.slice(0, Math.max(path.indexOf('/'), 0))));
  const [root = ''] = roots;
  return written.replace('*', root).replace(/\/+$/, '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
