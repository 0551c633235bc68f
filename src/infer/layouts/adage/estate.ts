import { type Binding, bindingFolder, readBinding } from '../../../config/binding.ts';
import { type DocumentReader, documentReader } from '../../../config/effective-config.ts';
import { readJson } from '../../../config/json-document.ts';
import { karmaFileNames } from '../../../config/karma-file.ts';
import { isJsonObject } from '../../../config/merge-patch.ts';
import type { ReadSet } from '../../../model/claim.ts';
import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import type { EstateView, ParameterObservation } from '../../../model/estate.ts';
import { type FileView, filePlace } from '../../../model/file-view.ts';
import type { Finding } from '../../../model/finding.ts';
import { type Owners, readOwners } from '../../owners.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import { normalisePrefix } from '../../rules/parameter-name.ts';
import { readContract } from './contract.ts';
import { matchesPattern } from './pattern.ts';

/** A config that was found: `iac/<environment>/<type>/<nickname>/config.json`. */
export interface ConfigPlace {
  readonly id: string;
  readonly environment: string;
  readonly type: string;
  readonly nickname: string;
  readonly view: FileView;
}

/** The accounts in which a component's parameters are looked for. */
export interface AccountsAsked {
  /** Those that were read. */
  readonly read: readonly string[];
  /** Whether each of them was, as a read-set writes it. */
  readonly asked: ReadSet['parameters'];
}

/**
 * What all components of an Adage estate share, read once per open estate: bindings, prefix, placement, which repository
 * holds what. It answers about the estate; what one component means is evaluated elsewhere.
 */
export class AdageEstate {
  readonly view: EstateView;
  readonly bindings: readonly Binding[];
  readonly bindingFindings: readonly Finding[];
  #found: ReturnType<typeof findConfigs> | undefined;
  /** What every claim rests on: bindings and `karma.yaml`. */
  readonly readSet: Pick<ReadSet, 'files' | 'folders'>;
  readonly #owners: ReadonlyMap<FileView, Owners>;
  readonly #readers = new Map<FileView, DocumentReader>();
  readonly #byEnvironment = new Map<string, readonly string[]>();
  readonly #asked = new Map<string, AccountsAsked>();
  #basePrefix: string | undefined;
  /** Of a prefix that the environment may say, as a read-set writes it. */
  readonly prefixAsked: ReadSet['environment'];

  constructor(view: EstateView) {
    this.view = view;
    const prefix = view.environment.IAC_PREFIX;
    this.prefixAsked =
      view.settings.prefix === undefined ? { IAC_PREFIX: prefix === undefined ? null : sha256(prefix) } : {};
    const recorders = this.reposFor('config').map(recordReads);
    const read = recorders.flatMap((recorder) => readBindings(recorder.view));
    for (const name of karmaFileNames) recorders[0]?.view.digest(name);
    this.#owners = new Map(this.reposFor('config').map((one, i) => [one, readOwners(recorders[i]?.view ?? one)]));
    this.readSet = mergeReadSets(recorders.map((recorder) => recorder.readSet()));
    this.bindings = read.flatMap(({ binding }) => (binding === undefined ? [] : [binding]));
    this.bindingFindings = read.flatMap(({ findings }) => findings);
  }

  /** Every config, by id; looked for when first asked for. */
  get configs(): ReadonlyMap<string, ConfigPlace> {
    this.#found ??= findConfigs(this.reposFor('config'));
    return this.#found.configs;
  }

  get passedOver(): readonly { readonly path: string; readonly reason: string }[] {
    this.#found ??= findConfigs(this.reposFor('config'));
    return this.#found.passedOver;
  }

  /** The repository that holds a component's config. */
  configView(id: string): FileView | undefined {
    if (this.#found !== undefined) return this.#found.configs.get(id)?.view;
    return this.reposFor('config').find((view) => view.isFile(`iac/${id}/config.json`));
  }

  /** Who owns a component's config by its repository's `CODEOWNERS`; `''` when nobody is named. */
  ownerOf(id: string): string {
    const view = this.configView(id);
    return (view === undefined ? undefined : this.#owners.get(view)?.of(`iac/${id}/config.json`)) ?? '';
  }

  /** Whether anything here looks like Adage at all. */
  get isEmpty(): boolean {
    return this.configs.size === 0 && this.bindings.length === 0;
  }

  /** Repositories in the order in which something of a kind is looked for: the one `karma.yaml` names, then all. */
  reposFor(kind: 'config' | 'modules' | 'openapi'): readonly FileView[] {
    const named = this.view.settings.placement?.[kind];
    const first = named === undefined ? undefined : this.view.repos.get(named);
    const all = [...new Set([this.view.main, ...this.view.repos.values()])];
    return first === undefined ? all : [first, ...all.filter((repo) => repo !== first)];
  }

  /** Config documents of a repository, each read once. */
  reader(view: FileView): DocumentReader {
    const known = this.#readers.get(view);
    if (known !== undefined) return known;
    const reader = documentReader(view);
    this.#readers.set(view, reader);
    return reader;
  }

  /** The folder of input schemas: `karma.yaml` says so, else the contract of the config repository, else `schemas`. */
  schemaFolder(view: FileView): string {
    const said = this.view.settings.schemas;
    return (
      said ?? (view.isFile('contracts/config-contract.json') ? (readContract(view)?.schemas ?? 'schemas') : 'schemas')
    );
  }

  /** The names of an environment's bindings; those whose parameters were read count, also without a file. Sorted. */
  bindingsOf(environment: string): readonly string[] {
    let names = this.#byEnvironment.get(environment);
    if (names === undefined) {
      const filed = this.bindings.filter((one) => one.environment === environment).map((one) => one.name);
      const read = [...this.view.parameters.keys()].filter((name) => this.environmentOf(name) === environment);
      names = [...new Set([...filed, ...read])].sort(byCodeUnit);
      this.#byEnvironment.set(environment, names);
    }
    return names;
  }

  /** Where its parameters may stand: the same answer for all components of an environment. */
  accountsAsked(environment: string): AccountsAsked {
    const known = this.#asked.get(environment);
    if (known !== undefined) return known;
    const names = [...new Set([...this.bindingsOf(environment), environment, 'default'])];
    const isRead = (name: string) => this.view.parameters.has(name);
    const asked = Object.fromEntries(names.map((name) => [`${name}:`, isRead(name) ? 0 : null]));
    const accounts = { read: names.filter(isRead), asked };
    this.#asked.set(environment, accounts);
    return accounts;
  }

  /** The environment of a binding: its file says so, else the account's own parameter, else its name is one. */
  environmentOf(binding: string): string {
    const filed = this.bindings.find((one) => one.name === binding);
    if (filed !== undefined) return filed.environment;
    const written = this.view.parameters.get(binding)?.get(`${this.basePrefix}/environment`)?.value;
    if (written === undefined) return binding;
    const { value } = readJson(written);
    if (isJsonObject(value) && typeof value.environment === 'string') return value.environment;
    return typeof value === 'string' ? value : value === undefined && written !== '' ? written.trim() : binding;
  }

  /** The prefix where no binding has one of its own. */
  get basePrefix(): string {
    this.#basePrefix ??= normalisePrefix(this.view.settings.prefix ?? this.view.environment.IAC_PREFIX ?? '/iac');
    return this.#basePrefix;
  }

  /** The parameter prefix of an environment, or of one of its bindings. */
  prefixOf(environment: string, binding?: string): string {
    const names = binding === undefined ? this.bindingsOf(environment) : [binding];
    const own = this.bindings.find((one) => names.includes(one.name) && one.prefix !== undefined)?.prefix;
    return own === undefined ? this.basePrefix : normalisePrefix(own);
  }

  /**
   * Which bindings a component lives in: where its parameters are, else what `karma.yaml` says, else the only one of its
   * environment. Empty when nothing says so.
   */
  placementOf(environment: string, type: string, nickname: string): readonly string[] {
    const names = this.bindingsOf(environment);
    if (names.length < 2) return names;
    const seen = names.filter((name) => {
      const parameters = this.view.parameters.get(name);
      const base = `${this.prefixOf(environment, name)}/${type}/${nickname}`;
      return parameters?.has(`${base}/config`) === true || parameters?.has(`${base}/runtime`) === true;
    });
    if (seen.length > 0) return seen;
    const id = `${environment}/${type}/${nickname}`;
    const said = Object.entries(this.view.settings.bindings ?? {}).filter(([pattern]) => matchesPattern(pattern, id));
    return said.map(([, name]) => name).slice(0, 1);
  }

  /** What is published under a name in a component's bindings. */
  published(environment: string, bindings: readonly string[], name: string): ParameterObservation | undefined {
    for (const binding of bindings.length > 0 ? bindings : this.bindingsOf(environment)) {
      const found = this.view.parameters.get(binding)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const configFile = /^iac\/([^/]+)\/([^/]+)\/([^/]+)\/config\.json$/;

function findConfigs(repos: readonly FileView[]): Pick<AdageEstate, 'configs' | 'passedOver'> {
  const configs = new Map<string, ConfigPlace>();
  const passedOver: { path: string; reason: string }[] = [];
  for (const view of repos) {
    if (!view.isDirectory('iac')) continue;
    for (const path of view.files('iac')) {
      const [, environment, type, nickname] = configFile.exec(path) ?? [];
      if (environment === undefined || type === undefined || nickname === undefined) continue;
      const id = `${environment}/${type}/${nickname}`;
      // Folders such as `_base` hold parents for `$extends`, no components.
      if (environment.startsWith('_') || type.startsWith('_') || nickname.startsWith('_')) continue;
      if (!configs.has(id)) configs.set(id, { id, environment, type, nickname, view });
      else passedOver.push({ path: filePlace(view.repo, path), reason: `${id} is already in another repository` });
    }
  }
  return { configs, passedOver };
}

function readBindings(view: FileView): ReturnType<typeof readBinding>[] {
  return view
    .list(bindingFolder)
    .filter((entry) => entry.kind === 'file' && entry.name.endsWith('.json'))
    .map(({ name }) => {
      const path = `${bindingFolder}/${name}`;
      return readBinding(filePlace(view.repo, path), view.read(path) ?? '');
    });
}
