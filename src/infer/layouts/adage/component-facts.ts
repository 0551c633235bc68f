import type { EffectiveConfig } from '../../../config/effective-config.ts';
import { readJson } from '../../../config/json-document.ts';
import { emptyObject, type Value } from '../../../hcl/value.ts';
import type { Claim, Provide, ReadSet } from '../../../model/claim.ts';
import type { DeploymentRow } from '../../../model/component.ts';
import { byCodeUnit } from '../../../model/digest.ts';
import type { FileView } from '../../../model/file-view.ts';
import { withoutSecrets } from '../../../model/secrets/beside.ts';
import { keySecrets } from '../../../model/secrets/values.ts';
import { mergeReadSets, recordReads } from '../../record-reads.ts';
import type { RuleSubject } from '../../rules/block-rule.ts';
import { runtimeName } from '../../rules/parameter-name.ts';
import type { Subject } from '../../rules/subject.ts';
import { FileAccount, standingIn } from '../../terraform/file-account.ts';
import { filesNamedBy } from '../../terraform/files-named.ts';
import { followFiles } from '../../terraform/follow-files.ts';
import { ModuleInstance, type ResolveData } from '../../terraform/instance.ts';
import type { ModuleLoader } from '../../terraform/load-module.ts';
import type { Module } from '../../terraform/module.ts';
import { moduleElsewhere, Reads } from '../terraform/reads.ts';
import { type Consumed, refineConsumption } from './consumed.ts';
import type { OpenApiDocuments } from './documents.ts';
import type { AdageEstate } from './estate.ts';
import { builtIns, handOver, type NamedReference, referencesOf } from './hand-over.ts';
import { partlyShared, type SharedReads } from './read-set.ts';
import type { TypeModule } from './type-module.ts';
import type { AdageType } from './types.ts';
import { countUnitFile, unitFile, unitFileReads } from './unit-file.ts';

const unreadable: ReadonlySet<string> = new Set(['json-unreadable', 'file-too-large', 'extends-broken']);

/** Everything a component is claimed from; its module is evaluated when it is first asked for. */
export class ComponentFacts {
  readonly estate: AdageEstate;
  readonly documents: OpenApiDocuments;
  readonly subject: Subject;
  readonly type: AdageType;
  readonly config: EffectiveConfig;
  readonly references: readonly NamedReference[];
  /** The folder of the config, or where a published one was seen. */
  readonly place: string;
  /** There is no config in Git; the published one stands for it. */
  readonly published: boolean;
  readonly keyed: ((secret: string) => string) | undefined;
  readonly shared: SharedReads;
  readonly folders: ReadSet['folders'];
  /** Files of this component's own: configs, documents, what its evaluation opened. */
  readonly ownFiles: Record<string, string | null> = {};
  readonly #loader: ModuleLoader;
  #instance: ModuleInstance | undefined;
  #configText: string | undefined;
  #refined: ReadonlyMap<string, Consumed> | undefined;
  #files: FileAccount | undefined;
  #recorder: ReturnType<typeof recordReads> | undefined;
  #elsewhere: Reads | undefined;

  constructor(from: {
    readonly estate: AdageEstate;
    readonly documents: OpenApiDocuments;
    readonly loader: ModuleLoader;
    readonly subject: Subject;
    readonly type: AdageType;
    readonly config: EffectiveConfig;
    readonly view: FileView | undefined;
    readonly place: string;
    readonly published: boolean;
    readonly shared: SharedReads;
    readonly folders: ReadSet['folders'];
  }) {
    this.estate = from.estate;
    this.documents = from.documents;
    this.subject = from.subject;
    this.type = from.type;
    this.config = from.config;
    this.place = from.place;
    this.published = from.published;
    this.keyed = from.estate.view.keyed;
    this.shared = from.shared;
    this.folders = from.folders;
    this.#loader = from.loader;
    this.references = referencesOf(from.config, from.type.declaration?.references ?? {});
    for (const file of from.config.files) this.ownFiles[file] = from.view?.digest(pathOf(file, from.view)) ?? null;
  }

  /** Config and parents could be read; otherwise much fails that would not. */
  /** Whom rules speak for that are in force in every layout. */
  get ruleSubject(): RuleSubject {
    const { id, environment, prefix, type, nickname } = this.subject;
    return { id, environment, runtime: runtimeName(prefix, type, nickname) };
  }

  get isComplete(): boolean {
    return !this.config.findings.some(({ code }) => unreadable.has(code));
  }

  /** The module with this component's config; undefined when there is none. */
  get instance(): ModuleInstance | undefined {
    const { module } = this.type;
    const root = module?.analysis.closure.modules[0];
    if (module === undefined || root === undefined) return undefined;
    if (this.#instance !== undefined) return this.#instance;
    this.#instance = this.#evaluate(module, root);
    return this.#instance;
  }

  /** What the module reads of a source with this component's config. */
  consumed(source: string): Consumed | undefined {
    const { module } = this.type;
    if (module === undefined) return undefined;
    if (!module.consumption.wholeAt.has(source)) return module.consumption.bySource.get(source);
    this.#refined ??= this.#refine(module);
    return this.#refined.get(source);
  }

  /** Both evaluations cover what is read, so the narrower one does: here a test for null is decided, there it reads nothing. */
  #refine(module: TypeModule): ReadonlyMap<string, Consumed> {
    const { instance } = this;
    if (instance === undefined) return module.consumption.bySource;
    const decided = refineConsumption(module.consumption, instance);
    const isWhole = ({ pointers }: Consumed) => pointers.includes('*');
    if (![...decided.values()].some(isWhole)) return decided;
    const undecided = refineConsumption(module.consumption, this.#evaluate(module, module.withoutNullTests));
    return new Map([...decided].map(([base, one]) => [base, isWhole(one) ? (undecided.get(base) ?? one) : one]));
  }

  #evaluate(module: TypeModule, root: Module, account?: FileAccount): ModuleInstance {
    const region = this.estate.bindings.find((one) => this.subject.bindings.includes(one.name))?.region;
    const known = builtIns(this.subject, region);
    this.#recorder ??= recordReads(module.view);
    this.#elsewhere ??= new Reads(this.estate.view);
    const elsewhere = this.#elsewhere;
    return new ModuleInstance(root, {
      loader: this.#loader,
      view: this.#recorder.view,
      ...(account === undefined ? {} : { account }),
      variables: module.selfPublishing
        ? (name) => (Object.hasOwn(known, name) ? known[name] : undefined)
        : handOver(known, this.references, this.config.value),
      resolveData: this.#ownConfig(),
      resolveModule: (call) => moduleElsewhere(call, this.estate.view, elsewhere),
    });
  }

  /** The files that a run of it reads as data: by its module with this config, by what the config names, by its steps. */
  get files(): FileAccount {
    this.#files ??= this.#readFiles();
    return this.#files;
  }

  #readFiles(): FileAccount {
    const account = new FileAccount();
    const { module, declaration } = this.type;
    const root = module?.analysis.closure.modules[0];
    if (module === undefined || root === undefined) return account;
    if (module.filesRestOnConfig) followFiles(this.#evaluate(module, root, account));
    this.#recorder ??= recordReads(module.view);
    const here = standingIn(this.#recorder.view, module.path);
    account.enter({ site: 'config', file: '', line: 0 });
    filesNamedBy(this.config.value as Value, '', [here], account);
    account.enter({ site: 'steps', file: '', line: 0 });
    const above = standingIn(this.#recorder.view, '', module.path);
    for (const { run } of declaration?.steps ?? []) filesNamedBy(run, 'step.run', [here, above], account);
    if (module.selfPublishing) this.#noteUnitFile(module.view, account);
    return account;
  }

  /** What it says of state, variables and files is in no config and in no module, and decides what a run does. */
  #noteUnitFile(modules: FileView, account: FileAccount): void {
    this.#recorder ??= recordReads(modules);
    this.#elsewhere ??= new Reads(this.estate.view);
    const views = [this.#recorder.view, modules.repo === '' ? undefined : this.#elsewhere.view('')];
    const at = views.findIndex((view) => view?.isFile(unitFile) === true);
    const found = views[at];
    if (found === undefined) return;
    account.file(found, unitFile);
    const whole = at === 0 ? modules : this.estate.view.repos.get('');
    if (whole !== undefined) countUnitFile(unitFileReads(whole, this.estate.view), found, account);
  }

  /** What the component's evaluation opened beyond what every component of its type does. */
  get opened(): Pick<ReadSet, 'files' | 'folders'> {
    const own = this.#recorder?.readSet() ?? { files: {}, folders: {} };
    const elsewhere = this.#elsewhere;
    return elsewhere === undefined || elsewhere.isEmpty ? own : mergeReadSets([own, elsewhere.readSet()]);
  }

  #ownConfig(): ResolveData {
    const { prefix, type, nickname } = this.subject;
    const name = `${prefix}/${type}/${nickname}/config`;
    let answer: Record<string, Value> | undefined;
    return ({ resource, argument }) => {
      if (resource.type !== 'aws_ssm_parameter' || argument('name') !== name) return undefined;
      if (answer === undefined) {
        const text = this.configText;
        answer = emptyObject();
        answer.value = text;
        answer.insecure_value = text;
      }
      return answer;
    };
  }

  /** The config as it is published. */
  get configText(): string {
    this.#configText ??= JSON.stringify(this.config.value);
    return this.#configText;
  }

  /** The place of a config key, as evidence. */
  site(pointer: string): { readonly site: string; readonly file?: string; readonly line?: number } {
    if (this.config.layers.length === 0) return { site: `config#${pointer}` };
    return { site: `config#${pointer}`, ...this.config.originOf(pointer) };
  }
}

/** The path of a place in its own view. */
function pathOf(place: string, view: FileView): string {
  return view.repo === '' ? place : place.slice(view.repo.length + 1);
}

export function readSetOf(facts: ComponentFacts): ReadSet {
  const { estate, subject, shared, folders, ownFiles } = facts;
  const { opened } = facts;
  const extra = Object.keys(opened.files).filter((file) => !(file in shared.before) && !(file in shared.behind));
  const own =
    extra.length === 0
      ? ownFiles
      : { ...ownFiles, ...Object.fromEntries(extra.map((file) => [file, opened.files[file] ?? null])) };
  return partlyShared(shared, own, {
    folders: together(folders, opened.folders),
    environment: estate.prefixAsked,
    parameters: parametersAsked(estate, subject),
  });
}

const joined = new WeakMap<ReadSet['folders'], Map<string, ReadSet['folders']>>();

/** Folders of a type with those that a component opened: those are mostly the same for all of it, and then so is the answer. */
function together(shared: ReadSet['folders'], own: ReadSet['folders']): ReadSet['folders'] {
  let key = '';
  for (const path in own) key += `${path}\0${own[path]}\n`;
  if (key === '') return shared;
  const known = joined.get(shared) ?? new Map<string, ReadSet['folders']>();
  joined.set(shared, known);
  const made = known.get(key) ?? sorted({ ...shared, ...own });
  known.set(key, made);
  return made;
}

/**
 * What stands under its names in each account of its environment. Whether an account was read at all counts too: accounts of no
 * file may turn up under these names.
 */
function parametersAsked(estate: AdageEstate, subject: Subject): ReadSet['parameters'] {
  const { prefix, type, nickname } = subject;
  const accounts = estate.accountsAsked(subject.environment);
  if (accounts.read.length === 0) return accounts.asked;
  const parameters: Record<string, number | null> = { ...accounts.asked };
  const base = `${prefix}/${type}/${nickname}`;
  for (const binding of accounts.read)
    for (const name of [`${base}/config`, `${base}/runtime`])
      parameters[`${binding}:${name}`] = estate.view.parameters.get(binding)?.get(name)?.version ?? null;
  return parameters;
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b)));
}

/** One deployment for each binding it lives in, with what is seen of its runtimes there. */
export function deploymentsOf(facts: ComponentFacts, provides: readonly Provide[]): Pick<Claim, 'deployments'> {
  const { subject, estate } = facts;
  const read = subject.siblings.some((binding) => estate.view.parameters.has(binding));
  if (!read && subject.siblings.length < 2) return {};
  const names = [
    ...new Set(
      provides.filter(({ key }) => key.startsWith('param:') && !key.endsWith('/config')).map((one) => one.runtime),
    ),
  ];
  const several = subject.siblings.length > 1;
  const deployments = subject.bindings.map((binding) => ({
    component: subject.id,
    deployment: several ? binding : '',
    ...runtimesIn(estate, binding, names.sort(byCodeUnit)),
  }));
  return deployments.length === 0 ? {} : { deployments };
}

function runtimesIn(
  estate: AdageEstate,
  binding: string,
  names: readonly string[],
): Pick<DeploymentRow, 'runtimes' | 'secrets'> {
  const read = estate.view.parameters.get(binding);
  const runtimes: Record<string, string> = {};
  const hidden: Record<string, string> = {};
  for (const name of names) {
    const observed = read?.get(name);
    if (observed?.value === undefined) continue;
    const value = readJson(observed.value).value ?? observed.value;
    const { digest, secrets } = withoutSecrets((replace) => keySecrets(value, [], replace), estate.view.keyed);
    runtimes[name] = digest;
    if (secrets !== undefined) hidden[name] = secrets;
  }
  return Object.keys(hidden).length === 0 ? { runtimes } : { runtimes, secrets: hidden };
}
