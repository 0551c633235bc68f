import { holeOf } from '../../../hcl/places.ts';
import type { Value } from '../../../hcl/value.ts';
import { isObject, isUnknown } from '../../../hcl/value.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { tableOf } from '../../../model/table.ts';
import { estateRoot } from '../../terraform/file-account.ts';
import { localModulePath } from '../../terraform/module-source.ts';
import { shapeAsked, shapesOf } from './state-shape.ts';

/**
 * Where a Terraform state lives, as canonical keys. Both sides, the root module that configures a backend and the data block
 * that reads a state, come here, so that equal addresses give equal keys. The workspace is no part of a component, so it
 * stands as `*`; what is not shown in the source stands as `?`.
 */
export interface StateAddress {
  readonly backend: string;
  /** The address as people know it: `s3://bucket/key`. */
  readonly shown: string;
  /** Everything of it is known. */
  readonly known: boolean;
  /** The key that stands for it, then others it may be found under. */
  readonly keys: readonly string[];
  /** Whether the bucket, account or organisation is shown. */
  readonly storeKnown: boolean;
  /** Names under which it can be guessed when parts are not known. */
  readonly guesses: readonly string[];
  /** Of a root's own state every shape that its key has; of one that is read the shape of a key with holes. */
  readonly shapes?: readonly string[];
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
  if (typeof value === 'string') return value === '' ? { text: undefined, known: true } : known(hideInText(value));
  if (typeof value === 'number' || typeof value === 'boolean') return { text: String(value), known: true };
  if (isUnknown(value)) return { text: holeOf(value), known: false };
  return { text: undefined, known: true };
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
  consul: (config) => ({ store: known('consul'), key: part(config, 'path') }),
  http: (config) => ({ store: known('http'), key: part(config, 'address') }),
  kubernetes: (config) => ({ store: orText(part(config, 'namespace'), 'default'), key: part(config, 'secret_suffix') }),
  pg: (config) => ({ store: known('pg'), key: orText(part(config, 'schema_name'), 'terraform_remote_state') }),
});

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
  if (key.text === undefined || !key.known) return addressOf(backend, store, key, [], 'provided');
  const prefix = backend === 's3' ? part(config, 'workspace_key_prefix') : known('');
  const workspaces = backend === 's3' && prefix.known ? [`${prefix.text ?? 'env:'}/*/${key.text}`] : [];
  return addressOf(backend, store, key, workspaces, 'provided');
}

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
  if (backend !== 's3' || key.text === undefined) return addressOf(backend, store, key, [], 'needed');
  const prefix = part(config, 'workspace_key_prefix').text ?? 'env:';
  const elsewhere = workspace !== undefined && workspace !== null && workspace !== 'default';
  const inWorkspace = elsewhere ? [`${prefix}/*/${key.text}`] : [];
  return addressOf(
    backend,
    store,
    key,
    key.known ? [...inWorkspace, ...starred(key.text)] : starred(key.text),
    'needed',
  );
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

/** A root module without a store in its source leaves it to `init`; whoever reads a state may find it there too. */
function addressOf(
  backend: string,
  store: Part,
  key: Part,
  workspaces: readonly string[],
  side: 'provided' | 'needed',
): StateAddress {
  const where = store.text !== undefined && store.known ? store.text : '?';
  const name = key.text ?? '?';
  const keys = key.known && key.text !== undefined ? [key.text, ...workspaces] : workspaces;
  const stores = where === '?' || side === 'provided' ? [where] : [where, '?'];
  return {
    backend,
    shown: `${backend}://${store.text ?? '?'}/${name}`,
    known: store.known && store.text !== undefined && key.known && key.text !== undefined,
    keys: stores.flatMap((one, i) =>
      (i === 0 ? keys : keys.slice(0, 1)).map((key) => `state:${backend}://${one}/${key}`),
    ),
    storeKnown: where !== '?',
    guesses: key.text === undefined ? [] : guessesOf(backend, key.text),
    shapes:
      key.text === undefined
        ? []
        : side === 'needed'
          ? shapeAsked(backend, where === '?' ? undefined : where, key.text)
          : key.known
            ? shapesOf(backend, where, key.text)
            : [],
  };
}

/** The key alone, then the key without its first step; a key that many estates have says nothing. */
function guessesOf(backend: string, key: string): readonly string[] {
  const [, ...rest] = key.split('/');
  return [key, ...(rest.length === 0 ? [] : [`*/${rest.join('/')}`])]
    .filter((one) => !one.includes('${') && !/^(\*\/)?(terraform|default|state|main)?(\.tfstate)?$/.test(one))
    .map((one) => `state-name:${backend}:${one}`);
}

/** A local state's path, from the repository's root. A workspace's state lies in a folder of its own. */
function localAddress(config: BackendConfig, folder: string): StateAddress | undefined {
  const path = orText(part(config, 'path'), 'terraform.tfstate');
  if (!path.known || path.text === undefined) return addressOf('local', known(''), path, [], 'needed');
  const text = path.text.startsWith(`${estateRoot}/`) ? path.text.slice(estateRoot.length) : path.text;
  if (text.startsWith('/') && text === path.text && !text.startsWith(`/${folder}`)) {
    const shown = `local:${text}`;
    return { backend: 'local', shown, known: true, keys: [`state:${shown}`], storeKnown: true, guesses: [] };
  }
  const written = text.startsWith('/') ? localModulePath('', text) : localModulePath(folder, text);
  const plain = written.replace(/(^|\/)terraform\.tfstate\.d\/[^/]+\//, '$1');
  const shown = `local:${plain}`;
  return { backend: 'local', shown, known: true, keys: [`state:${shown}`], storeKnown: true, guesses: [] };
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
  const at = (one: string) => `state:remote://${store.known ? (store.text ?? '?') : '?'}/${one}`;
  const shown = `remote://${store.text ?? '?'}/${name.text ?? (prefix.text === undefined ? '?' : `${prefix.text}*`)}`;
  const complete = store.known && store.text !== undefined;
  if (prefix.text !== undefined && prefix.known && name.text === undefined) {
    const keys = [at(`${prefix.text}*`)];
    return { backend: 'remote', shown, known: complete, keys, storeKnown: complete, guesses: [] };
  }
  if (name.text === undefined) {
    // Workspaces by tag are mostly called after the folder: `vpc-prod` is tagged `vpc` and lies in `vpc`.
    const tags = tagsOf(inside.get('tags') ?? null).filter((tag) => folder?.split('/').pop() === tag);
    return {
      backend: 'remote',
      shown,
      known: false,
      keys: tags.map((tag) => at(`#${tag}`)),
      storeKnown: complete,
      guesses: [],
    };
  }
  const keys = folder !== undefined ? (name.known ? [at(name.text)] : []) : workspaceNames(name).map(at);
  return { backend: 'remote', shown, known: complete && name.known, keys, storeKnown: complete, guesses: [] };
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
