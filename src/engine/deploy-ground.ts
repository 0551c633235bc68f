import type { RuntimeDocument } from '../consequence/digests.ts';
import { allRecords, type KeptRecords, recordsOf } from '../deploy/records.ts';
import type { Claim } from '../model/claim.ts';
import { deploymentKey, type RunInputs, type Seal } from '../model/record.ts';
import type { Outputs } from '../run/port.ts';
import { thisHost } from '../stores/ledger/liveness.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { EngineContext } from './context.ts';
import { type LiveAccounts, liveAccounts } from './deploy-accounts.ts';
import { type RunFolders, runFolders } from './deploy-folders.ts';
import { type RunTools, runTools } from './deploy-tools.ts';
import { type KnownComponent, knownComponents } from './known-components.ts';
import type { OpenedEstate } from './open-estate.ts';
import { bindingsOf } from './placement.ts';
import { inputsReader, type ProgramInputs } from './run-inputs.ts';
import { publishedName, type Runtimes, runtimesOf } from './runtimes.ts';
import { lookForStates, type Sightings } from './sightings.ts';
import type { LoadedView } from './view.ts';

/** Everything that runs of one deploy are made from, read once; what runs change is read again before each of them. */
export interface DeployGround {
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
  readonly sightings: Sightings;
  /** By deployment key; see {@link refreshRecord}. */
  readonly records: ReadonlyMap<string, KeptRecords>;
  refreshRecord(component: string, deployment: string): Promise<void>;
  /** What a run of this deploy left as outputs, by deployment key. */
  readonly ran: Map<string, Outputs>;
  inputs(component: KnownComponent, deployment: string, program: ProgramInputs): RunInputs;
}

/** @param deploy names the deploy; checkouts lie under it. */
export async function deployGround(
  context: EngineContext,
  view: LoadedView,
  estate: OpenedEstate,
  deploy: string,
): Promise<DeployGround> {
  const all = knownComponents(view);
  const components = new Map(all.map((one) => [one.row.id, one]));
  const claims = new Map<string, Claim>();
  for (const claim of view.built?.resolver.allClaims() ?? []) claims.set(claim.component.id, claim);
  const seal = await context.stores.seal('keep');
  const ledger = await context.stores.ledger();
  const records = new Map(await allRecords(ledger));
  const live = liveAccounts(context, estate.view, accountsNamed(estate, all));
  const sightings = lookForStates({ estate, components: all, seal });
  const ran = new Map<string, Outputs>();
  const runtimes = withRuns(runtimesOf(all, live.accounts, sightings), ran, components);
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
    sightings,
    records,
    ran,
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

/** States were read once; what ran since is known from its run. */
function withRuns(
  runtimes: Runtimes,
  ran: ReadonlyMap<string, Outputs>,
  components: ReadonlyMap<string, KnownComponent>,
): Runtimes {
  return {
    ...runtimes,
    lookupFor: (component, deployment) => {
      const before = runtimes.lookupFor(component, deployment);
      return (provider, runtime) => {
        const named = runtimes.nameIn(provider, runtime) ?? runtimes.counterpart(provider, deployment) ?? '';
        const outputs = publishedName(components.get(provider), runtime).startsWith('/')
          ? undefined
          : ran.get(deploymentKey(provider, named));
        return outputs === undefined ? before(provider, runtime) : documentOf(outputs);
      };
    },
  };
}

/** A sensitive output's value is not known: it could not be compared with what a state shows, so it counts as unread. */
function documentOf(outputs: Outputs): RuntimeDocument | undefined {
  const all = Object.entries(outputs);
  if (all.some(([, { sensitive }]) => sensitive)) return undefined;
  return { value: Object.fromEntries(all.map(([name, { value }]) => [name, value ?? null])), sensitive: [] };
}
