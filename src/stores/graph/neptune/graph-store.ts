import { randomUUID } from 'node:crypto';
import { byCodeUnit } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import { type Delta, deltaBetween, emptyDelta, type Row, type RowTable, rowId } from '../../../model/rows.ts';
import { checkDelta, noSuchVersion } from '../check-delta.ts';
import type { GraphStore, RowInterval } from '../port.ts';
import { type HeadState, headOf, intervalOf, partsOf, rowOf } from './answers.ts';
import { type ApplyMark, type ApplyPlan, applyPlan, recordsPerRequest } from './apply-requests.ts';
import type { NeptuneClient } from './client.ts';
import { placeOf } from './fragments.ts';
import * as requests from './requests.ts';

export interface NeptuneGraphOptions {
  readonly client: NeptuneClient;
  /** The estate's name: several may share a cluster. */
  readonly estate: string;
  /** Names one apply, so that a writer whose answer was lost finds out that it won. */
  readonly newId?: () => string;
  /** Labels and properties a request may write; tests take few, to cut a delta often. */
  readonly records?: number;
}

/** The graph store in Amazon Neptune. The head moves by compare-and-set; what is not published yet is invisible. */
export function openNeptuneGraphStore({
  client,
  estate,
  newId = randomUUID,
  records = recordsPerRequest,
}: NeptuneGraphOptions): GraphStore {
  const at = { client, estate };
  return {
    head: async () => Math.max(0, (await readHead(at))?.gen ?? 0),
    apply: async (version, delta, hash) => apply(at, version, delta, { hash, by: newId(), records }),
    load: async (version) => {
      if (version === 0) return [];
      const [rows = []] = await readAt(at, [version], requests.readVersion(estate, version));
      return rows.map(rowOf).sort(inOrder);
    },
    hash: async (version) => {
      const { head, parts } = partsOf(await client.gremlin(requests.readHash(estate, version)));
      const held = head !== undefined && version >= head.first && version <= head.gen;
      const hash = held ? parts[0]?.[0] : undefined;
      return typeof hash === 'string' ? hash : undefined;
    },
    history: async (table, key) => history(at, table, key),
    between: async (from, to) => between(at, from, to),
    forgetBefore: async (version) => forgetBefore(at, version),
    clear: async () => clear(at),
    close: async () => {},
  };
}

interface Place {
  readonly client: NeptuneClient;
  readonly estate: string;
}

async function readHead({ client, estate }: Place): Promise<HeadState | undefined> {
  return headOf(await client.gremlin(requests.readHead(estate)));
}

type Applied = Awaited<ReturnType<GraphStore['apply']>>;

async function apply(at: Place, version: number, delta: Delta, mark: ApplyMark): Promise<Applied> {
  checkDelta(delta);
  const plan = applyPlan(at.estate, version, delta, mark);
  // Each turn ends with an answer, or somebody else moved the head or cleared the store meanwhile.
  for (let turn = 0; turn < 20; turn += 1) {
    if (await send(at, plan)) return 'applied';
    const head = await readHead(at);
    if (head?.gen === -1) {
      await clear(at);
      continue;
    }
    const gen = head?.gen ?? 0;
    // The first try did arrive, only its answer was lost.
    if (gen === version && head?.by === mark.by) return 'applied';
    if (gen >= version) return 'already';
    if (gen < version - 1) return 'behind';
  }
  throw new KarmaError('KARMA_CONFLICT', `v${version} of ${at.estate} could not be applied: the head keeps moving`);
}

/** False when the guard of one of them did not hold. */
async function send({ client }: Place, { stages, last }: ApplyPlan): Promise<boolean> {
  const holds = async (query: string) => (await client.gremlin(query)).length > 0;
  for (const lanes of stages) if (!(await sendLanes(lanes, holds))) return false;
  return holds(last);
}

/** No lane is still under way when this ends, and none goes on where another one could not. */
async function sendLanes(
  lanes: readonly (readonly string[])[],
  holds: (query: string) => Promise<boolean>,
): Promise<boolean> {
  let going = true;
  const ends = await Promise.allSettled(
    lanes.map(async (lane) => {
      try {
        for (const query of lane) if (going) going = (await holds(query)) && going;
      } catch (error) {
        going = false;
        throw error;
      }
    }),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return going;
}

/** Tries of a replica that has not seen a version yet, before the writer is asked. */
const replicaTries = 3;

/** What a question answers that needs the store to hold some versions. @throws KARMA_NO_SUCH_VERSION */
async function readAt(
  { client }: Place,
  versions: readonly number[],
  query: string,
): Promise<readonly (readonly unknown[])[]> {
  const missing = (head: { readonly gen: number; readonly first: number }) =>
    versions.find((version) => version !== 0 && (version < head.first || version > head.gen));
  for (let attempt = 1; client.hasReader && attempt <= replicaTries; attempt += 1) {
    const { head, parts } = partsOf(await client.gremlin(query, 'reader'));
    if (head !== undefined && missing(head) === undefined) return parts;
    await client.pacing.sleep(attempt * 40);
  }
  const { head, parts } = partsOf(await client.gremlin(query));
  const there = head === undefined || head.gen < 1 ? { first: 0, gen: 0 } : head;
  const version = missing(there);
  if (version !== undefined) throw noSuchVersion(version, there.first, there.gen);
  return parts;
}

async function between(at: Place, from: number, to: number): Promise<Delta> {
  if (from > to) throw new KarmaError('KARMA_INPUT_INVALID', `v${from} does not come before v${to}`);
  if (to === 0) return emptyDelta;
  const [before = [], after = []] = await readAt(at, [from, to], requests.readBetween(at.estate, from, to));
  return deltaBetween(byName(before), byName(after));
}

/** States of the version that is being applied are there already, and do not count yet. */
async function history({ client, estate }: Place, table: RowTable, key: string): Promise<readonly RowInterval[]> {
  const { vertex, edges } = placeOf(estate, table, key);
  const { head, parts } = partsOf(await client.gremlin(requests.readHistory(estate, vertex, edges)));
  if (head === undefined || head.gen < 1) return [];
  return (parts[0] ?? [])
    .map(intervalOf)
    .filter((state) => state.from <= head.gen)
    .map((state) => ({ ...state, to: state.to !== undefined && state.to > head.gen ? undefined : state.to }))
    .sort((a, b) => a.from - b.from);
}

async function forgetBefore({ client, estate }: Place, version: number): Promise<void> {
  const head = await readHead({ client, estate });
  if (head === undefined || head.gen < 1) return;
  const floor = Math.min(version, head.gen);
  await client.gremlin(requests.raiseFloor(estate, floor));
  await dropAll(client, requests.dropForgotten(estate, floor), requests.anyForgotten(estate, floor));
  await client.gremlin(requests.dropOrphans(estate));
}

/** May be broken off anywhere: the head says so, and whoever comes next goes on. */
async function clear({ client, estate }: Place): Promise<void> {
  if ((await client.gremlin(requests.beginClear(estate))).length === 0) return;
  await dropAll(client, requests.dropSome(estate), requests.anyLeft(estate));
  await client.gremlin(requests.endClear(estate));
}

async function dropAll(client: NeptuneClient, drop: string, left: string): Promise<void> {
  do await client.gremlin(drop);
  while ((await client.gremlin(left))[0] !== 0);
}

function byName(answers: readonly unknown[]): ReadonlyMap<string, Row> {
  return new Map(answers.map(rowOf).map((row) => [rowId(row), row]));
}

function inOrder(a: Row, b: Row): number {
  return byCodeUnit(a.table, b.table) || byCodeUnit(a.key, b.key);
}
