import { at } from '../../graph/adjacency.ts';
import type { Graph } from '../../graph/graph.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { groupingBy } from './grouping.ts';

/**
 * The estate map: one cell a component, packed by environment and group, no lines until something is pointed at. A cell's
 * place follows from its group and the names in it alone, and is the same in every environment: what one lacks is a hole.
 */
export interface EstateMap {
  readonly groupBy: string;
  /** In cells, with the rows that titles take. */
  readonly width: number;
  readonly height: number;
  /** From top to bottom. */
  readonly environments: readonly MapLane[];
  /** Sorted by environment, then by name. */
  readonly groups: readonly MapGroup[];
  /** Columns, one entry a component; sorted by group, then by slot. */
  readonly ids: readonly string[];
  /** Place in `groups`. */
  readonly group: readonly number[];
  /** Which cell of its group: column `slot % columns`, row `floor(slot / columns)`. */
  readonly slot: readonly number[];
  /** References, one entry each, as places in `ids`; from the dependent to what it depends on. */
  readonly from: readonly number[];
  readonly to: readonly number[];
}

export interface MapLane {
  readonly name: string;
  readonly count: number;
  readonly y: number;
  readonly height: number;
}

export interface MapGroup {
  /** Place in `environments`. */
  readonly environment: number;
  /** As the picture knows it: give it to `open`. */
  readonly id: string;
  readonly name: string;
  readonly count: number;
  /** Of its first cell, below its title. */
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

export interface MapOptions {
  readonly by?: string;
  /** How many cells wide. */
  readonly across: number;
  /** How many rows of cells a title takes. */
  readonly head: number;
}

interface Group {
  readonly environment: string;
  readonly id: string;
  readonly name: string;
  readonly members: readonly number[];
}

interface Block {
  readonly x: number;
  readonly y: number;
  readonly columns: number;
  readonly rows: number;
}

/** O(components · log + references). */
export function mapOf(graph: Graph, { by, across, head }: MapOptions): EstateMap {
  const { by: groupBy, groups } = groupsOf(graph, by);
  const slots = slotsOf(graph, groups);
  const blocks = blocksOf(slots, across, head);
  const names = [...new Set(groups.map(({ environment }) => environment))];
  const tall = Math.max(0, ...[...blocks.values()].map(({ y, rows }) => y + rows));
  const lane = head + tall + 2;
  const environments = names.map((name, place): MapLane => {
    const count = groups.reduce((sum, one) => sum + (one.environment === name ? one.members.length : 0), 0);
    return { name, count, y: place * lane, height: lane - 1 };
  });
  const ids: string[] = [];
  const group: number[] = [];
  const slot: number[] = [];
  const placeOf = new Int32Array(graph.size);
  for (const [place, { name, environment, members }] of groups.entries()) {
    const known = slots.get(name);
    const placed = members.map((node) => ({ node, slot: known?.get(nameWithin(graph.id(node), environment)) ?? 0 }));
    placed.sort((a, b) => a.slot - b.slot || a.node - b.node);
    for (const one of placed) {
      placeOf[one.node] = ids.length;
      ids.push(graph.id(one.node));
      group.push(place);
      slot.push(one.slot);
    }
  }
  return {
    groupBy,
    width: across,
    height: Math.max(0, names.length * lane - 1),
    environments,
    groups: groups.map(({ environment, id, name, members }): MapGroup => {
      const { x, y, columns, rows } = blocks.get(name) ?? { x: 0, y: 0, columns: 1, rows: 1 };
      const lanePlace = names.indexOf(environment);
      return {
        environment: lanePlace,
        id,
        name,
        count: members.length,
        x,
        y: lanePlace * lane + head + y,
        columns,
        rows,
      };
    }),
    ids,
    group,
    slot,
    ...referencesBetween(graph, placeOf),
  };
}

/** By type, unless nearly everything is a type of its own; then by folder. */
function groupsOf(graph: Graph, by: string | undefined): { readonly by: string; readonly groups: readonly Group[] } {
  const made = (choice: string): Group[] => {
    const { keyOf } = groupingBy(graph, choice);
    const groups = Map.groupBy(graph.ids.keys(), keyOf);
    return [...groups]
      .map(([key, members]): Group => {
        const cut = key.indexOf('\0');
        const environment = key.slice(0, cut);
        const name = nameWithin(key.slice(cut + 1), environment);
        return { environment, id: key.replace('\0', '|'), name, members };
      })
      .sort((a, b) => byCodeUnit(a.environment, b.environment) || byCodeUnit(a.name, b.name) || byCodeUnit(a.id, b.id));
  };
  if (by !== undefined) return { by, groups: made(by) };
  const types = made('type');
  return types.length <= Math.max(60, graph.size / 4)
    ? { by: 'type', groups: types }
    : { by: 'folder', groups: made('folder') };
}

/** A path with the step that names its environment taken out, so that the same thing in two environments has one name. */
function nameWithin(path: string, environment: string): string {
  const steps = path.split('/');
  const place = steps.indexOf(environment);
  return place < 0 ? path : steps.toSpliced(place, 1).join('/');
}

/** Group name → name of a component → its slot, over all environments. */
function slotsOf(graph: Graph, groups: readonly Group[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const names = new Map<string, Set<string>>();
  for (const { name, environment, members } of groups) {
    const known = names.get(name) ?? new Set<string>();
    for (const node of members) known.add(nameWithin(graph.id(node), environment));
    names.set(name, known);
  }
  return new Map(
    [...names].map(([name, known]) => [name, new Map([...known].sort(byCodeUnit).map((one, slot) => [one, slot]))]),
  );
}

const leastColumns = 8;

/** Blocks of cells in shelves, in order of name: each about twice as wide as it is high. */
function blocksOf(
  slots: ReadonlyMap<string, ReadonlyMap<string, number>>,
  across: number,
  head: number,
): ReadonlyMap<string, Block> {
  const blocks = new Map<string, Block>();
  let [x, y, shelf] = [0, 0, 0];
  for (const [name, known] of [...slots].sort(([a], [b]) => byCodeUnit(a, b))) {
    const columns = Math.min(across, Math.max(leastColumns, Math.ceil(Math.sqrt(known.size * 2))));
    const rows = Math.ceil(known.size / columns);
    if (x > 0 && x + columns > across) [x, y, shelf] = [0, y + shelf + 1, 0];
    blocks.set(name, { x, y: y + head, columns, rows });
    x += columns + 1;
    shelf = Math.max(shelf, head + rows);
  }
  return blocks;
}

function referencesBetween(graph: Graph, placeOf: Int32Array): Pick<EstateMap, 'from' | 'to'> {
  const { edgeFrom, edgeTo } = graph.adjacency;
  const pairs = Array.from(
    { length: graph.edges },
    (_, edge) => [at(placeOf, at(edgeFrom, edge)), at(placeOf, at(edgeTo, edge))] as const,
  );
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return { from: pairs.map(([from]) => from), to: pairs.map(([, to]) => to) };
}
