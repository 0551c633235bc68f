import type { KarmaFile } from '../config/karma-file.ts';
import { type StoreSettings, storeSettings } from '../config/store-settings.ts';
import type { EngineContext, StorePlace, Stores } from '../engine/context.ts';
import { KarmaError } from '../model/errors.ts';
import type { DataFolder } from '../observe/estate/data-folder.ts';
import type { EstateRoot } from '../observe/estate/estate-root.ts';
import { naturalName } from '../observe/estate/source.ts';
import { clientFor } from '../stores/aws/account.ts';
import type { OpenNeptune } from '../stores/graph/neptune/open.ts';
import type { GraphStore } from '../stores/graph/port.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';
import type { SeenParameters } from '../stores/parameters/seen.ts';
import { type Accounts, accounts as accountsOf } from './accounts.ts';
import { embeddedBindings, embeddedGraph, embeddedLedger, embeddedParameters } from './embedded-stores.ts';
import { type EstateSeal, estateSeal } from './estate-seal.ts';
import type { SsmBinding } from './ssm-parameters.ts';

export interface StoresOptions extends Pick<EngineContext, 'cache' | 'env' | 'now'> {
  readonly folder: DataFolder;
  readonly root: EstateRoot;
  /** Keys of `karma.yaml` that count for nothing, because nobody trusts what they say. */
  readonly isDistrusted: (key: string) => boolean;
}

/** The three stores and the estate's key, each adapter chosen by itself; opened when first asked for. */
export function openStores(options: StoresOptions): Stores {
  const { folder, root, env, isDistrusted } = options;
  const settings = storeSettings(trustedOf(root.karmaFile, isDistrusted), env);
  const estate = root.karmaFile?.estate ?? naturalName(root.folder);
  const opened: { close(): Promise<void> }[] = [];
  const keep = async <T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T> => {
    const store = await opening;
    opened.push(store);
    return store;
  };
  const seal = estateSeal(folder.path, env);
  const neptune = once(() => openNeptuneOf(settings, estate));
  const parameters = parameterStores(options, { settings, seal, keep });
  const trials = { settings, accounts: parameters.accounts, estate, env, key: seal.kept };
  return {
    dataFolder: folder.path,
    placeGiven: settings.ledger.kind !== 'sqlite' || ['option', 'environment', 'settings'].includes(folder.from),
    places: placesOf(settings, folder.path),
    ledger: once(() => keep(openLedgerOf(settings, estate, folder.path))),
    graph: once(() => keep(openGraphOf(settings, neptune, folder.path))),
    ...parameters.doors,
    seal: seal.seal,
    ask: async (language, query) => {
      if (settings.graph.kind !== 'neptune') throw takesNoQuestions();
      const [{ client }, pass] = await Promise.all([neptune(), import('../stores/graph/neptune/passthrough.ts')]);
      return language === 'gremlin' ? pass.passGremlin(client, query) : pass.passCypher(client, query);
    },
    check: async () => (await import('./store-trials.ts')).tryStores(trials),
    policy: async () => (await import('./store-trials.ts')).policyFor(trials),
    close: async () => {
      await Promise.all(opened.splice(0).map((store) => store.close()));
    },
  };
}

/** The file without the stores that nobody trusts: those are embedded then. */
function trustedOf(file: KarmaFile | undefined, isDistrusted: (key: string) => boolean): KarmaFile | undefined {
  if (file === undefined) return undefined;
  const kept = Object.entries(file.stores).filter(([name]) => !isDistrusted(`stores.${name}`));
  return { ...file, stores: Object.fromEntries(kept) };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= work();
    return answer;
  };
}

async function openLedgerOf({ ledger }: StoreSettings, estate: string, folder: string): Promise<Ledger> {
  if (ledger.kind === 'sqlite') return embeddedLedger(folder);
  const { openDynamoLedger } = await import('../stores/ledger/dynamodb/ledger.ts');
  return openDynamoLedger({ table: ledger.table, estate, client: await clientFor(ledger) });
}

async function openNeptuneOf({ graph }: StoreSettings, estate: string): Promise<OpenNeptune> {
  if (graph.kind !== 'neptune') throw takesNoQuestions();
  const { openNeptune } = await import('../stores/graph/neptune/open.ts');
  return openNeptune({ ...graph, estate });
}

async function openGraphOf(
  { graph }: StoreSettings,
  neptune: () => Promise<OpenNeptune>,
  folder: string,
): Promise<GraphStore> {
  return graph.kind === 'sqlite' ? embeddedGraph(folder) : (await neptune()).store;
}

function takesNoQuestions(): KarmaError {
  return new KarmaError(
    'KARMA_NOT_CONFIGURED',
    'the graph is kept in a SQLite file, which takes no Gremlin or openCypher',
    {
      hint: 'set `stores: { graph: { neptune: { endpoint: https://…:8182 } } }` in karma.yaml, or KARMA_GRAPH to the endpoint; `karma impact`, `why`, `list` answer without it',
    },
  );
}

interface ParameterDoors {
  readonly settings: StoreSettings;
  readonly seal: EstateSeal;
  keep<T extends { close(): Promise<void> }>(opening: Promise<T>): Promise<T>;
}

/** One parameter store a binding. */
function parameterStores(
  { folder, root, env, cache, now }: StoresOptions,
  { settings, seal, keep }: ParameterDoors,
): {
  readonly accounts: Accounts | undefined;
  readonly doors: Pick<Stores, 'parameters' | 'knownBindings' | 'observe' | 'environmentOf' | 'bindings'>;
} {
  const { parameters } = settings;
  const accounts = accountsOf({
    settings: parameters.kind === 'ssm' ? parameters : { paths: [], bindings: {} },
    folder: root.folder,
    prefix: root.karmaFile?.prefix,
    env,
  });
  const environmentOf = (binding: string) => accounts.of(binding).environment ?? '';
  const bindings = () => accounts.named();
  const embedded = byName((binding) => keep(embeddedParameters(folder.path, binding, seal.kept)));
  if (parameters.kind === 'sqlite')
    return {
      accounts: undefined,
      doors: {
        parameters: embedded,
        knownBindings: () => embeddedBindings(folder.path),
        observe: async (binding) => everythingIn(await embedded(binding)),
        environmentOf,
        bindings,
      },
    };
  const ssm = byName(async (binding): Promise<SsmBinding> => {
    const { openSsmBinding } = await import('./ssm-parameters.ts');
    const opening = await openSsmBinding(binding, { accounts, cache, now, env, key: seal.kept, mirror: embedded });
    await keep(Promise.resolve(opening.store));
    return opening;
  });
  return {
    accounts,
    doors: {
      parameters: async (binding) => (await ssm(binding)).store,
      knownBindings: async () => accounts.names(),
      observe: async (binding, when) => (await ssm(binding)).observe(when),
      environmentOf,
      bindings,
    },
  };
}

function byName<T>(open: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (name) => {
    const opening = known.get(name) ?? open(name);
    known.set(name, opening);
    return opening;
  };
}

async function everythingIn(store: ParameterStore): Promise<SeenParameters> {
  return { parameters: await store.list({ path: '/' }) };
}

function placesOf({ ledger, graph, parameters }: StoreSettings, folder: string): readonly StorePlace[] {
  return [
    {
      store: 'ledger',
      adapter: ledger.kind,
      place: ledger.kind === 'sqlite' ? folder : `table ${ledger.table}`,
      from: ledger.from,
    },
    {
      store: 'graph',
      adapter: graph.kind,
      place: graph.kind === 'sqlite' ? folder : graph.endpoint,
      from: graph.from,
    },
    {
      store: 'parameters',
      adapter: parameters.kind,
      place: parameters.kind === 'sqlite' ? folder : 'Parameter Store',
      from: parameters.from,
    },
  ];
}
