import { firstNot } from '../model/binary-search.ts';
import type { Claim } from '../model/claim.ts';
import type { ComponentId } from '../model/component.ts';
import { fnv1a } from '../model/fnv.ts';
import { type Row, rowId } from '../model/rows.ts';
import { needKeys, provideKeys, type Seen, seenOf } from './join-node.ts';
import type { JoinNode, Verdicts } from './resolve.ts';

/**
 * What a resolution leaves behind for a later process: who took part, who provides and needs which key, who contributes
 * which row. Keys are kept as 32-bit hashes: where two share one, a node is looked at for nothing.
 */
export interface ResolutionIndex {
  /** Sorted; a node's number is its place. */
  readonly ids: readonly ComponentId[];
  /** 1 where a component claims itself; 0 where others only name it. */
  readonly claimed: Uint8Array;
  readonly seen: SeenNodes;
  readonly provides: KeyIndex;
  readonly needs: KeyIndex;
  /** Who says something of which other node, in pairs. */
  readonly speakers: Uint32Array;
  readonly spokenOf: Uint32Array;
  /** Rows that their own name does not say the contributor of: of types, parameters, deployments, findings. Sorted. */
  readonly rowNames: readonly string[];
  /** Where the contributors of each of them begin. */
  readonly rowStart: Uint32Array;
  /** Numbers of nodes, sorted; {@link ofEstate} for the estate itself. */
  readonly contributors: Uint32Array;
  /** Pairs `from|to` that `karma.yaml` denied, by who would depend. */
  readonly denied: Readonly<Record<ComponentId, readonly string[]>>;
}

/** What others take from each node, by its number; of a hundred thousand a change reads a few. */
export interface SeenNodes {
  readonly size: number;
  at(number: number): Seen;
}

/** Hashes of keys, sorted, and whose each is. */
export interface KeyIndex {
  readonly hashes: Uint32Array;
  readonly owners: Uint32Array;
}

/** Stands for the estate among contributors; it comes before all others. */
export const ofEstate = 0xffffffff;

export function indexResolution(parts: {
  readonly nodes: ReadonlyMap<ComponentId, JoinNode>;
  readonly claims: ReadonlyMap<ComponentId, Claim>;
  readonly mentions: ReadonlyMap<ComponentId, ReadonlyMap<ComponentId, JoinNode>>;
  readonly denied: ReadonlyMap<ComponentId, readonly string[]>;
  readonly contributions: ReadonlyMap<ComponentId, readonly Row[]>;
  readonly verdicts: Verdicts;
}): ResolutionIndex {
  const ids = [...parts.nodes.keys()].sort();
  const numbers = new Map(ids.map((id, number) => [id, number]));
  const numberOf = (id: ComponentId) => (id === '' ? ofEstate : (numbers.get(id) ?? ofEstate));
  const claimed = new Uint8Array(ids.length);
  const nodes: JoinNode[] = [];
  const provides = new KeyLists();
  const needs = new KeyLists();
  for (const [number, id] of ids.entries()) {
    const node = parts.nodes.get(id);
    if (node === undefined) continue;
    if (parts.claims.has(id)) claimed[number] = 1;
    nodes.push(node);
    for (const key of provideKeys(node)) provides.add(key, number);
    for (const key of needKeys(node, parts.verdicts)) needs.add(key, number);
  }
  const pairs = [...parts.mentions].flatMap(([node, said]) =>
    [...said.keys()].map((speaker) => [speaker, node] as const),
  );
  return {
    ids,
    claimed,
    seen: { size: nodes.length, at: (number) => seenOf(nodes[number] ?? noNode(number)) },
    provides: provides.index(),
    needs: needs.index(),
    speakers: Uint32Array.from(pairs, ([speaker]) => numberOf(speaker)),
    spokenOf: Uint32Array.from(pairs, ([, node]) => numberOf(node)),
    ...contributorsIn(parts.contributions, numberOf),
    denied: Object.fromEntries(parts.denied),
  };
}

/** Claims are made by the same program, so their keys stand in the same order. */
export function isSeenAs(node: JoinNode, seen: Seen): boolean {
  return JSON.stringify(seenOf(node)) === JSON.stringify(seen);
}

function noNode(number: number): never {
  throw new RangeError(`no node ${number}`);
}

/** Whether only one node can contribute a row, and its name says which: its own node and its references. */
export function namesItsContributor({ table, key }: Pick<Row, 'table' | 'key'>, contributor: ComponentId): boolean {
  return table === 'reference' || (table === 'component' && key === contributor);
}

function contributorsIn(
  contributions: ReadonlyMap<ComponentId, readonly Row[]>,
  numberOf: (id: ComponentId) => number,
): Pick<ResolutionIndex, 'rowNames' | 'rowStart' | 'contributors'> {
  const byName = new Map<string, Set<number>>();
  for (const [id, rows] of contributions)
    for (const row of rows) {
      if (namesItsContributor(row, id)) continue;
      const name = rowId(row);
      const known = byName.get(name);
      if (known === undefined) byName.set(name, new Set([numberOf(id)]));
      else known.add(numberOf(id));
    }
  return contributorLists(byName);
}

/** Rows by name with who contributes each. */
export function contributorLists(
  byName: ReadonlyMap<string, ReadonlySet<number>>,
): Pick<ResolutionIndex, 'rowNames' | 'rowStart' | 'contributors'> {
  const rowNames = [...byName.keys()].sort();
  const rowStart = new Uint32Array(rowNames.length + 1);
  const contributors: number[] = [];
  for (const [at, name] of rowNames.entries()) {
    contributors.push(...[...(byName.get(name) ?? [])].sort((a, b) => a - b));
    rowStart[at + 1] = contributors.length;
  }
  return { rowNames, rowStart, contributors: Uint32Array.from(contributors) };
}

/** Keys and their owners while they are gathered. A hash and an owner fit into the 53 bits of a number, up to two million. */
export class KeyLists {
  readonly #pairs: number[] = [];

  add(key: string, owner: number): void {
    this.addHash(fnv1a(key), owner);
  }

  addHash(hash: number, owner: number): void {
    this.#pairs.push(hash * ownersAtMost + owner);
  }

  index(): KeyIndex {
    const sorted = Float64Array.from(this.#pairs).sort();
    const [hashes, owners] = [new Uint32Array(sorted.length), new Uint32Array(sorted.length)];
    for (let at = 0; at < sorted.length; at++) {
      const pair = sorted[at] ?? 0;
      const hash = Math.floor(pair / ownersAtMost);
      hashes[at] = hash;
      owners[at] = pair - hash * ownersAtMost;
    }
    return { hashes, owners };
  }
}

const ownersAtMost = 2 ** 21;

/** Whose a key may be. O(log keys). */
export function ownersOf({ hashes, owners }: KeyIndex, hash: number): Uint32Array {
  const first = firstNot(hashes.length, (place) => (hashes[place] ?? 0) < hash);
  let end = first;
  while (end < hashes.length && hashes[end] === hash) end++;
  return owners.subarray(first, end);
}
