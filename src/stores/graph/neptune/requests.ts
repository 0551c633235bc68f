import { generationId, headId } from './fragments.ts';
import { long, text } from './literal.ts';

/** The first version makes the head. */
export function guard(estate: string, gen: number): string {
  const id = text(headId(estate));
  if (gen > 0) return `g.V(${id}).has('gen',${long(gen)})`;
  const made = `[(T.label):'Head','estate':${text(estate)},'gen':0L,'first':1L]`;
  return `g.mergeV([(T.id):${id}]).option(Merge.onCreate,${made}).has('gen',0L)`;
}

export function ensureGeneration(estate: string, version: number, hash: string): string {
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
