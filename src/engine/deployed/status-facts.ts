import type { Refreshed } from '../../consequence/drift.ts';
import { inputsLike, type RecordedLookup } from '../../consequence/stale.ts';
import { stateMismatch } from '../../consequence/state-mismatch.ts';
import { type DeploymentStatus, type StatusWord, statusOf } from '../../consequence/status.ts';
import { allRecords, type KeptRecords } from '../../deploy/records.ts';
import { byCodeUnit, digestOf } from '../../model/digest.ts';
import { parseExactJson } from '../../model/exact-number.ts';
import { type Digest, deploymentKey, type RunRecord, type Seal } from '../../model/record.ts';
import { valueDigest } from '../../model/secrets/value-digest.ts';
import type { EngineContext } from '../context.ts';
import { publicationOf } from '../versions/project.ts';
import { loadView, type ViewNeeds } from '../view/load-view.ts';
import type { LoadedView } from '../view/view.ts';
import { type Accounts, accountsOf } from './accounts.ts';
import { type Chosen, chooseRecords, isAfter } from './choose-records.ts';
import { configDigestsOf } from './config-digest.ts';
import { type KnownComponent, knownComponents, ownRuntime } from './known-components.ts';
import type { ObservedState } from './observed-state.ts';
import { type ObservedStates, observeStates, type StatesQuery } from './observed-states.ts';
import { memberDigests, reconstructRecord, referencesOf } from './reconstruct-record.ts';
import { ResidentStatuses } from './resident-statuses.ts';
import { type InputsContext, inputsReader } from './run-inputs.ts';
import { runtimesOf } from './runtimes.ts';
import type { StateOwner } from './state-names.ts';

export interface StatusQuery {
  readonly selection: readonly string[];
  /** A folder of pulled states or outputs, or one such file. */
  readonly states?: string;
  /** One account of an environment. */
  readonly binding?: string;
  /** A Git revision, or a graph version: the commit that it was made from. */
  readonly at?: string;
}

export interface ComponentStatus extends DeploymentStatus {
  readonly environment: string;
  /**
   * What the answer rests on: a run of Karma's own, a state, outputs … Absent when there is nothing. Of a copied file the time
   * says when it was copied, not when the run was.
   */
  readonly restsOn?: {
    readonly source: RunRecord['source'];
    readonly file?: string;
    readonly serial?: number;
    readonly copied?: true;
  };
}

/** Everything that questions about deployments rest on, read once. */
export interface StatusFacts extends InputsContext {
  readonly observed: ObservedStates;
  readonly components: ReadonlyMap<string, KnownComponent>;
  /** Whether an environment is asked about at all. */
  speaksOf(environment: string): boolean;
  deploymentsOf(component: KnownComponent): readonly string[];
  /** The record of what its state shows now, if there is one. */
  reconstructed(component: KnownComponent, deployment: string): RunRecord | undefined;
  /** @param refreshed what a refresh said of it, when one was asked for */
  statusOf(component: KnownComponent, deployment: string, refreshed?: Refreshed): ComponentStatus;
}

/** What is read before anything is judged, and whatever of it was told before on the same. */
export interface StatusSources {
  readonly context: EngineContext;
  readonly query: Omit<StatusQuery, 'selection'>;
  readonly view: LoadedView;
  readonly all: readonly KnownComponent[];
  readonly components: ReadonlyMap<string, KnownComponent>;
  readonly seal: Seal;
  readonly records: ReadonlyMap<string, KeptRecords>;
  readonly accounts: Accounts | undefined;
}

export async function statusFacts(
  context: EngineContext,
  query: Omit<StatusQuery, 'selection'>,
  needs: Pick<ViewNeeds, 'needsClaims'> = {},
): Promise<StatusFacts> {
  return factsFrom(await statusSources(context, query, needs));
}

export async function statusSources(
  context: EngineContext,
  query: Omit<StatusQuery, 'selection'>,
  needs: Pick<ViewNeeds, 'needsClaims'> = {},
): Promise<StatusSources> {
  const view = await estateAt(context, query.at, needs);
  const statuses = residentStatuses(context);
  const all = statuses?.componentsOf(view, () => knownComponents(view)) ?? knownComponents(view);
  const ledger = await context.stores.ledger();
  const { estate } = view;
  return {
    context,
    query,
    view,
    all,
    components: new Map(all.map((one) => [one.row.id, one])),
    seal: await context.stores.seal('ask'),
    records: (await statuses?.records.of(ledger)) ?? (await allRecords(ledger)),
    accounts: estate === undefined ? undefined : accountsOf(estate.view, estate.accounts.unread),
  };
}

/** Nothing where the process answers once. */
export function residentStatuses({ resident }: Pick<EngineContext, 'resident'>): ResidentStatuses | undefined {
  if (resident === undefined) return undefined;
  resident.statuses ??= new ResidentStatuses();
  return resident.statuses;
}

/** Of a version the files are those that it was made from. */
async function estateAt(
  context: EngineContext,
  at: string | undefined,
  needs: Pick<ViewNeeds, 'needsClaims'>,
): Promise<LoadedView> {
  const version = /^v(\d+)$/.exec(at ?? '')?.[1];
  if (version === undefined) return loadView(context, at, { needsEstate: true, ...needs });
  const { publication } = await publicationOf(await context.stores.ledger(), Number(version));
  const commit = publication.manifest.find(({ source }) => source === '')?.position;
  return loadView(context, commit === 'worktree' ? undefined : commit, { needsEstate: true, ...needs });
}

/** Accounts, states and runtimes, and how each deployment is judged by them. */
export function factsFrom(sources: StatusSources): StatusFacts {
  const { query, view, all, components, seal, records, accounts } = sources;
  const { binding } = query;
  const speaksFor = speakerFor(sources);
  const observed = observeStates({
    ...localStates(sources),
    ...(query.states === undefined ? {} : { states: query.states }),
    lineages: lineagesIn(records),
    prefer: (id) => {
      const component = components.get(id);
      return component !== undefined && binding !== undefined && speaksFor(component);
    },
  });
  const runtimes = runtimesOf(all, accounts, observed);
  const facts = { view, components, runtimes, seal, accounts, records, observed };
  const inputs = inputsReader(facts);
  const reconstructed = (component: KnownComponent, deployment: string) => {
    const observation = observed.of(component.row.id, deployment);
    return observation === undefined ? undefined : reconstructRecord(facts, component, deployment, observation);
  };
  const recorded = recordedDeployments(records);
  return {
    ...facts,
    speaksOf: spokenOf(sources),
    deploymentsOf: (component) =>
      deploymentsOf(component, observed, recorded.get(component.row.id) ?? []).filter(
        (one) => binding === undefined || one === '' || one === binding,
      ),
    reconstructed,
    statusOf: (component, deployment, refreshed) =>
      judgeOne(facts, component, deployment, { inputs, reconstructed, refreshed }),
  };
}

export function localStates({ view, all, seal, records }: StatusSources): StatesQuery {
  return { estate: view.estate, components: all, seal, places: placesIn(records) };
}

function speakerFor({ query: { binding }, accounts }: StatusSources): (component: KnownComponent) => boolean {
  return (component) => binding === undefined || (accounts?.of(component.row, binding).includes(binding) ?? false);
}

/** Whether an environment is asked about at all. */
export function spokenOf(sources: StatusSources): (environment: string) => boolean {
  const speaksFor = speakerFor(sources);
  const environments = new Set(sources.all.filter(speaksFor).map(({ row }) => row.environment));
  return (environment) => environments.has(environment);
}

function lineagesIn(records: ReadonlyMap<string, KeptRecords>): ReadonlyMap<string, StateOwner> {
  const found = new Map<string, StateOwner>();
  for (const { last } of records.values())
    if (last.state !== undefined && last.state.lineage !== '')
      found.set(last.state.lineage, { component: last.component, deployment: last.deployment });
  return found;
}

function placesIn(records: ReadonlyMap<string, KeptRecords>): ReadonlyMap<string, StateOwner> {
  const found = new Map<string, StateOwner>();
  for (const { last } of records.values())
    if (last.place?.state !== undefined)
      found.set(last.place.state, { component: last.component, deployment: last.deployment });
  return found;
}

/** Those that the estate names, that states show, and that records speak of; the nameless one only while it is the only one. */
function deploymentsOf(
  { row, deployments }: KnownComponent,
  observed: ObservedStates,
  recorded: readonly string[],
): readonly string[] {
  const told = [...observed.deployments(row.id), ...recorded];
  const named = deployments.length === 1 && deployments[0] === '' && told.length > 0 ? told : [...deployments, ...told];
  return [...new Set(named)].sort(byCodeUnit);
}

/** Component → deployments that records speak of. */
function recordedDeployments(records: ReadonlyMap<string, KeptRecords>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { last } of records.values()) {
    const names = found.get(last.component);
    if (names === undefined) found.set(last.component, [last.deployment]);
    else names.push(last.deployment);
  }
  return found;
}

interface Readers {
  readonly inputs: ReturnType<typeof inputsReader>;
  readonly reconstructed: (component: KnownComponent, deployment: string) => RunRecord | undefined;
  readonly refreshed: Refreshed | undefined;
}

function judgeOne(
  facts: InputsContext & { readonly observed: ObservedStates },
  component: KnownComponent,
  deployment: string,
  readers: Readers,
): ComponentStatus {
  const { row } = component;
  const observation = facts.observed.of(row.id, deployment);
  const kept = facts.records.get(deploymentKey(row.id, deployment));
  const live = readers.reconstructed(component, deployment);
  const first = answerWith(facts, component, deployment, readers, chooseRecords(kept, live, observation));
  // Somebody ran it since: what Karma's own record says of that run is nothing.
  const overtaken = live !== undefined && kept !== undefined && !kept.last.reconstructed && isAfter(live, kept.last);
  if (!overtaken || !ofThatRun.has(first.status)) return first;
  const second = answerWith(facts, component, deployment, readers, { last: live, finished: live });
  return { ...second, reasons: [`somebody else ran it after run ${kept.last.id}`, ...second.reasons] };
}

/** What is said of a run that is not the last one any more. */
const ofThatRun: ReadonlySet<StatusWord> = new Set(['deployed', 'unknown', 'check failed']);

function answerWith(
  facts: InputsContext & { readonly observed: ObservedStates },
  component: KnownComponent,
  deployment: string,
  { inputs, refreshed }: Readers,
  { last, finished }: Chosen,
): ComponentStatus {
  const { view, accounts, seal, runtimes, observed } = facts;
  const { row } = component;
  const observation = observed.of(row.id, deployment);
  const config = configDigestsOf(view, component, deployment, accounts, seal);
  const bare = inputs(component, deployment, { noLockFile: finished === undefined || finished.reconstructed });
  const known = finished === undefined ? bare : { ...bare, ...(variablesLike(finished) ?? {}) };
  const now =
    finished === undefined
      ? known
      : inputsLike(finished, known, runtimes.lookupFor(component, deployment), seal, recordedIn(facts, deployment));
  const outputs = finished === undefined ? undefined : outputsNow(facts, component, deployment, finished);
  const answer = statusOf({
    component: row.id,
    deployment,
    external: row.external,
    lastRun: last,
    lastFinished: finished,
    now,
    exists: existsNow(facts, component, deployment),
    committed: config.committed,
    published: config.published,
    outputs,
    stateMismatch: stateMismatchOf(facts, component, deployment, finished, refreshed),
    alsoWritten: exempt(component, finished, outputs),
    ...(refreshed === undefined ? {} : { refreshed }),
  });
  return {
    ...answer,
    reasons: inWords(answer, { facts, component, deployment, finished }),
    environment: row.environment,
    ...restsOn(finished ?? last, observation),
  };
}

/** What the ledger holds of the deployment that another one reads. */
function recordedIn({ records, runtimes }: InputsContext, deployment: string): RecordedLookup {
  return ({ provider, runtime }) => {
    const named = runtimes.nameIn(provider, runtime) ?? runtimes.counterpart(provider, deployment) ?? '';
    return records.get(deploymentKey(provider, named))?.last;
  };
}

/** Which program and variables the next run will get, only a deploy knows: they are taken for what they were. */
function variablesLike(record: RunRecord): Pick<RunRecord, 'binary' | 'variables'> | undefined {
  return record.reconstructed ? undefined : { binary: record.binary, variables: record.variables };
}

/**
 * Whether the state is still the one that a run of Karma's own left. Of one that lies where nobody looked nothing is said: the
 * record speaks for it, as it does for the real resources.
 */
function stateMismatchOf(
  { observed }: { readonly observed: ObservedStates },
  { row }: KnownComponent,
  deployment: string,
  record: RunRecord | undefined,
  refreshed: Refreshed | undefined,
): string | undefined {
  if (record === undefined || record.reconstructed) return undefined;
  const seen = observed.of(row.id, deployment);
  if (seen?.state !== undefined) {
    // A copy that was pulled before the run is no news.
    const old = !seen.own && seen.state.lineage === record.state?.lineage && seen.state.serial < record.state.serial;
    return old ? undefined : stateMismatch(record.state, seen.state);
  }
  // Who asks Terraform is told of which state it speaks, wherever that lies.
  if (refreshed !== undefined && 'changed' in refreshed) return stateMismatch(record.state, refreshed.state);
  const gone = observed.absent(row.id, deployment);
  if (gone === undefined || record.state?.lineage === '') return undefined;
  return `the state it left at ${gone} is not there any more`;
}

/** Each output's digest as it stands in the runtime now, in the record's own form. */
function outputsNow(
  { accounts, seal, observed }: InputsContext & { readonly observed: ObservedStates },
  component: KnownComponent,
  deployment: string,
  record: RunRecord,
): Readonly<Record<string, Digest | null>> | undefined {
  const runtime = ownRuntime(component);
  if (component.row.layout !== 'adage' || runtime === undefined)
    return shownAlike(observed.of(component.row.id, deployment), record, seal);
  const stored = accounts?.parameter(component.row, deployment, runtime);
  if (stored === undefined || stored?.secure === true) return undefined;
  if (stored === null || stored.value === undefined) return {};
  const keyed = (name: string) => record.outputs[name]?.includes(':') === true;
  return memberDigests(parsed(stored.value), (value, name) =>
    keyed(name) ? seal(value) : alike(record.outputs[name], name, value, seal),
  );
}

function shownAlike(
  seen: ObservedState | undefined,
  record: RunRecord,
  seal: Seal,
): Readonly<Record<string, Digest | null>> | undefined {
  if (seen === undefined) return undefined;
  const { value } = seen.runtime;
  const told = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  const plain = told.flatMap(([name, one]) =>
    seen.digests[name]?.includes(':') === true ? [] : [[name, alike(record.outputs[name], name, one, seal)] as const],
  );
  return { ...seen.digests, ...Object.fromEntries(plain) };
}

/** As records of old digest it, where one says so: nothing was changed by it. */
function alike(recorded: Digest | undefined, name: string, value: unknown, seal: Seal): Digest {
  const plain = digestOf(value);
  return plain === recorded ? plain : valueDigest([name], value, seal);
}

function parsed(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return text;
  }
}

/**
 * Outputs that a difference says nothing of: whatever else writes the runtime, and sensitive ones, which are never published.
 */
function exempt(
  { alsoWritten }: KnownComponent,
  record: RunRecord | undefined,
  outputs: Readonly<Record<string, Digest | null>> | undefined,
): ReadonlySet<string> {
  const names = Object.keys(record?.outputs ?? {});
  if (alsoWritten) return new Set(names);
  return new Set(
    names.filter((name) => outputs?.[name] === undefined && record?.outputs[name]?.includes(':') === true),
  );
}

/** Whether a runtime or a state is there; undefined when nobody could look. */
function existsNow(
  { accounts, observed }: InputsContext & { readonly observed: ObservedStates },
  component: KnownComponent,
  deployment: string,
): boolean | undefined {
  const { row } = component;
  const observation = observed.of(row.id, deployment);
  if (observation !== undefined) return !observation.empty;
  // Its config is there before anything ran, whoever reads it.
  const config = `/${row.type}/${row.nickname}/config`;
  const names = component.runtimes.filter((name) => name.startsWith('/') && !name.endsWith(config));
  if (row.layout === 'adage' && names.length > 0) {
    const looked = names.map((name) => accounts?.parameter(row, deployment, name));
    if (looked.some((one) => one !== null && one !== undefined)) return true;
    return looked.includes(undefined) ? undefined : false;
  }
  // Where nobody uses workspaces, the one state there is may be that of any of them.
  const shared = deployment !== 'default' && observed.of(row.id, 'default') !== undefined;
  return observed.absent(row.id, deployment) !== undefined && !shared ? false : undefined;
}

interface Words {
  readonly facts: InputsContext & { readonly observed: ObservedStates };
  readonly component: KnownComponent;
  readonly deployment: string;
  readonly finished: RunRecord | undefined;
}

/** Reasons as a person needs them: what is missing, said once, in place of each comparison that could not be made. */
function inWords(answer: DeploymentStatus, { facts, component, finished }: Words): readonly string[] {
  const { status: word, reasons } = answer;
  if (word === 'never run' && reasons.length === 0) {
    const absent = facts.observed.absent(component.row.id, answer.deployment);
    return absent === undefined ? ['it has no runtime'] : [`there is no state at ${absent}`];
  }
  if (word !== 'unknown') return reasons;
  if (finished === undefined)
    return [
      existsThough(answer, facts, component) ?? 'no state, outputs or run of it are known',
      ...(answer.drift.drifted.state === 'unknown' ? answer.drift.drifted.reasons : []),
    ];
  if (!finished.reconstructed) return reasons;
  const equal = /proves nothing$|^the record was read from a state$/;
  const rest = reasons.filter((one) => !equal.test(one));
  const shown = finished.consumed.length;
  const dependent = referencesOf(facts.view, component.node).length > 0;
  const first = !dependent
    ? 'it depends on nothing here; which config and module its run had is not shown'
    : shown === 0
      ? 'what others left shows nothing of what its run consumed'
      : `the ${shown === 1 ? 'value' : `${shown} values`} it consumed ${shown === 1 ? 'is' : 'are'} as they were, which proves nothing`;
  return [first, ...rest];
}

function existsThough(answer: DeploymentStatus, facts: Words['facts'], component: KnownComponent): string | undefined {
  return existsNow(facts, component, answer.deployment) === true
    ? 'a runtime of it is there, but no record of the run that made it'
    : undefined;
}

function restsOn(
  record: RunRecord | undefined,
  observation: ObservedState | undefined,
): Pick<ComponentStatus, 'restsOn'> {
  if (record === undefined) return {};
  return {
    restsOn: {
      source: record.source,
      ...(record.reconstructed && observation !== undefined ? { file: observation.file } : {}),
      ...(record.reconstructed && observation?.own === false ? { copied: true as const } : {}),
      ...(record.state === undefined ? {} : { serial: record.state.serial }),
    },
  };
}
