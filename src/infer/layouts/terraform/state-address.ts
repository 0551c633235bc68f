import { holeOf } from '../../../hcl/places.ts';
import type { Value } from '../../../hcl/value.ts';
import { isObject, isUnknown } from '../../../hcl/value.ts';
import type { Address } from '../../../model/claim.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { tableOf } from '../../../model/table.ts';
import { estateRoot } from '../../terraform/file-account.ts';
import { localModulePath } from '../../terraform/module-source.ts';
import { withoutPlaceholders } from './placeholder.ts';

/**
 * Where a Terraform state lives. Both sides, the root module that configures a backend and the data block that reads a state,
 * come here, so that equal addresses give equal keys. The workspace is no part of a component, so it stands as `*`. An address
 * of which a part is open gives no key: who it may be, what is known of it tells.
 */
export interface StateAddress {
  readonly backend: string;
  /** The address as people know it: `s3://bucket/key`. */
  readonly shown: string;
  /** Everything of it is known. */
  readonly known: boolean;
  /** The key that stands for it, then others it may be found under. */
  readonly keys: readonly string[];
  /** What is known of it. */
  readonly addresses: readonly Address[];
}

/** A backend's configuration, evaluated: known texts, unknowns, or absent. */
export type BackendConfig = ReadonlyMap<string, Value>;

interface Part {
  /** The text, with `${…}` for what is not known; undefined when nothing is set. */
  readonly text: string | undefined;
  readonly known: boolean;
}

function part(config: BackendConfig, name: string): Part {
  const value = config.get(name) ?? null;
  if (typeof value === 'string') return value === '' ? { text: undefined, known: true } : written(hideInText(value));
  if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value), known: true };
  if (isUnknown(value)) return { text: holeOf(value), known: false };
  return { text: undefined, known: true };
}

function written(value: string): Part {
  const text = withoutPlaceholders(value);
  return { text, known: text === value };
}

interface Sketch {
  /** `bucket`, or an account and container; undefined when the source does not show it. */
  readonly store: Part;
  /** What identifies the state in the store. */
  readonly key: Part;
  readonly scheme: string;
}

/** Backends whose state is one key in one store. */
const stores = tableOf<(config: BackendConfig) => Omit<Sketch, 'scheme'>>({
  s3: (config) => ({ store: part(config, 'bucket'), key: part(config, 'key') }),
  gcs: (config) => ({ store: part(config, 'bucket'), key: trimmed(part(config, 'prefix'), 'default') }),
  azurerm: (config) => ({
    store: joined(part(config, 'storage_account_name'), part(config, 'container_name')),
    key: azureKey(part(config, 'key')),
  }),
  oss: (config) => ({
    store: part(config, 'bucket'),
    key: joinedPath(orText(part(config, 'prefix'), 'env:'), orText(part(config, 'key'), 'terraform.tfstate')),
  }),
  cos: (config) => ({
    store: part(config, 'bucket'),
    key: joinedPath(orText(part(config, 'prefix'), 'env:'), orText(part(config, 'key'), 'terraform.tfstate')),
  }),
  oci: (config) => ({
    store: joined(part(config, 'namespace'), part(config, 'bucket')),
    key: orText(part(config, 'key'), 'terraform.tfstate'),
  }),
  consul: (config) => ({ store: part(config, 'address'), key: part(config, 'path') }),
  http: (config) => ({ store: known('http'), key: part(config, 'address') }),
  kubernetes: (config) => ({
    store: joined(
      firstSet(config, ['config_context', 'host', 'config_path']),
      orText(part(config, 'namespace'), 'default'),
    ),
    key: part(config, 'secret_suffix'),
  }),
  pg: (config) => ({
    store: database(part(config, 'conn_str')),
    key: orText(part(config, 'schema_name'), 'terraform_remote_state'),
  }),
  artifactory: (config) => ({ store: joined(part(config, 'url'), part(config, 'repo')), key: part(config, 'subpath') }),
  swift: (config) => ({ store: part(config, 'container'), key: orText(part(config, 'state_name'), 'tfstate.tf') }),
  manta: (config) => ({ store: part(config, 'path'), key: orText(part(config, 'object_name'), 'terraform.tfstate') }),
  etcd: (config) => ({ store: part(config, 'endpoints'), key: part(config, 'path') }),
  etcdv3: (config) => ({ store: known('etcdv3'), key: part(config, 'prefix') }),
});

/** Backends that keep a workspace's state in a folder of its own beside the default one. */
const workspacesByKey: ReadonlySet<string> = new Set(['s3', 'oci']);

function firstSet(config: BackendConfig, names: readonly string[]): Part {
  return names.map((name) => part(config, name)).find(({ text }) => text !== undefined) ?? unset;
}

const unset: Part = { text: undefined, known: true };

/** Host and database of a connection: it may hold a password. */
function database({ text, known: isKnown }: Part): Part {
  const [, host, name] = /^postgres(?:ql)?:\/\/(?:[^@/]*@)?([^/?]+)\/?([^?]*)/.exec(text ?? '') ?? [];
  return host === undefined ? unset : { text: `${host}/${name ?? ''}`, known: isKnown };
}

const known = (text: string): Part => ({ text, known: true });

function orText(one: Part, otherwise: string): Part {
  return one.text === undefined ? known(otherwise) : one;
}

function trimmed(one: Part, otherwise: string): Part {
  const text = one.text?.replace(/^\/+|\/+$/g, '');
  return text === undefined || text === '' ? known(otherwise) : { text, known: one.known };
}

/** Azure appends `env:<workspace>` to the key. */
function azureKey(one: Part): Part {
  return one.text === undefined ? one : { text: one.text.replace(/env:[^/]*$/, ''), known: one.known };
}

function joined(a: Part, b: Part): Part {
  if (a.text === undefined || b.text === undefined) return { text: undefined, known: a.known && b.known };
  return { text: `${a.text}/${b.text}`, known: a.known && b.known };
}

const joinedPath = joined;

/** An address out of a root module's own backend, or undefined for a backend that Karma does not know. */
export function providedAddress(backend: string, config: BackendConfig, folder: string): StateAddress | undefined {
  if (backend === 'local') return localAddress(config, folder);
  if (backend === 'remote' || backend === 'cloud') return remoteAddress(config, folder);
  const sketch = stores[backend]?.(config);
  if (sketch === undefined) return undefined;
  const { store, key } = sketch;
  const prefix = workspacesByKey.has(backend) ? part(config, 'workspace_key_prefix') : unset;
  const inWorkspaces =
    workspacesByKey.has(backend) && prefix.known && key.text !== undefined
      ? [`${prefix.text ?? 'env:'}/*/${key.text}`]
      : [];
  const under = prefix.text === undefined || key.text === undefined ? [] : [`${prefix.text}/${open}/${key.text}`];
  return addressOf(backend, store, key, key.known ? inWorkspaces : [], under);
}

/** What the source does not show. */
const open = '${?}';

/** Keys for the same state under a workspace, or with the workspace written out in the key. */
export function neededAddress(
  backend: string,
  config: BackendConfig,
  folder: string,
  workspace: Value | undefined,
): StateAddress | undefined {
  if (backend === 'local') return localAddress(config, folder);
  if (backend === 'remote' || backend === 'cloud') return remoteAddress(config);
  const sketch = stores[backend]?.(config);
  if (sketch === undefined) return undefined;
  const { store, key } = sketch;
  if (!workspacesByKey.has(backend) || key.text === undefined) return addressOf(backend, store, key, []);
  const prefix = part(config, 'workspace_key_prefix').text ?? 'env:';
  const elsewhere = workspace !== undefined && workspace !== null && workspace !== 'default';
  const inWorkspace = elsewhere ? [`${prefix}/*/${key.text}`] : [];
  return addressOf(backend, store, key, key.known ? [...inWorkspace, ...starred(key.text)] : starred(key.text));
}

/** The key with each of its inner steps in turn read as a workspace's name, which a star stands for. A hole is a star too. */
function starred(key: string): readonly string[] {
  const steps = key.split('/');
  const holes = steps.filter((step) => step.includes('${')).length;
  if (holes > 1 || steps.length < 3) return [];
  if (steps[0] === 'env:') return [`env:/*/${steps.slice(2).join('/')}`].filter((one) => !one.includes('${'));
  return steps
    .map((_step, i) => i)
    .filter((i) => i > 0 && i < steps.length - 1 && (holes === 0 || (steps[i] ?? '').includes('${')))
    .map((i) => steps.map((step, at) => (at === i ? '*' : step)).join('/'));
}

/** @param others keys in the same store that it may be found under; @param under names that it has in part. */
function addressOf(
  backend: string,
  store: Part,
  key: Part,
  others: readonly string[],
  under: readonly string[] = [],
): StateAddress {
  const storeKnown = store.known && store.text !== undefined;
  const keyKnown = key.known && key.text !== undefined;
  const where = store.text ?? open;
  const name = key.text ?? open;
  const keys = storeKnown ? [...(keyKnown ? [name] : []), ...others] : [];
  return {
    backend,
    shown: `${backend}://${store.text ?? '?'}/${key.text ?? '?'}`,
    known: storeKnown && keyKnown,
    keys: keys.map((one) => `state:${backend}://${where}/${one}`),
    addresses: [name, ...under].map((one) => [where, one] as const),
  };
}

/** A local state's path, from the repository's root. A workspace's state lies in a folder of its own. */
function localAddress(config: BackendConfig, folder: string): StateAddress | undefined {
  const path = orText(part(config, 'path'), 'terraform.tfstate');
  const shown = path.text?.replace(/\$\{[^}]*\}/g, open) ?? open;
  const text = shown.startsWith(`${estateRoot}/`) ? shown.slice(estateRoot.length) : shown;
  if (text.startsWith('/') && text === shown && !text.startsWith(`/${folder}`)) return localAt(text, path.known);
  const written = text.startsWith('/') ? localModulePath('', text) : localModulePath(folder, text);
  return localAt(written.replace(/(^|\/)terraform\.tfstate\.d\/[^/]+\//, '$1'), path.known);
}

function localAt(path: string, isKnown: boolean): StateAddress {
  const shown = `local:${path}`;
  return { backend: 'local', shown, known: isKnown, keys: isKnown ? [`state:${shown}`] : [], addresses: [['', path]] };
}

/**
 * HCP Terraform and Enterprise: a workspace by name, or by a prefix that workspaces share.
 *
 * @param folder of the root module that keeps its state there; undefined for one that reads it.
 */
function remoteAddress(config: BackendConfig, folder?: string): StateAddress | undefined {
  const organization = part(config, 'organization');
  const host = orText(part(config, 'hostname'), 'app.terraform.io');
  const workspaces = config.get('workspaces') ?? null;
  const inside: BackendConfig = new Map(isObject(workspaces) ? Object.entries(workspaces) : []);
  const name = part(inside, 'name');
  const prefix = part(inside, 'prefix');
  const store = joined(host, organization);
  const complete = store.known && store.text !== undefined;
  const where = complete ? (store.text ?? open) : `${host.known ? host.text : open}/${open}`;
  const at = (one: string) => `state:remote://${where}/${one}`;
  const whenComplete = (keys: readonly string[]) => (complete ? keys.map(at) : []);
  const shown = `remote://${store.text ?? '?'}/${name.text ?? (prefix.text === undefined ? '?' : `${prefix.text}*`)}`;
  if (prefix.text !== undefined && prefix.known && name.text === undefined) {
    const addresses = [[where, `${prefix.text}${open}`]] as const;
    return { backend: 'remote', shown, known: complete, keys: whenComplete([`${prefix.text}*`]), addresses };
  }
  if (name.text === undefined) {
    // Workspaces by tag are mostly called after the folder: `vpc-prod` is tagged `vpc` and lies in `vpc`.
    const tags = tagsOf(inside.get('tags') ?? null).filter((tag) => folder?.split('/').pop() === tag);
    const keys = whenComplete(tags.map((tag) => `#${tag}`));
    return { backend: 'remote', shown, known: false, keys, addresses: [[where, open]] };
  }
  const keys = whenComplete(folder === undefined ? workspaceNames(name) : name.known ? [name.text] : []);
  return { backend: 'remote', shown, known: complete && name.known, keys, addresses: [[where, name.text]] };
}

function tagsOf(tags: Value): readonly string[] {
  if (Array.isArray(tags)) return tags.filter((tag): tag is string => typeof tag === 'string');
  return isObject(tags) ? Object.values(tags).filter((tag): tag is string => typeof tag === 'string') : [];
}

/**
 * A workspace's name, then the prefixes and tags it may go by: `vpc-prod` is `vpc-*` or tagged `vpc`. With a hole in it only
 * what stands before the hole counts.
 */
function workspaceNames({ text = '', known: isKnown }: Part): readonly string[] {
  const literal = isKnown ? text : text.slice(0, text.indexOf('${'));
  const cuts = [...literal.matchAll(/[-_]/g)].map(({ index }) => literal.slice(0, index + 1)).reverse();
  return [...(isKnown ? [text] : []), ...cuts.map((cut) => `${cut}*`), ...cuts.map((cut) => `#${cut.slice(0, -1)}`)];
}
