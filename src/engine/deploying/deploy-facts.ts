import { dirname } from 'node:path';
import type { RuntimeDocument } from '../../consequence/digests.ts';
import { allRecords, type KeptRecords, recordsOf } from '../../deploy/records.ts';
import type { Claim } from '../../model/claim.ts';
import { deploymentKey, type RunInputs, type Seal } from '../../model/record.ts';
import { isTrouble, stateAt } from '../../observe/estate/states.ts';
import { runtimeOf } from '../../run/outputs.ts';
import type { Outputs } from '../../run/port.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { type KnownComponent, knownComponents } from '../deployed/known-components.ts';
import { type ObservedState, observedState } from '../deployed/observed-state.ts';
import { type ObservedStates, observeStates } from '../deployed/observed-states.ts';
import { bindingsOf } from '../deployed/placement.ts';
import { inputsReader, type ProgramInputs } from '../deployed/run-inputs.ts';
import { publishedName, type Runtimes, runtimesOf } from '../deployed/runtimes.ts';
import type { OpenedEstate } from '../view/open-estate.ts';
import type { LoadedView } from '../view/view.ts';
import { type LiveAccounts, liveAccounts } from './accounts.ts';
import { type RunFolders, runFolders } from './folders.ts';
import { type RunTools, runTools } from './tools.ts';

/** Everything that runs of one deploy are made from, read once; what runs change is read again before each of them. */
export interface DeployFacts {
  readonly context: EngineContext;
  readonly view: LoadedView;
  readonly estate: OpenedEstate;
  readonly components: ReadonlyMap<string, KnownComponent>;
  readonly claims: ReadonlyMap<string, Claim>;
  readonly live: LiveAccounts;
  readonly ledger: Ledger;
  readonly seal: Seal;
  readonly host: string;
  readonly folders: RunFolders;
  readonly tools: RunTools;
  readonly runtimes: Runtimes;
  readonly observed: ObservedStates;
  /** By deployment key; see {@link refreshRecord}. */
  readonly records: ReadonlyMap<string, KeptRecords>;
  refreshRecord(component: string, deployment: string): Promise<void>;
  /** What runs of this deploy left, by deployment key. */
  readonly left: Map<string, Left>;
  /** Work that is done once a deploy, whoever asks first. */
  once(name: string, work: () => Promise<void>): Promise<void>;
  /** What is seen of a deployment's state now. */
  stateOf(component: KnownComponent, deployment: string): ObservedState | undefined;
  inputs(component: KnownComponent, deployment: string, program: ProgramInputs): RunInputs;
}

/** What a run left: outputs as it told them, and the local file its state lies in. */
export interface Left {
  readonly outputs: Outputs;
  readonly state: string | undefined;
}

/** @param deploy names the deploy; checkouts lie under it. */
export async function deployFacts(
  context: EngineContext,
  view: LoadedView,
  estate: OpenedEstate,
  deploy: string,
): Promise<DeployFacts> {
  const all = knownComponents(view);
  const components = new Map(all.map((one) => [one.row.id, one]));
  const claims = new Map<string, Claim>();
  for (const claim of view.built?.resolver.allClaims() ?? []) claims.set(claim.component.id, claim);
  const seal = await context.stores.seal('keep');
  const ledger = await context.stores.ledger();
  const records = new Map(await allRecords(ledger));
  const live = liveAccounts(context, estate.view, accountsNamed(estate, all));
  const observed = observeStates({ estate, components: all, seal });
  const left = new Map<string, Left>();
  const going = new Map<string, Promise<void>>();
  const stateOf = statesNow(observed, left, seal);
  const runtimes = withRuns(runtimesOf(all, live.accounts, observed), { left, components, stateOf });
  const { host } = thisHost();
  const folders = runFolders({
    sources: estate.observation.opened,
    data: context.stores.dataFolder,
    deploy,
    ignored: estate.karmaFile?.terraform.ignoredInputs ?? [],
  });
  const inputs = inputsReader({ view, components, runtimes, seal, accounts: live.accounts, records });
  return {
    context,
    view,
    estate,
    components,
    claims,
    live,
    ledger,
    seal,
    host,
    folders,
    tools: runTools(context, estate, seal, host),
    runtimes,
    observed,
    records,
    left,
    once: (name, work) => {
      const known = going.get(name) ?? work();
      going.set(name, known);
      return known;
    },
    stateOf: ({ row }, deployment) => stateOf(row.id, deployment),
    refreshRecord: async (component, deployment) => {
      const found = await recordsOf(ledger, component, deployment);
      if (found !== undefined) records.set(deploymentKey(component, deployment), found);
    },
    inputs: (component, deployment, program) => inputs(component, deployment, program),
  };
}

/** Accounts that may be deployed to: those of binding files, else one an environment. */
function accountsNamed(estate: OpenedEstate, components: readonly KnownComponent[]): ReadonlySet<string> {
  const names = new Set(bindingsOf(estate.view).map(({ name }) => name));
  const filed = new Set(bindingsOf(estate.view).map(({ environment }) => environment));
  for (const { row } of components)
    if (row.layout === 'adage' && !filed.has(row.environment)) names.add(row.environment);
  return names;
}

type StateNow = (component: string, deployment: string) => ObservedState | undefined;

/** States were read once; a local one is read again when a run of this deploy wrote it. */
function statesNow(observed: ObservedStates, left: ReadonlyMap<string, Left>, seal: Seal): StateNow {
  const seen = new Map<Left, ObservedState | undefined>();
  return (component, deployment) => {
    const run = left.get(deploymentKey(component, deployment));
    if (run?.state === undefined) return observed.of(component, deployment);
    if (!seen.has(run)) seen.set(run, observedStateAt(run.state, seal));
    return seen.get(run);
  };
}

function observedStateAt(file: string, seal: Seal): ObservedState | undefined {
  const document = stateAt(file, dirname(file));
  if (document === undefined || isTrouble(document)) return undefined;
  const observation = observedState({ ...document, file, own: true }, seal);
  return 'reason' in observation ? undefined : observation;
}

interface Runs {
  readonly left: ReadonlyMap<string, Left>;
  readonly components: ReadonlyMap<string, KnownComponent>;
  readonly stateOf: StateNow;
}

/** Runtimes as runs of this deploy left them, where they do not go through Parameter Store. */
function withRuns(runtimes: Runtimes, { left, components, stateOf }: Runs): Runtimes {
  return {
    ...runtimes,
    lookupFor: (component, deployment) => {
      const before = runtimes.lookupFor(component, deployment);
      return (provider, runtime) => {
        if (publishedName(components.get(provider), runtime).startsWith('/')) return before(provider, runtime);
        const named = runtimes.nameIn(provider, runtime) ?? runtimes.counterpart(provider, deployment) ?? '';
        const run = left.get(deploymentKey(provider, named));
        if (run === undefined) return before(provider, runtime);
        return run.state === undefined ? documentOf(run.outputs) : stateOf(provider, named)?.runtime;
      };
    },
  };
}

/** A sensitive output's value is not known, its digest is: the same that a state would give. */
function documentOf(outputs: Outputs): RuntimeDocument {
  const all = Object.entries(outputs);
  const hidden = all.filter(([, { sensitive }]) => sensitive);
  return {
    value: runtimeOf(outputs),
    sensitive: [],
    ...(hidden.length === 0 ? {} : { sealed: Object.fromEntries(hidden.map(([name, { digest }]) => [name, digest])) }),
  };
}
