import type { ComponentId } from '../../model/component.ts';
import { byCodeUnit } from '../../model/digest.ts';
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
  readonly from: string;
  readonly to: string;
  /** What would copy the state. Shown, never run. */
  readonly commands: readonly string[];
}

/** What a range does to state addresses. `pairs` are the components at both ends that it touched. O(components). */
export function stateChanges(
  before: RangeEnd,
  after: RangeEnd,
  pairs: readonly Pair[],
  { added, removed }: { readonly added: readonly ComponentId[]; readonly removed: readonly ComponentId[] },
): StateChanges {
  const moved = pairs.flatMap((pair) =>
    movesOf(statesOf(before, pair.was, true), statesOf(after, pair.id, true), pair),
  );
  const touched = new Set([...added, ...removed, ...pairs.flatMap(({ id, was }) => [id, was])]);
  const owners = ownersOf(after, (id) => touched.has(id));
  const sharedBefore = ownersOf(before, (id) => touched.has(id));
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

/** Addresses that one component left and those it took, pair by pair; one that only came or went is no move. */
function movesOf(before: readonly string[], after: readonly string[], { id, was }: Pair): StateMove[] {
  const left = before.filter((state) => !after.includes(state));
  const taken = after.filter((state) => !before.includes(state));
  return left.flatMap((from, place) => {
    const to = taken[place];
    return to === undefined ? [] : [{ component: id, was, from, to, commands: copyCommands(from, to, was, id) }];
  });
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

function copyCommands(from: string, to: string, was: ComponentId, id: ComponentId): string[] {
  if (from.startsWith('s3://') && to.startsWith('s3://')) return [`aws s3 cp ${quoted(from)} ${quoted(to)}`];
  return [
    `terraform -chdir=${quoted(was)} state pull > moved.tfstate   # at the earlier revision`,
    `terraform -chdir=${quoted(id)} init && terraform -chdir=${quoted(id)} state push moved.tfstate`,
  ];
}

/** For a POSIX shell, so that a copied line does what it says. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
