import type { Claim } from '../model/claim.ts';
import type { ComponentId } from '../model/component.ts';
import { type Row, rowId } from '../model/rows.ts';
import { needKeys, provideKeys, type Seen, seenOf } from './join-node.ts';
import {
  contributorLists,
  type KeyIndex,
  KeyLists,
  namesItsContributor,
  ofEstate,
  type ResolutionIndex,
  type SeenNodes,
} from './resolution-index.ts';
import type { JoinNode, Verdicts } from './resolve.ts';

/** What became other than an index tells. */
export interface IndexChange {
  readonly claims: ReadonlyMap<ComponentId, Claim | undefined>;
  /** Nodes of which something else is said than before; undefined: nobody speaks of it any more. */
  readonly nodes: ReadonlyMap<ComponentId, JoinNode | undefined>;
  /** Rows contributed again, by who does. */
  readonly contributed: ReadonlyMap<ComponentId, Iterable<Row>>;
  /** The estate's own rows as they are now. */
  readonly estateRows: readonly Row[];
  readonly denied: ReadonlyMap<ComponentId, readonly string[]>;
  readonly verdicts: Verdicts;
}

/**
 * The index of a resolution from that of an earlier one and what changed since; it says the same as one made of all claims (a
 * property test). O(index), without a claim of what did not change.
 */
export function changedIndex(base: ResolutionIndex, change: IndexChange): ResolutionIndex {
  const { nodes, claims } = change;
  const numbering = renumbered(base.ids, nodes);
  const { ids, before, numberOf } = numbering;
  const claimed = new Uint8Array(ids.length);
  const seen = new Map<number, Seen>();
  for (const [number, id] of ids.entries()) {
    const old = before[number] ?? nowhere;
    claimed[number] = claims.has(id) ? Number(claims.get(id) !== undefined) : (base.claimed[old] ?? 0);
    const node = nodes.get(id);
    if (node !== undefined) seen.set(number, seenOf(node));
  }
  const provides = keysOf(base.provides, numbering, nodes, provideKeys);
  const needs = keysOf(base.needs, numbering, nodes, (one) => needKeys(one, change.verdicts));
  return {
    ids,
    claimed,
    seen: seenAfter(base.seen, before, seen),
    provides,
    needs,
    ...speakersAfter(base, change, numbering),
    ...contributorsAfter(base, change, numberOf),
    denied: Object.fromEntries(change.denied),
  };
}

const nowhere = 0xffffffff;

interface Numbering {
  readonly ids: readonly ComponentId[];
  /** By number now: the number before. */
  readonly before: Uint32Array;
  /** By number before: the number now. */
  readonly moved: Uint32Array;
  /** Numbers before of nodes that must be told anew. */
  readonly replaced: Uint8Array;
  readonly numberOf: (id: ComponentId) => number;
}

function renumbered(old: readonly ComponentId[], nodes: ReadonlyMap<ComponentId, JoinNode | undefined>): Numbering {
  const numbers = new Map(old.map((id, number) => [id, number]));
  const isGone = (id: ComponentId) => nodes.has(id) && nodes.get(id) === undefined;
  const fresh = [...nodes.keys()].filter((id) => !numbers.has(id) && !isGone(id));
  const ids = [...old.filter((id) => !isGone(id)), ...fresh].sort();
  const before = new Uint32Array(ids.length).fill(nowhere);
  const moved = new Uint32Array(old.length).fill(nowhere);
  const now = new Map<ComponentId, number>();
  for (const [number, id] of ids.entries()) {
    now.set(id, number);
    const place = numbers.get(id);
    if (place === undefined) continue;
    before[number] = place;
    moved[place] = number;
  }
  const replaced = new Uint8Array(old.length);
  for (const id of nodes.keys()) {
    const place = numbers.get(id);
    if (place !== undefined) replaced[place] = 1;
  }
  return { ids, before, moved, replaced, numberOf: (id) => now.get(id) ?? ofEstate };
}

function seenAfter(base: SeenNodes, before: Uint32Array, fresh: ReadonlyMap<number, Seen>): SeenNodes {
  return { size: before.length, at: (number) => fresh.get(number) ?? base.at(before[number] ?? nowhere) };
}

function keysOf(
  { hashes, owners }: KeyIndex,
  { moved, replaced, numberOf }: Numbering,
  nodes: ReadonlyMap<ComponentId, JoinNode | undefined>,
  keys: (node: JoinNode) => readonly string[],
): KeyIndex {
  const lists = new KeyLists();
  for (let at = 0; at < hashes.length; at++) {
    const owner = owners[at] ?? 0;
    if (replaced[owner] !== 1) lists.addHash(hashes[at] ?? 0, moved[owner] ?? 0);
  }
  for (const [id, node] of nodes) if (node !== undefined) for (const key of keys(node)) lists.add(key, numberOf(id));
  return lists.index();
}

function speakersAfter(
  { ids, speakers, spokenOf }: ResolutionIndex,
  { claims }: IndexChange,
  { moved, numberOf }: Numbering,
): Pick<ResolutionIndex, 'speakers' | 'spokenOf'> {
  const pairs: (readonly [speaker: number, node: number])[] = [];
  for (const [at, speaker] of speakers.entries())
    if (!claims.has(ids[speaker] ?? '')) pairs.push([moved[speaker] ?? 0, moved[spokenOf[at] ?? 0] ?? 0]);
  for (const [id, claim] of claims) {
    const nodes = new Set(claim?.externals?.map(({ component }) => component.id));
    for (const node of nodes) pairs.push([numberOf(id), numberOf(node)]);
  }
  return {
    speakers: Uint32Array.from(pairs, ([speaker]) => speaker),
    spokenOf: Uint32Array.from(pairs, ([, node]) => node),
  };
}

function contributorsAfter(
  { ids, rowNames, rowStart, contributors }: ResolutionIndex,
  { contributed, estateRows }: IndexChange,
  numberOf: (id: ComponentId) => number,
): Pick<ResolutionIndex, 'rowNames' | 'rowStart' | 'contributors'> {
  const byName = new Map<string, Set<number>>();
  const add = (name: string, number: number) => {
    const known = byName.get(name);
    if (known === undefined) byName.set(name, new Set([number]));
    else known.add(number);
  };
  for (const [place, name] of rowNames.entries())
    for (let at = rowStart[place] ?? 0; at < (rowStart[place + 1] ?? 0); at++) {
      const number = contributors[at] ?? ofEstate;
      const id = number === ofEstate ? undefined : (ids[number] ?? '');
      if (id !== undefined && !contributed.has(id)) add(name, numberOf(id));
    }
  for (const [id, rows] of contributed)
    for (const row of rows) if (!namesItsContributor(row, id)) add(rowId(row), numberOf(id));
  for (const row of estateRows) add(rowId(row), ofEstate);
  return contributorLists(byName);
}
