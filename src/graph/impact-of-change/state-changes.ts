import type { ComponentId, ComponentRow } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
import type { RootRun } from '../../model/run-setup.ts';
import { copyCommands, type StateTools } from './copy-commands.ts';
import type { Pair, RangeEnd } from './range-end.ts';

export interface StateChanges {
  /** State addresses that the range moves; without a copy the next apply would build everything anew. */
  readonly moved: readonly StateMove[];
  /** Addresses that several components come to share: each run would undo the other's. */
  readonly shared: readonly { readonly state: string; readonly components: readonly ComponentId[] }[];
  /** Addresses that nothing claims any more: what they hold lives on, and nobody manages it. */
  readonly abandoned: readonly { readonly state: string; readonly component: ComponentId }[];
}

export interface StateMove {
  readonly component: ComponentId;
  readonly was: ComponentId;
  /** Of several deployments, which. */
  readonly deployment?: string;
  readonly from: string;
  readonly to: string;
  /** What would copy the state; nothing where another state was kept there before. Shown, never run. */
  readonly commands: readonly string[];
}

/** What a range does to state addresses. `pairs` are the components at both ends that it touched. O(components). */
export function stateChanges(
  before: RangeEnd,
  after: RangeEnd,
  pairs: readonly Pair[],
  { added, removed }: { readonly added: readonly ComponentId[]; readonly removed: readonly ComponentId[] },
  tools: StateTools = {},
): StateChanges {
  const touched = new Set([...added, ...removed, ...pairs.flatMap(({ id, was }) => [id, was])]);
  const owners = ownersOf(after, (id) => touched.has(id));
  const sharedBefore = ownersOf(before, (id) => touched.has(id));
  const isTaken = (state: string) => sharedBefore.has(state);
  const moved = pairs.flatMap((pair) => movesOf([before, after], pair, isTaken, tools));
  const fresh = new Set([...added, ...pairs.map(({ id }) => id)]);
  const shared = [...owners]
    .filter(
      ([state, ids]) =>
        ids.length > 1 && ids.some((id) => fresh.has(id)) && ids.length > (sharedBefore.get(state)?.length ?? 0),
    )
    .map(([state, components]) => ({ state, components }));
  const abandoned = removed.flatMap((component) =>
    statesOf(before, component, true).flatMap((state) => (owners.has(state) ? [] : [{ state, component }])),
  );
  return { moved, shared: shared.sort((a, b) => byCodeUnit(a.state, b.state)), abandoned };
}

/**
 * Addresses that one component left and those it took, deployment by deployment; one that only came or went is no move. Where
 * nothing tells which of several became which, none is said to have moved.
 */
function movesOf(
  [before, after]: readonly [RangeEnd, RangeEnd],
  pair: Pair,
  isTaken: (state: string) => boolean,
  tools: StateTools,
): StateMove[] {
  const { id, was } = pair;
  const [old, now] = [statesByDeployment(before, was), statesByDeployment(after, id)];
  const kept = new Set(now.values());
  return [...old].flatMap(([deployment, from]) => {
    const to = now.get(deployment);
    if (to === undefined || from === to || kept.has(from)) return [];
    const rows = [rowOf(before, was), rowOf(after, id)] as const;
    const copy = { from, to, deployment, rows, tools: usesTofu(after, id) ? { terraform: 'tofu', ...tools } : tools };
    return [
      {
        component: id,
        was,
        ...(deployment === '' ? {} : { deployment }),
        from,
        to,
        commands: isTaken(to) ? [] : copyCommands(copy, [runOf(before, was, deployment), runOf(after, id, deployment)]),
      },
    ];
  });
}

/** Whether a component's states are where others can be told to look for them. */
export function keepsKnownState(end: RangeEnd, id: ComponentId): boolean {
  return statesOf(end, id, true).length > 0;
}

function usesTofu({ claim }: RangeEnd, id: ComponentId): boolean {
  return Object.entries(claim(id)?.readSet.files ?? {}).some(
    ([file, digest]) => digest !== null && /\.tofu(?:\.json)?$/.test(file),
  );
}

/** By deployment, `''` for the only one. */
function statesByDeployment(end: RangeEnd, id: ComponentId): ReadonlyMap<string, string> {
  const all = statesOf(end, id, true);
  const parts = Object.entries(end.claim(id)?.parts ?? {});
  if (parts.length === 0) return all.length === 1 ? new Map([['', all[0] ?? '']]) : new Map();
  const own = new Set(all);
  return new Map(
    parts.flatMap(([name, { provides }]) => {
      const states = provides.map((key) => key.replace(/^state:/, '')).filter((state) => own.has(state));
      return states.length === 1 ? [[name, states[0] ?? ''] as const] : [];
    }),
  );
}

function rowOf({ graph }: RangeEnd, id: ComponentId): ComponentRow | undefined {
  const node = graph.node(id);
  return node === undefined ? undefined : graph.component(node);
}

function runOf({ claim }: RangeEnd, id: ComponentId, deployment: string): RootRun | undefined {
  const roots = claim(id)?.run?.roots ?? {};
  return roots[deployment] ?? (deployment === '' ? Object.values(roots)[0] : undefined);
}

/** States of a bucket's or folder's listing that no component claims. Addresses as components write them. Sorted. */
export function unclaimedStates(end: RangeEnd, listing: Iterable<string>): string[] {
  const owners = ownersOf(end, () => true);
  return [...new Set(listing)].filter((state) => !owners.has(state)).sort(byCodeUnit);
}

/**
 * The addresses a component keeps its states under: what its row says, one a deployment; else what its claim provides
 * exclusively. Rows come first, and claims of what the range left alone are not asked, because they cost more to have.
 */
function statesOf({ graph, claim }: RangeEnd, id: ComponentId, ask: boolean): readonly string[] {
  const node = graph.node(id);
  const shown = node === undefined ? undefined : graph.component(node).attributes.state;
  if (shown !== undefined) return shown.split(', ');
  if (!ask) return [];
  const provided = claim(id)?.provides.filter(({ key, exclusive }) => exclusive === true && key.startsWith('state:'));
  return (provided ?? []).map(({ key }) => key.slice('state:'.length)).sort(byCodeUnit);
}

function ownersOf(end: RangeEnd, ask: (id: ComponentId) => boolean): ReadonlyMap<string, readonly ComponentId[]> {
  const owners = new Map<string, ComponentId[]>();
  for (const id of end.graph.ids) {
    for (const state of statesOf(end, id, ask(id))) {
      const same = owners.get(state);
      if (same === undefined) owners.set(state, [id]);
      else same.push(id);
    }
  }
  return owners;
}
