import { firstNot } from '../model/binary-search.ts';
import type { ClaimBlindSpot } from '../model/claim.ts';
import type { ComponentId, ComponentRow, DeploymentRow, TypeRow } from '../model/component.ts';
import type { Evidence, Sites } from '../model/evidence.ts';
import type { Finding } from '../model/finding.ts';
import type { Pointer } from '../model/pointer.ts';
import type { ReferenceRow } from '../model/reference.ts';
import { type Row, type RowTable, rowTables } from '../model/rows.ts';
import { type Adjacency, adjacencyFrom, at } from './adjacency.ts';
import { type ComponentHead, headOf } from './component-heads.ts';
import { componentsInMemory, parseRow, type RowSource, type RowSources, rowAt, rowsInMemory } from './row-source.ts';

/**
 * The working graph of one version: node = place of its id in sorted order, edges as integers both ways, and rows that are
 * parsed when somebody looks at them. Built per version, never patched; safe to share between questions.
 *
 * A node that only a reference names (no component row) is kept as a *missing* node: an edge is never dropped.
 */
export class Graph {
  /** Sorted by code unit; a node's number is its place here, so ordering by number is ordering by id. */
  readonly ids: readonly ComponentId[];
  readonly adjacency: Adjacency;
  /** 1 where a reference consumes nothing and only orders. By edge number. */
  readonly orderOnly: Uint8Array;
  /** The rows it was made from, sorted by key; references by edge number. */
  readonly tables: RowSources;
  /** Node → place in the component table, −1 for a missing node. */
  readonly nodeRow: Int32Array;

  /** 1 where a component has blind spots. By node. */
  readonly blind: Uint8Array;

  readonly #components: (ComponentRow | undefined)[] = [];
  readonly #references: (ReferenceRow | undefined)[] = [];
  readonly #consumes: (readonly Pointer[] | undefined)[] = [];
  #index: ReadonlyMap<ComponentId, number> | undefined;
  #looked = 0;
  #types: ReadonlyMap<string, TypeRow> | undefined;
  #findings: readonly Finding[] | undefined;
  #lines: ReadonlyMap<string, number> | undefined;
  #deployments: ReadonlyMap<ComponentId, readonly DeploymentRow[]> | undefined;

  constructor(parts: GraphParts) {
    this.ids = parts.ids;
    this.adjacency = parts.adjacency;
    this.orderOnly = parts.orderOnly;
    this.tables = parts.tables;
    this.nodeRow = parts.nodeRow;
    this.blind = parts.blind;
    this.#index = parts.index;
  }

  /** Number of nodes: components and parameters. */
  get size(): number {
    return this.ids.length;
  }

  /** Number of references. */
  get edges(): number {
    return this.adjacency.edgeFrom.length;
  }

  /** The node of an id, or undefined. */
  node(id: ComponentId): number | undefined {
    if (this.#index !== undefined) return this.#index.get(id);
    // A process that asks for a few ids need not index all of them.
    if (this.#looked++ < 256) return placeOf(this.ids, id);
    this.#index = new Map(this.ids.map((one, node) => [one, node]));
    return this.#index.get(id);
  }

  id(node: number): ComponentId {
    const id = this.ids[node];
    if (id === undefined) throw new RangeError(`no node ${node}`);
    return id;
  }

  component(node: number): ComponentRow {
    let row = this.#components[node];
    if (row === undefined) {
      const place = this.nodeRow[node] ?? -1;
      row = place < 0 ? missingComponent(this.id(node)) : parseSited<ComponentRow>(this.tables.component, place);
      this.#components[node] = row;
    }
    return row;
  }

  /** The part of a component that questions ask of all of them, without its row being parsed. */
  head(node: number): ComponentHead {
    const place = this.nodeRow[node] ?? -1;
    return place < 0 ? headOf(missingComponent(this.id(node))) : this.tables.component.head(place);
  }

  /** Whether the node is a parameter that belongs to no component. Told by its id, so that no row need be parsed. */
  isParameter(node: number): boolean {
    return /(?:^|\/)param:/.test(this.id(node));
  }

  reference(edge: number): ReferenceRow {
    let row = this.#references[edge];
    if (row === undefined) {
      row = parseRow<ReferenceRow>(this.tables.reference, edge);
      this.#references[edge] = row;
    }
    return row;
  }

  /** What a reference consumes, without parsing the rest of its row: `consumes` is the first key of canonical JSON. */
  consumes(edge: number): readonly Pointer[] {
    let pointers = this.tables.reference.consumes?.(edge) ?? this.#consumes[edge];
    if (pointers === undefined) {
      const text = this.tables.reference.value(edge);
      const end = text.startsWith(consumesFirst) ? text.indexOf('],"') : -1;
      pointers = end < 0 ? this.reference(edge).consumes : parsePointers(text.slice(consumesFirst.length - 1, end + 1));
      pointers ??= this.reference(edge).consumes;
      this.#consumes[edge] = pointers;
    }
    return pointers;
  }

  /** The edge from one node to another, or undefined. */
  edgeBetween(from: number, to: number): number | undefined {
    const { outStart, edgeTo } = this.adjacency;
    const end = at(outStart, from + 1);
    const place = firstNot(end, (edge) => at(edgeTo, edge) < to, at(outStart, from));
    return place < end && at(edgeTo, place) === to ? place : undefined;
  }

  /** Why the reference is there, with file and line looked up from the sites of the dependent and of the modules. */
  evidence(edge: number): readonly Evidence[] {
    const reference = this.reference(edge);
    if (reference.evidence.every((one) => one.line !== undefined)) return reference.evidence;
    const from = this.component(at(this.adjacency.edgeFrom, edge));
    const sites = [from.sites, this.types().get(from.module)?.sites ?? {}];
    return reference.evidence.map((one) => this.#placed(one, sites));
  }

  /** Evidence with its line: from the sites given, else from any module's site of that name in that file. */
  #placed(one: Evidence, owners: readonly Sites[]): Evidence {
    if (one.line !== undefined) return one;
    for (const sites of owners) {
      const site = sites[one.site];
      if (site !== undefined && (one.file ?? site[0]) === site[0]) return { ...one, file: site[0], line: site[1] };
    }
    if (one.file === undefined) return one;
    this.#lines ??= linesOfSites(this.types().values());
    const line = this.#lines.get(`${one.file}\0${one.site}`);
    return line === undefined ? one : { ...one, line };
  }

  /** What of a component could not be read or evaluated and may hide a reference. Parses the row only where there is some. */
  blindSpots(node: number): readonly ClaimBlindSpot[] {
    if (this.blind[node] !== 1) return [];
    const { id, blindSpots = [] } = this.component(node);
    return blindSpots.map(({ code, site, file, on }) => {
      const evidence = { rule: code, site, ...(file === undefined ? {} : { file }) };
      const placed = this.#placed(evidence, [this.component(node).sites]);
      return { component: id, code, ...(on === undefined ? {} : { on }), evidence: placed };
    });
  }

  types(): ReadonlyMap<string, TypeRow> {
    this.#types ??= new Map(
      Array.from({ length: this.tables.type.size }, (_, place) => [
        this.tables.type.key(place),
        parseSited<TypeRow>(this.tables.type, place),
      ]),
    );
    return this.#types;
  }

  /** Sorted as their rows are: by key. */
  findings(): readonly Finding[] {
    this.#findings ??= allRows<Finding>(this.tables.finding);
    return this.#findings;
  }

  deployments(id: ComponentId): readonly DeploymentRow[] {
    this.#deployments ??= Map.groupBy(allRows<DeploymentRow>(this.tables.deployment), (row) => row.component);
    return this.#deployments.get(id) ?? [];
  }

  /** Every row, table by table, sorted by key; references by their ends. */
  *rows(): Generator<Row> {
    for (const table of rowTables) {
      const source = this.tables[table];
      for (let place = 0; place < source.size; place++) yield rowAt(source, place);
    }
  }
}

/** What a graph is put together from; `graphFrom` and `decodeSnapshot` make it. */
export interface GraphParts {
  readonly ids: readonly ComponentId[];
  readonly index?: ReadonlyMap<ComponentId, number>;
  readonly adjacency: Adjacency;
  readonly orderOnly: Uint8Array;
  readonly tables: RowSources;
  readonly nodeRow: Int32Array;
  readonly blind: Uint8Array;
}

const consumesFirst = '{"consumes":[';

/**
 * The working graph of a set of rows, in any order. O(rows log rows) when they come unsorted, else linear; no row is parsed.
 */
export function graphFrom(rows: Iterable<Row>): Graph {
  const lists: Record<RowTable, Row[]> = { component: [], deployment: [], finding: [], reference: [], type: [] };
  for (const row of rows) lists[row.table].push(row);
  const components = sortedUnique(lists.component);
  const { ids, index, references, adjacency } = connected(components, lists.reference);
  const orderOnly = new Uint8Array(references.length);
  let edge = 0;
  for (const row of references) orderOnly[edge++] = isOrderOnly(row) ? 1 : 0;
  const nodeRow = new Int32Array(ids.length).fill(-1);
  const blind = new Uint8Array(ids.length);
  let place = 0;
  for (const { key, value } of components) {
    const node = index.get(key) ?? 0;
    nodeRow[node] = place++;
    if (hasBlindSpots(value)) blind[node] = 1;
  }
  const tables = {
    component: componentsInMemory(components),
    deployment: rowsInMemory('deployment', sortedUnique(lists.deployment)),
    finding: rowsInMemory('finding', sortedUnique(lists.finding)),
    reference: rowsInMemory('reference', references),
    type: rowsInMemory('type', sortedUnique(lists.type)),
  };
  return new Graph({ ids, index, adjacency, orderOnly, tables, nodeRow, blind });
}

/** The place of a text in a sorted list. */
function placeOf(sorted: readonly string[], text: string): number | undefined {
  const place = firstNot(sorted.length, (one) => (sorted[one] ?? '') < text);
  return sorted[place] === text ? place : undefined;
}

/** Whether a component's row names blind spots; told from its text. */
export function hasBlindSpots(value: string): boolean {
  return value.includes('"blindSpots":[{');
}

/** Both ends of a reference, told from its key where that is plain. */
export function endsOf(row: Row): { readonly from: ComponentId; readonly to: ComponentId } {
  const bar = barOf(row);
  return { from: row.key.slice(0, bar), to: row.key.slice(bar + 1) };
}

export function isOrderOnly({ value }: Row): boolean {
  if (value.startsWith(consumesFirst)) return value.startsWith(`${consumesFirst}]`);
  return (JSON.parse(value) as ReferenceRow).consumes.length === 0;
}

/** Rows by key; of two with one key the last counts, as in a store. */
function sortedUnique(rows: readonly Row[]): readonly Row[] {
  let ordered = true;
  for (let place = 1; place < rows.length && ordered; place++) {
    ordered = (rows[place - 1]?.key ?? '') < (rows[place]?.key ?? '');
  }
  if (ordered) return rows;
  const byKey = new Map(rows.map((row) => [row.key, row]));
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? []);
}

interface Connected {
  readonly ids: readonly ComponentId[];
  readonly index: ReadonlyMap<ComponentId, number>;
  /** By edge number: sorted by from, then by to. */
  readonly references: readonly Row[];
  readonly adjacency: Adjacency;
}

/**
 * Nodes and edges in one pass over the references; they are sorted as integers, never as texts. References that name nodes
 * without a row, or one pair twice, are rare: then the pass is made again.
 */
function connected(components: readonly Row[], rows: readonly Row[], missing: readonly ComponentId[] = []): Connected {
  const ids = [...components.map(({ key }) => key), ...missing];
  if (missing.length > 0) ids.sort();
  const index = new Map<ComponentId, number>();
  for (const id of ids) index.set(id, index.size);
  const from = new Uint32Array(rows.length);
  const to = new Uint32Array(rows.length);
  const unknown = new Set<ComponentId>();
  const numberOf = (id: ComponentId): number => {
    const node = index.get(id);
    if (node === undefined) unknown.add(id);
    return node ?? 0;
  };
  let last = '';
  let place = 0;
  for (const row of rows) {
    const { key } = row;
    const bar = barOf(row);
    // Rows of one dependent mostly follow each other.
    const same = place > 0 && bar === last.length && key.startsWith(last);
    if (!same) last = key.slice(0, bar);
    from[place] = same ? (from[place - 1] ?? 0) : numberOf(last);
    to[place] = numberOf(key.slice(bar + 1));
    place++;
  }
  if (unknown.size > 0) return connected(components, rows, [...unknown]);
  const { adjacency, order } = adjacencyFrom(ids.length, from, to);
  for (let edge = 1; edge < order.length; edge++) {
    const twice = adjacency.edgeTo[edge] === adjacency.edgeTo[edge - 1];
    if (twice && adjacency.edgeFrom[edge] === adjacency.edgeFrom[edge - 1]) {
      return connected(components, sortedUnique(rows), missing);
    }
  }
  return { ids, index, adjacency, references: Array.from(order, (row) => rows[row] ?? missingRow(row)) };
}

/** Where the key `from|to` is cut; an id that holds `|` itself sends us to the row. */
function barOf({ key, value }: Row): number {
  const bar = key.indexOf('|');
  if (bar >= 0 && key.indexOf('|', bar + 1) < 0) return bar;
  return (JSON.parse(value) as ReferenceRow).from.length;
}

function missingRow(place: number): never {
  throw new RangeError(`no reference row ${place}`);
}

/** A row whose sites stand in its note, and which has no note when it has none. */
function parseSited<T extends { readonly sites: Sites }>(source: RowSource, place: number): T {
  const row = parseRow<T>(source, place);
  return Object.hasOwn(row, 'sites') ? row : { ...row, sites: {} };
}

function linesOfSites(types: Iterable<TypeRow>): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  for (const { sites } of types) {
    for (const [site, [file, line]] of Object.entries(sites)) {
      if (!lines.has(`${file}\0${site}`)) lines.set(`${file}\0${site}`, line);
    }
  }
  return lines;
}

function allRows<T>(source: RowSource): T[] {
  return Array.from({ length: source.size }, (_, place) => parseRow<T>(source, place));
}

/** The list in front of `],"`, or undefined when a pointer holds that text and the cut was wrong. */
function parsePointers(list: string): readonly Pointer[] | undefined {
  try {
    return JSON.parse(list) as Pointer[];
  } catch {
    return undefined;
  }
}

/** What stands in for a component that only a reference names. */
function missingComponent(id: ComponentId): ComponentRow {
  const steps = id.split('/');
  return {
    id,
    kind: /(?:^|\/)param:/.test(id) ? 'parameter' : 'component',
    layout: 'terraform',
    external: true,
    type: '',
    nickname: steps.at(-1) ?? id,
    environment: '',
    path: '',
    module: '',
    configDigest: '',
    attributes: { missing: 'true' },
    sites: {},
  };
}
