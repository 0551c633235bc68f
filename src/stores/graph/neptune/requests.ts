import type { Delta } from '../../../model/rows.ts';
import { type Fragment, fragmentsOf, generationId, headId } from './fragments.ts';
import { long, text } from './literal.ts';

/** AWS recommends about 200 records a request, and rejects well above. */
export const recordsPerRequest = 200;

/** Keeps one request readable in a log. */
const bytesPerRequest = 1_000_000;

export interface ApplyMark {
  /** The version's content hash. */
  readonly hash: string;
  /** Names this apply, for a writer whose answer was lost. */
  readonly by: string;
  readonly records?: number;
}

/**
 * The requests that lead the store from `version - 1` to `version`, to be sent in order. Each is guarded by the head standing
 * at `version - 1` and answers `[]` when it does not: then nothing of it ran. All but the last write what is invisible until
 * the last one moves the head; a small delta is one request, one transaction.
 */
export function applyRequests(
  estate: string,
  version: number,
  delta: Delta,
  { hash, by, records = recordsPerRequest }: ApplyMark,
): readonly string[] {
  const batches = inBatches(fragmentsOf(estate, version, delta), records);
  return batches.map((batch, index) => {
    const last = index === batches.length - 1;
    const move = last ? `.property(single,'gen',${long(version)}).property(single,'by',${text(by)})` : '';
    const generation = index === 0 || last ? ensureGeneration(estate, version, hash) : '';
    return `${guard(estate, version - 1)}${move}.as('h')${generation}${batch.join('')}.select('h').values('gen')`;
  });
}

function inBatches(fragments: readonly Fragment[], most: number): readonly (readonly string[])[] {
  const batches: string[][] = [[]];
  let records = 0;
  let bytes = 0;
  for (const { gremlin, records: more } of fragments) {
    const full = records + more > most || bytes + gremlin.length > bytesPerRequest;
    if (full && records > 0) {
      batches.push([]);
      records = 0;
      bytes = 0;
    }
    batches.at(-1)?.push(gremlin);
    records += more;
    bytes += gremlin.length;
  }
  return batches;
}

/** The first version makes the head. */
function guard(estate: string, gen: number): string {
  const id = text(headId(estate));
  if (gen > 0) return `g.V(${id}).has('gen',${long(gen)})`;
  const made = `[(T.label):'Head','estate':${text(estate)},'gen':0L,'first':1L]`;
  return `g.mergeV([(T.id):${id}]).option(Merge.onCreate,${made}).has('gen',0L)`;
}

function ensureGeneration(estate: string, version: number, hash: string): string {
  const made = `[(T.label):'Generation','estate':${text(estate)},'number':${long(version)},'hash':${text(hash)}]`;
  return `.mergeV([(T.id):${text(generationId(estate, version))}]).option(Merge.onCreate,${made})`;
}

export function readHead(estate: string): string {
  return `g.V(${text(headId(estate))}).project('gen','first','by').by('gen').by('first').by(coalesce(values('by'),constant('')))`;
}

const edges = "outE('has_state','depends_on')";
const shape =
  ".project('e','t','k','v','n','d','f','u').by(label()).by(outV().label()).by(coalesce(values('key'),outV().values('name'))).by('value').by(coalesce(values('note'),constant(''))).by('digest').by('fromGen').by('toGen').fold()";

/** The head in the same request as the rows: a replica that lags shows it, and the answer is thrown away. */
function withHead(estate: string, ...parts: readonly string[]): string {
  const names = parts.map((_, index) => `,'p${index}'`).join('');
  const asked = parts.map((part) => `.by(${part})`).join('');
  return `g.V(${text(headId(estate))}).project('gen','first'${names}).by('gen').by('first')${asked}`;
}

export function readVersion(estate: string, version: number): string {
  const at = long(version);
  const rows = `__.V().has('estate',${text(estate)}).${edges}.has('fromGen',lte(${at})).has('toGen',gt(${at}))${shape}`;
  return withHead(estate, rows);
}

/** First what was and is no more or otherwise, then what is and was not so. */
export function readBetween(estate: string, from: number, to: number): string {
  const within = (name: string) => `.has('${name}',P.gt(${long(from)}).and(P.lte(${long(to)})))`;
  const all = `__.V().has('estate',${text(estate)}).${edges}`;
  return withHead(
    estate,
    `${all}${within('toGen')}.has('fromGen',lte(${long(from)}))${shape}`,
    `${all}${within('fromGen')}.has('toGen',gt(${long(to)}))${shape}`,
  );
}

export function readHistory(estate: string, vertex: string, filter: string): string {
  return withHead(estate, `__.V(${text(vertex)}).${filter}${shape}`);
}

export function readHash(estate: string, version: number): string {
  return withHead(estate, `__.V(${text(generationId(estate, version))}).values('hash').fold()`);
}

/** From here on the store reads as empty; whoever finds it so finishes the clearing. */
export function beginClear(estate: string): string {
  return `g.V(${text(headId(estate))}).property(single,'gen',-1L).values('gen')`;
}

export const atOnce = 500;

export function dropSome(estate: string): string {
  return `g.V(${text(headId(estate))}).has('gen',-1L).V().has('estate',${text(estate)}).not(hasLabel('Head')).limit(${atOnce}).drop()`;
}

export function anyLeft(estate: string): string {
  return `g.V().has('estate',${text(estate)}).not(hasLabel('Head')).limit(1).count()`;
}

export function endClear(estate: string): string {
  return `g.V(${text(headId(estate))}).has('gen',-1L).drop()`;
}

/** The floor moves first: what is dropped afterwards cannot be asked for any more. Answers `[]` when it stood there. */
export function raiseFloor(estate: string, version: number): string {
  return `g.V(${text(headId(estate))}).has('gen',gte(${long(version)})).has('first',lt(${long(version)})).property(single,'first',${long(version)}).values('first')`;
}

const forgotten = (estate: string, version: number): string =>
  `g.V().has('estate',${text(estate)}).${edges}.has('toGen',lte(${long(version)}))`;

export function dropForgotten(estate: string, version: number): string {
  return `${forgotten(estate, version)}.limit(${atOnce}).drop()`;
}

export function anyForgotten(estate: string, version: number): string {
  return `${forgotten(estate, version)}.limit(1).count()`;
}

/** Identities that nothing tells of any more. */
export function dropOrphans(estate: string): string {
  return `g.V().has('estate',${text(estate)}).hasLabel('Component','Deployment','ComponentType','Finding').not(bothE()).limit(${atOnce}).drop()`;
}
