import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Binding, bindingFolder, readBinding } from '../config/binding.ts';
import type { BindingPlace, SsmPlace } from '../config/store-settings.ts';
import { byCodeUnit } from '../model/digest.ts';
import type { Environment } from '../model/file-view.ts';
import { readOwnFile } from '../observe/estate/own-file.ts';

/** The account of one binding, as `karma.yaml` and the binding's file say together. */
export interface Account {
  readonly binding: string;
  readonly place: Omit<BindingPlace, 'environment'>;
  /** What `<prefix>/environment` must say there; undefined when nobody says. */
  readonly environment: string | undefined;
  readonly prefix: string;
  readonly roots: readonly string[];
  /** Its AWS account's number, when the binding's file holds it. */
  readonly number: string | undefined;
  /** Equal for two bindings that reach the same account by the same way. */
  readonly way: string;
}

export interface AccountsOptions {
  readonly settings: SsmPlace;
  /** The estate's folder, for its binding files. */
  readonly folder: string;
  /** As `karma.yaml` says. */
  readonly prefix: string | undefined;
  readonly env: Environment;
}

/** Every account of the estate, by binding: those of binding files, and those that `karma.yaml` adds. */
export interface Accounts {
  names(): readonly string[];
  /** The same without the one that stands for an estate that names none. */
  named(): readonly string[];
  /** A name that nothing mentions is an environment with one account, the one at hand. */
  of(binding: string): Account;
  /** Other bindings that are reached the same way, so that one account would stand for several. */
  rivals(account: Account): readonly Account[];
}

export function accounts(options: AccountsOptions): Accounts {
  const { settings, folder } = options;
  let files: ReadonlyMap<string, Binding> | undefined;
  const filed = () => {
    files ??= bindingFiles(folder);
    return files;
  };
  const named = () => [...new Set([...filed().keys(), ...Object.keys(settings.bindings)])].sort(byCodeUnit);
  const names = () => {
    const all = named();
    return all.length === 0 ? ['default'] : all;
  };
  const of = (binding: string) => accountOf(binding, filed().get(binding), options);
  return {
    names,
    named,
    of,
    rivals: (account) =>
      names()
        .filter((name) => name !== account.binding)
        .map(of)
        .filter(({ way }) => way === account.way),
  };
}

function accountOf(binding: string, file: Binding | undefined, options: AccountsOptions): Account {
  const { settings, prefix, env } = options;
  const { bindings, paths, prefix: ownPrefix, ...shared } = settings;
  const { environment, ...own } = bindings[binding] ?? {};
  const { region = file?.region, ...rest } = { ...placeIn(shared), ...own };
  const base = trimmed(file?.prefix ?? ownPrefix ?? prefix ?? env['IAC_PREFIX'] ?? '/iac');
  const place = { ...rest, ...(region === undefined ? {} : { region }) };
  const { decrypt, quota, quotaShare, maxAge, ...way } = place;
  return {
    binding,
    place,
    environment: environment ?? file?.environment ?? (binding === 'default' ? undefined : binding),
    prefix: base,
    roots: [...new Set([base, ...paths.map(trimmed)])],
    number: file?.account,
    way: JSON.stringify(Object.entries(way).sort(([a], [b]) => byCodeUnit(a, b))),
  };
}

function placeIn({
  region,
  profile,
  role,
  endpoint,
  decrypt,
  quota,
  quotaShare,
  maxAge,
}: Omit<SsmPlace, 'bindings' | 'paths' | 'prefix'>): Omit<BindingPlace, 'environment'> {
  const all = { region, profile, role, endpoint, decrypt, quota, quotaShare, maxAge };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function trimmed(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Binding files as they stand on disk; what is wrong with one is a finding elsewhere. */
function bindingFiles(folder: string): ReadonlyMap<string, Binding> {
  const found = new Map<string, Binding>();
  for (const name of filesIn(join(folder, bindingFolder))) {
    const { binding } = readBinding(`${bindingFolder}/${name}`, textOf(join(folder, bindingFolder, name), folder));
    if (binding !== undefined) found.set(binding.name, binding);
  }
  return found;
}

/** What cannot be read is a finding where the estate is read. */
function textOf(path: string, top: string): string {
  try {
    return readOwnFile(path, top) ?? '';
  } catch {
    return '';
  }
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}
