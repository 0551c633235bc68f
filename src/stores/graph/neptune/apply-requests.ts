import { byCodeUnit } from '../../../model/digest.ts';
import type { Delta } from '../../../model/rows.ts';
import { ensureVertex, type Fragment, fragmentsOf, type Identity } from './fragments.ts';
import { long, text } from './literal.ts';
import { ensureGeneration, guard } from './requests.ts';

/** AWS recommends about 200 records a request, and rejects well above. */
export const recordsPerRequest = 200;

/** Keeps one request readable in a log. */
const bytesPerRequest = 1_000_000;

/**
 * Requests under way at once while a large delta is staged. AWS asks for no more than twice the writer's processors, of which
 * the smallest instances have two.
 */
const lanesAtOnce = 4;

export interface ApplyMark {
  /** The version's content hash. */
  readonly hash: string;
  /** Names this apply, for a writer whose answer was lost. */
  readonly by: string;
  readonly records?: number;
}

/** Requests, each guarded by the head: one that answers `[]` found it elsewhere and did nothing. */
export interface ApplyPlan {
  /** What is staged, invisible: stage after stage; the lanes of one beside each other, the requests of a lane in order. */
  readonly stages: readonly (readonly (readonly string[])[])[];
  /** Moves the head, when all else was answered. */
  readonly last: string;
}

/**
 * The requests that lead the store from `version - 1` to `version`. A small delta is one request, one transaction. Of a larger
 * one all but the last request write what is invisible until that one moves the head: first vertices, then edges, which meet
 * at the vertices they lead to; so those that lead to the same one stay in one lane.
 */
export function applyPlan(estate: string, version: number, delta: Delta, mark: ApplyMark): ApplyPlan {
  const { records: most = recordsPerRequest } = mark;
  const edges = fragmentsOf(estate, version, delta);
  const vertices = verticesOf(estate, edges);
  const request = (fragments: readonly Fragment[], move: boolean) => written(estate, version, fragments, mark, move);
  if (recordsIn(vertices) + recordsIn(edges) <= most) return { stages: [], last: request(edges, true) };
  const staged = (fragments: readonly Fragment[]) => inBatches(fragments, most).map((batch) => request(batch, false));
  // All states lead to the generation.
  const states = edges.filter(({ meets }) => meets === '');
  const between = edges.filter(({ meets }) => meets !== '');
  return {
    stages: [
      inLanes(vertices, lanesFor(vertices, lanesAtOnce)).map(staged),
      [...(states.length === 0 ? [] : [states]), ...inLanes(between, lanesFor(between, lanesAtOnce - 1))].map(staged),
    ],
    last: request([], true),
  };
}

function verticesOf(estate: string, edges: readonly Fragment[]): readonly Fragment[] {
  return distinct(edges.flatMap(({ needs }) => needs)).map((identity) => ensureVertex(estate, identity));
}

function distinct(identities: readonly Identity[]): readonly Identity[] {
  return [...new Map(identities.map((identity) => [identity.id, identity])).values()];
}

function recordsIn(fragments: readonly Fragment[]): number {
  return fragments.reduce((sum, { records }) => sum + records, 0);
}

/**
 * One request. Vertices that its edges need are made here too, whatever was staged before: somebody may have forgotten what
 * nothing hung on yet, and an edge whose vertex is gone would end the chain.
 */
function written(
  estate: string,
  version: number,
  fragments: readonly Fragment[],
  { hash, by }: ApplyMark,
  move: boolean,
): string {
  const moved = move ? `.property(single,'gen',${long(version)}).property(single,'by',${text(by)})` : '';
  const made = [...verticesOf(estate, fragments), ...fragments].map(({ gremlin }) => gremlin).join('');
  return `${guard(estate, version - 1)}${moved}.as('h')${ensureGeneration(estate, version, hash)}${made}.select('h').values('gen')`;
}

function inBatches(fragments: readonly Fragment[], most: number): readonly (readonly Fragment[])[] {
  const batches: Fragment[][] = [];
  let records = 0;
  let bytes = 0;
  for (const fragment of fragments) {
    const full = records + fragment.records > most || bytes + fragment.gremlin.length > bytesPerRequest;
    const batch = full ? undefined : batches.at(-1);
    if (batch === undefined) {
      batches.push([fragment]);
      records = 0;
      bytes = 0;
    } else batch.push(fragment);
    records += fragment.records;
    bytes += fragment.gremlin.length;
  }
  return batches;
}

/** A lane of a few requests gains less than it costs: each lane ends with a request that is not full. */
function lanesFor(fragments: readonly Fragment[], most: number): number {
  return Math.max(1, Math.min(most, Math.floor(recordsIn(fragments) / (5 * recordsPerRequest))));
}

/** Lanes of about the same length, what meets at one vertex in one of them: the most of it first, to the shortest lane. */
function inLanes(fragments: readonly Fragment[], most: number): readonly (readonly Fragment[])[] {
  const lanes: Fragment[][] = Array.from({ length: most }, () => []);
  const groups = [...Map.groupBy(fragments, ({ meets }) => meets)].sort(
    ([a, some], [b, others]) => others.length - some.length || byCodeUnit(a, b),
  );
  for (const [, group] of groups) {
    const [shortest] = lanes.toSorted((a, b) => a.length - b.length);
    for (const fragment of group) shortest?.push(fragment);
  }
  return lanes.filter((lane) => lane.length > 0);
}
