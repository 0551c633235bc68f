import type { KarmaFile } from '../config/karma-file.ts';
import type { HeldLease } from '../deploy/lease.ts';
import type { LayoutName } from '../model/component.ts';
import type { Door } from '../model/event.ts';
import type { FetchedModule, ModuleAsk } from '../model/fetched-module.ts';
import type { Environment } from '../model/file-view.ts';
import type { HookDelivery } from '../model/hook-delivery.ts';
import type { Person } from '../model/person.ts';
import type { Report } from '../model/progress.ts';
import type { Seal } from '../model/record.ts';
import type { RemoteBranches } from '../model/remote-branches.ts';
import type { Cache } from '../observe/cache/cache.ts';
import type { OutsideWord } from '../observe/estate/outside.ts';
import type { ResidentRepositories } from '../observe/resident/resident-repositories.ts';
import type { UntrackedAhead } from '../observe/views/untracked.ts';
import type { StoreCheck } from '../stores/aws/check.ts';
import type { Policy } from '../stores/aws/least-policy.ts';
import type { GraphStore } from '../stores/graph/port.ts';
import type { Ledger } from '../stores/ledger/port.ts';
import type { ParameterStore } from '../stores/parameters/port.ts';
import type { ObservedWhen, SeenParameters } from '../stores/parameters/seen.ts';
import type { Role } from './access/grants.ts';
import type { ResidentStatuses } from './deployed/resident-statuses.ts';
import type { ResidentHandings } from './range/cached-handings.ts';
import type { ResidentClaims } from './range/shared-claims.ts';
import type { PublishBeside } from './versions/publish-first.ts';
import type { ResidentVersions } from './versions/resident-versions.ts';
import type { CacheBeside } from './view/following/cache-anew.ts';
import type { LoadedView } from './view/view.ts';

/** What every verb gets: where the estate is, who asks, the clock, and the doors to what is kept. All injected. */
export interface EngineContext {
  readonly request: EstateRequest;
  readonly env: Environment;
  readonly actor: string;
  /** Who that is by the word of a token or an issuer; undefined: whoever Git knows at this machine. */
  readonly person?: Person;
  readonly door: Door;
  /** The trace that who asks began, see `traced`. */
  readonly trace?: string;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly newId: () => string;
  readonly report: Report;
  /** Given up by whoever asked: see `mustBeWanted`. */
  readonly signal?: AbortSignal;
  /** Who asks stands in a folder of the estate, and ids may be relative to it. */
  readonly standsThere?: true;
  readonly stores: Stores;
  /** What `karma.yaml` says of places outside of the estate and nobody trusts: it counts for nothing. */
  readonly distrusted: readonly OutsideWord[];
  readonly modules: ModuleFetching;
  readonly remotes: Remotes;
  /** Where the followed branch is shared. */
  readonly shared: RemoteBranches;
  /** How somebody is told of what happens to changes. */
  readonly hooks: HookDelivery;
  /** Leases that whoever asks holds already, by name: what takes one of them works under it. */
  readonly held?: (name: string) => HeldLease | undefined;
  /** Who asks from elsewhere may do so in some environments only; undefined: the whole estate. @throws KARMA_FORBIDDEN */
  readonly mustIn?: (role: Role, environments: readonly string[] | undefined) => Promise<void>;
  readonly version: string;
  /** Answers kept from one process to the next; never needed for correctness. */
  readonly cache: Cache;
  /** What this process remembers between questions, where it stays. */
  readonly resident?: Resident;
  /** Views that are held while many questions are asked of one moment; by that moment as it is named. */
  readonly residentViews?: Map<string, Promise<LoadedView>>;
  /** Another thread to publish a large estate's first version in. */
  readonly publishBeside?: PublishBeside;
  /** Keeps whole views beside a process that stays. */
  readonly cacheBeside?: CacheBeside;
}

/** Filled by whoever first has something to remember. */
export interface Resident {
  statuses?: ResidentStatuses;
  versions?: ResidentVersions;
  claims?: ResidentClaims;
  handings?: ResidentHandings;
  /** `karma.yaml` by the commit that has it. */
  karmaFiles?: ReadonlyMap<string, { readonly karmaFile: KarmaFile | undefined }>;
}

export interface EstateRequest {
  /** Where the estate was looked for from. */
  readonly cwd: string;
  /** Other repositories: `PATH` or `PATH@REF`. */
  readonly repos: readonly string[];
  /** A `karma.yaml` named by hand. */
  readonly configFile?: string;
  /** Layouts forced by hand. */
  readonly layouts?: readonly LayoutName[];
  /** Untracked files of the work tree, where git lists them already. */
  readonly ahead?: UntrackedAhead;
  /** The folder that modules are fetched into. */
  readonly fetchedModules: string;
  /** The folder that repositories elsewhere are mirrored in. */
  readonly mirrors?: string;
  /** The address whose mirror the estate itself is. */
  readonly remote?: string;
  /** What this process holds of repositories, from one question to the next where it stays. */
  readonly resident?: ResidentRepositories;
}

/** Brings modules from elsewhere: the only door to the network but for the stores, and opened by one verb alone. */
export interface ModuleFetching {
  /** One module, or why not. Whole or not at all. */
  fetch(ask: ModuleAsk): Promise<FetchedModule | { readonly trouble: string }>;
  /** The lock is written in one go. */
  lock(modules: readonly FetchedModule[]): Promise<void>;
}

/** Mirrors of repositories elsewhere: a door to the network that one verb alone opens. */
export interface Remotes {
  /** Brings a mirror to what the remote is now, or says why not. @param into default: its place among the mirrors */
  fetch(
    url: string,
    how?: { readonly into?: string; readonly signal?: AbortSignal },
  ): Promise<{ readonly moved: boolean } | { readonly trouble: string }>;
}

/** Opened when first asked for, so that a question that needs no store opens none. */
export interface Stores {
  ledger(): Promise<Ledger>;
  graph(): Promise<GraphStore>;
  parameters(binding: string): Promise<ParameterStore>;
  /** Bindings that the parameter store holds anything of, so that a question knows whether to look. */
  knownBindings(): Promise<readonly string[]>;
  /** The accounts that the estate names, by binding file or in `karma.yaml`; none where it names none. */
  bindings(): readonly string[];
  /** The environment that a binding is an account of; `''` where there is but one account. */
  environmentOf(binding: string): string;
  /** Everything a binding's store holds, or held when it could be read last: an account out of reach is no error. */
  observe(binding: string, when: ObservedWhen): Promise<SeenParameters>;
  /** Sends a person's own question to the graph store as it is. @throws KARMA_NOT_CONFIGURED where none takes questions */
  ask(language: QueryLanguage, query: string): Promise<readonly unknown[]>;
  /**
   * The keyed digest under the estate's key. A question makes no key: where there is none yet it gets one that lasts as long as
   * the process, which is enough to compare what it reads itself. To keep digests, ask for the key that stays.
   */
  seal(purpose: 'ask' | 'keep'): Promise<Seal>;
  /** Where the embedded data lies, for `karma doctor`. */
  readonly dataFolder: string;
  /** Somebody said where that is: an option, the environment or karma.yaml. */
  readonly placeGiven: boolean;
  /** Where each store is kept, and who decided. */
  readonly places: readonly StorePlace[];
  /** Tries one by one what is needed of stores that lie elsewhere; writes nothing. */
  check(): Promise<readonly StoreTrial[]>;
  /** The least rights with which Karma can use them; words in capitals stand for what is not known here. */
  policy(): Promise<Policy>;
  close(): Promise<void>;
}

export type QueryLanguage = 'gremlin' | 'cypher';

export interface StorePlace {
  readonly store: 'ledger' | 'graph' | 'parameters';
  readonly adapter: 'sqlite' | 'dynamodb' | 'neptune' | 'ssm';
  /** A folder, a table, an endpoint. */
  readonly place: string;
  /** `karma.yaml:7`, `KARMA_LEDGER`, `convention`. */
  readonly from: string;
}

export interface StoreTrial extends StoreCheck {
  /** `ledger`, `graph`, `parameters of shop-dev`. */
  readonly store: string;
}
