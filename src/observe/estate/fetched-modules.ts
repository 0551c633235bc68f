import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../model/digest.ts';
import {
  archivePrefix,
  type FetchedModule,
  fetchedName,
  modulesLock,
  registryPrefix,
} from '../../model/fetched-module.ts';
import { plainAddress } from '../git/remote-address.ts';

/** The modules that were fetched, as their lock names them. Reads one file; what is damaged reads as nothing fetched. */
export class FetchedModules {
  readonly folder: string;
  /** Equal identities mean that the same modules are at hand; `''` where there are none. */
  readonly identity: string;
  readonly #byAsk: ReadonlyMap<string, FetchedModule>;
  readonly #byName: ReadonlyMap<string, FetchedModule>;

  constructor(folder: string) {
    this.folder = folder;
    const text = readText(join(folder, modulesLock));
    const modules = text === undefined ? [] : modulesIn(text);
    this.#byAsk = new Map(modules.map((one) => [askOf(one.kind, one.address, one.ref), one]));
    this.#byName = new Map(modules.map((one) => [fetchedName(one), one]));
    this.identity = text === undefined || modules.length === 0 ? '' : sha256(text);
  }

  /** What a source was fetched as. @param address as the estate writes it */
  find(address: string, ref: string | undefined): FetchedModule | undefined {
    const { kind, plain } = addressAsked(address);
    return this.#byAsk.get(askOf(kind, plain, ref ?? ''));
  }

  /** By the name that its places carry. */
  named(name: string): FetchedModule | undefined {
    return this.#byName.get(name);
  }

  all(): readonly FetchedModule[] {
    return [...this.#byAsk.values()];
  }
}

/** What is asked for, in the words of the lock. */
export function addressAsked(address: string): { readonly kind: FetchedModule['kind']; readonly plain: string } {
  if (address.startsWith(archivePrefix))
    return { kind: 'archive', plain: plainAddress(address.slice(archivePrefix.length)) };
  if (!address.startsWith(registryPrefix)) return { kind: 'git', plain: plainAddress(address) };
  const written = address.slice(registryPrefix.length);
  const whole = written.split('/').length === 3 ? `registry.terraform.io/${written}` : written;
  return { kind: 'registry', plain: whole.replace(/^([^/:]+):\d+/, '$1') };
}

function askOf(kind: string, address: string, ref: string): string {
  return `${kind}\n${address}\n${ref}`;
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function modulesIn(text: string): FetchedModule[] {
  try {
    const { modules } = JSON.parse(text) as { readonly modules?: unknown };
    return Array.isArray(modules) ? modules.filter(isFetched) : [];
  } catch {
    return [];
  }
}

function isFetched(one: unknown): one is FetchedModule {
  if (one === null || typeof one !== 'object') return false;
  const members = ['address', 'ref', 'meant', 'from', 'repository', 'commit', 'folder', 'fetchedAt'] as const;
  const found = one as Partial<Record<(typeof members)[number], unknown>>;
  if (members.some((name) => typeof found[name] !== 'string')) return false;
  if (!['git', 'registry', 'archive'].includes(String((one as { kind?: unknown }).kind))) return false;
  // It names a folder beside the lock, whoever wrote it.
  return /^[\w.-]+$/.test(String(found.repository)) && /^[0-9a-f]{40,64}$/.test(String(found.commit));
}
