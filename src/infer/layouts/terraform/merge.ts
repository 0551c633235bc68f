import type { Need } from '../../../model/claim.ts';
import { canonicalJson } from '../../../model/digest.ts';
import type { Finding } from '../../../model/finding.ts';
import { reducePointers } from '../../../model/pointer.ts';

/** What several deployments say of one root module, said once. */

/** Each value once, the first of equals, in order. */
export function distinct<T>(all: readonly T[]): T[] {
  const seen = new Map<string, T>();
  for (const one of all) {
    const key = canonicalJson(one);
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

export function distinctFindings(all: readonly Finding[]): Finding[] {
  const seen = new Map<string, Finding>();
  for (const one of all) {
    const key = `${one.code}\n${one.subject}\n${one.key}`;
    if (!seen.has(key)) seen.set(key, one);
  }
  return [...seen.values()];
}

/** Needs of one key and site: what is consumed in any deployment; tolerated is what every one of them tolerates. */
export function united(needs: readonly Need[]): Need[] {
  const byPlace = new Map<string, Need>();
  for (const need of needs) {
    const key = [need.key, need.rule, need.strength, need.evidence.site].join('\n');
    const known = byPlace.get(key);
    byPlace.set(key, known === undefined ? need : both(known, need));
  }
  return [...byPlace.values()];
}

function both(a: Need, b: Need): Need {
  const firm = new Set([...firmOf(a), ...firmOf(b)]);
  const consumes = reducePointers([...a.consumes, ...b.consumes]);
  const tolerated = consumes.filter((pointer) => !firm.has(pointer));
  const { tolerated: _before, ...rest } = a;
  const reads = distinct([...(a.reads ?? []), ...(b.reads ?? [])]);
  return {
    ...rest,
    consumes,
    ...(tolerated.length === 0 ? {} : { tolerated }),
    ...(reads.length === 0 ? {} : { reads }),
  };
}

function firmOf({ consumes, tolerated = [] }: Need): readonly string[] {
  return consumes.filter((pointer) => !tolerated.includes(pointer));
}
