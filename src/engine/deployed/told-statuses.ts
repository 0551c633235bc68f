import type { ComponentId } from '../../model/component.ts';
import { deploymentKey } from '../../model/record.ts';
import { readingOf } from '../reading.ts';
import type { LoadedView } from '../view/view.ts';
import type { Accounts } from './accounts.ts';
import type { KnownComponent } from './known-components.ts';
import { statesMark } from './observed-states.ts';
import { orphansIn } from './orphans.ts';
import type { SourceMarks, Statuses } from './resident-statuses.ts';
import {
  type ComponentStatus,
  factsFrom,
  localStates,
  residentStatuses,
  type StatusFacts,
  type StatusSources,
  spokenOf,
} from './status-facts.ts';

/** The statuses of deployments, told once as long as nothing that they rest on changes. */
export interface ToldStatuses {
  readonly view: LoadedView;
  readonly components: ReadonlyMap<ComponentId, KnownComponent>;
  readonly orphans: readonly ComponentStatus[];
  readonly states: StatesTold;
  /** Nothing is remembered yet. */
  readonly isNew: boolean;
  speaksOf(environment: string): boolean;
  deploymentsOf(component: KnownComponent): readonly string[];
  statusOf(component: KnownComponent, deployment: string): ComponentStatus;
  /** What else can be asked; it reads all states. */
  facts(): StatusFacts;
}

/** States and outputs that were used, and files given that were not. */
export interface StatesTold {
  readonly matched: number;
  readonly unmatched: readonly { readonly path: string; readonly reason: string }[];
}

/** On what was read, from what the process remembers where it stays. States that are given by hand are looked at anew. */
export function toldOn(sources: StatusSources): ToldStatuses {
  const { view, components, context, query } = sources;
  const resident = query.states === undefined ? residentStatuses(context) : undefined;
  const statuses = resident?.on(marksOf(sources), [query.binding ?? '', view.built !== undefined].join('\n'));
  let made: StatusFacts | undefined;
  const facts = () => {
    made ??= factsFrom(statuses === undefined ? sources : watched(sources, statuses));
    return made;
  };
  const once = <T>(name: string, make: () => T): T => {
    if (statuses === undefined) return make();
    if (!statuses.whole.has(name)) statuses.whole.set(name, make());
    return statuses.whole.get(name) as T;
  };
  return {
    view,
    components,
    isNew: statuses === undefined || statuses.isEmpty,
    facts,
    orphans: once('orphans', () => orphansIn(facts())),
    states: once('states', () => statesTold(facts())),
    speaksOf: once('environments', () => spokenOf(sources)),
    deploymentsOf: (component) => once(`deployments ${component.row.id}`, () => facts().deploymentsOf(component)),
    statusOf: (component, deployment) => {
      const tell = () => facts().statusOf(component, deployment);
      return statuses?.get(deploymentKey(component.row.id, deployment), tell) ?? tell();
    },
  };
}

function statesTold({ observed: { matched, unmatched } }: StatusFacts): StatesTold {
  return { matched, unmatched };
}

/** Everything that a status is made of, by what it is and never by its name. */
function marksOf(sources: StatusSources): SourceMarks {
  const { view, records, context, seal } = sources;
  const { estate, hash, environment } = view;
  const rest = [
    readingOf(context),
    hash,
    estate?.observation.identity ?? '',
    estate?.observation.root.folder ?? '',
    estate?.refs ?? '',
    JSON.stringify(estate?.view.settings ?? null),
    JSON.stringify(environment),
    estate?.view.environment['IAC_PREFIX'] ?? '',
    seal('statuses'),
    statesMark(localStates(sources)),
  ].join('\n');
  return {
    rest,
    records,
    parameters: estate?.view.parameters ?? new Map(),
    unread: estate?.accounts.unread ?? [],
  };
}

/** The same, and whatever is looked up for a status is noted with it. */
function watched(sources: StatusSources, statuses: Statuses): StatusSources {
  const { records, accounts } = sources;
  return {
    ...sources,
    records: new WatchedMap(records, (key) => statuses.readRecord(key)),
    accounts: accounts === undefined ? undefined : watchedAccounts(accounts, statuses),
  };
}

function watchedAccounts({ of, parameter }: Accounts, statuses: Statuses): Accounts {
  return {
    of,
    parameter: (row, deployment, name) => {
      statuses.readParameter(name);
      return parameter(row, deployment, name);
    },
  };
}

class WatchedMap<V> extends Map<string, V> {
  readonly #heard: (key: string) => void;

  constructor(entries: Iterable<readonly [string, V]>, heard: (key: string) => void) {
    super(entries);
    this.#heard = heard;
  }

  override get(key: string): V | undefined {
    this.#heard(key);
    return super.get(key);
  }
}
