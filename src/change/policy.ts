import type { Graph } from '../graph/graph.ts';
import type { ComponentId } from '../model/component.ts';
import type { Change } from './change.ts';
import type { Simulation } from './simulation.ts';

/** A rule over changes: what happens to one that its condition holds of. */
export interface ChangePolicy {
  readonly name: string;
  /** A condition in CEL over {@link PolicyInput}. */
  readonly when: string;
  readonly outcome: PolicyOutcome;
  /** Why, for whoever trips over it. */
  readonly reason?: string;
  /** Of one that asks: whom. */
  readonly ask?: {
    readonly count?: number;
    readonly group?: string;
    readonly proposer?: boolean;
    readonly applies?: boolean;
  };
  /** Inputs laid over an empty one, and whether the condition holds of them. */
  readonly examples?: readonly PolicyExample[];
}

/** `refuse`: never. `hold`: not while it is so. `ask`: people must agree. `warn`: it is said. */
export type PolicyOutcome = 'refuse' | 'hold' | 'ask' | 'warn';

export interface PolicyExample {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly holds: boolean;
}

/** What a condition may speak of, and what can be handed to another judge. Sorted lists; no value of any config. */
export interface PolicyInput {
  readonly change: {
    readonly id: string;
    readonly reason: string;
    readonly proposer: string;
    readonly revision: number;
    readonly ways: readonly string[];
    readonly files: readonly string[];
  };
  readonly delta: {
    readonly added: readonly ComponentId[];
    readonly removed: readonly ComponentId[];
    readonly changed: readonly ComponentId[];
    /** Counts as changed. */
    readonly undecided: readonly ComponentId[];
    readonly moved: readonly ComponentId[];
    readonly referencesAdded: readonly { readonly from: ComponentId; readonly to: ComponentId }[];
    readonly referencesRemoved: readonly { readonly from: ComponentId; readonly to: ComponentId }[];
  };
  /** What it writes, with what is known of each. */
  readonly components: readonly PolicyComponent[];
  readonly affected: readonly AffectedComponent[];
  /** Of all that it writes and affects. */
  readonly environments: readonly string[];
  /** What gets worse. */
  readonly findings: readonly {
    readonly code: string;
    readonly severity: string;
    readonly subject: string;
    readonly message: string;
  }[];
  /** State addresses that would move, and those that nothing would claim any more. */
  readonly states: { readonly moved: number; readonly shared: number; readonly abandoned: number };
  /** Nothing unproved could add to this. */
  readonly complete: boolean;
  /** In UTC. */
  readonly time: { readonly at: string; readonly date: string; readonly hour: number; readonly weekday: string };
}

export interface AffectedComponent extends PolicyComponent {
  readonly distance: number;
}

export interface PolicyComponent {
  readonly id: ComponentId;
  readonly kind: string;
  readonly environment: string;
  readonly owner: string;
  readonly account: string;
}

export const policyNames = [
  'change',
  'delta',
  'components',
  'affected',
  'environments',
  'findings',
  'states',
  'complete',
  'time',
] as const satisfies readonly (keyof PolicyInput)[];

const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** @param ends the graphs of both ends: what is gone is known at the earlier one alone */
export function policyInput(
  change: Pick<Change, 'id' | 'reason' | 'proposer' | 'revision' | 'ways'>,
  { comparison, graph, files, worse }: Simulation,
  ends: { readonly before: Graph; readonly after: Graph },
  at: string,
): PolicyInput {
  const { added, removed, changed, undecided, moved, affected, states, complete } = comparison;
  const told = (id: ComponentId): PolicyComponent =>
    componentOf(ends.after, id) ?? componentOf(ends.before, id) ?? unknown(id);
  const written = new Set(
    [...changed, ...undecided]
      .map(({ id }) => id)
      .concat(
        added,
        removed,
        moved.map(({ id }) => id),
      ),
  );
  const components = [...written].sort().map(told);
  const reached = affected.map(({ id, distance }) => ({ ...told(id), distance }));
  const when = new Date(at);
  const { id, reason, proposer, revision, ways } = change;
  return {
    change: { id, reason, proposer, revision, ways, files: files.map(({ path }) => path) },
    delta: {
      ...{ added, removed },
      changed: changed.map((one) => one.id),
      undecided: undecided.map((one) => one.id),
      moved: moved.map((one) => one.id),
      referencesAdded: graph.referencesAdded,
      referencesRemoved: graph.referencesRemoved,
    },
    components,
    affected: reached,
    environments: [...new Set([...components, ...reached].map(({ environment }) => environment))].sort(),
    findings: worse.map(({ code, severity, subject, message }) => ({ code, severity, subject, message })),
    states: { moved: states.moved.length, shared: states.shared.length, abandoned: states.abandoned.length },
    complete,
    time: {
      at: when.toISOString(),
      date: when.toISOString().slice(0, 10),
      hour: when.getUTCHours(),
      weekday: weekdays[when.getUTCDay()] ?? '',
    },
  };
}

function componentOf(graph: Graph, id: ComponentId): PolicyComponent | undefined {
  const node = graph.node(id);
  if (node === undefined) return undefined;
  const { type, environment, attributes } = graph.component(node);
  return { id, kind: type, environment, owner: attributes.owner ?? '', account: attributes.account ?? '' };
}

function unknown(id: ComponentId): PolicyComponent {
  return { id, kind: '', environment: '', owner: '', account: '' };
}

/** What an example is laid over: a change of nothing. */
export const emptyPolicyInput: PolicyInput = {
  change: { id: 'cr-0', reason: '', proposer: '', revision: 1, ways: [], files: [] },
  delta: { added: [], removed: [], changed: [], undecided: [], moved: [], referencesAdded: [], referencesRemoved: [] },
  components: [],
  affected: [],
  environments: [],
  findings: [],
  states: { moved: 0, shared: 0, abandoned: 0 },
  complete: true,
  time: { at: '2026-01-05T12:00:00.000Z', date: '2026-01-05', hour: 12, weekday: 'monday' },
};
