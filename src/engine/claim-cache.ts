import { deserialize, serialize } from 'node:v8';
import type { Candidate } from '../infer/layout.ts';
import { readSetHolds } from '../infer/record-reads.ts';
import type { Claim, ReadSet } from '../model/claim.ts';
import { sha256 } from '../model/digest.ts';
import type { EstateView } from '../model/estate.ts';
import type { Cache } from '../observe/cache.ts';
import type { ClaimCache } from './build-view.ts';

/** Claims are kept in so many parts, so that one changed claim rewrites one part and not all. */
const parts = 64;

type Part = Map<string, { readonly path: string; readonly claim: Claim }>;

/**
 * Claims of earlier processes. One counts while everything its evaluation touched is as it was, absences included; a new
 * Karma or other settings begin anew. Whatever cannot be read counts as not there.
 *
 * @param scope names the estate and everything beside its files that claims rest on: Karma's version, settings.
 */
export function claimCache(cache: Cache, scope: string): ClaimCache & { save(): void } {
  const loaded = loadParts(cache, scope);
  const fresh: Part[] = Array.from({ length: parts }, () => new Map());
  const dirty = new Set<number>();
  const partOf = (name: string) => hash(name) % parts;
  return {
    known: (candidate, estate) => {
      const name = nameOf(candidate);
      const part = partOf(name);
      const entry = loaded[part]?.get(name);
      if (entry === undefined || entry.path !== candidate.path || !holds(entry.claim.readSet, estate)) {
        dirty.add(part);
        return undefined;
      }
      fresh[part]?.set(name, entry);
      return entry.claim;
    },
    learn: (candidate, claim) => {
      const name = nameOf(candidate);
      fresh[partOf(name)]?.set(name, { path: candidate.path, claim });
    },
    save: () => {
      for (const [part, entries] of fresh.entries()) {
        if (!dirty.has(part) && entries.size === (loaded[part]?.size ?? 0)) continue;
        try {
          cache.put('claims', keyOf(scope, part), serialize(entries));
        } catch {
          // A claim that cannot be serialized is evaluated again next time.
        }
      }
    },
  };
}

function loadParts(cache: Cache, scope: string): Part[] {
  const keys = Array.from({ length: parts }, (_, part) => keyOf(scope, part));
  const stored = cache.getMany('claims', keys);
  return keys.map((key) => {
    const bytes = stored.get(key);
    if (bytes === undefined) return new Map();
    try {
      const part: unknown = deserialize(bytes);
      return part instanceof Map ? (part as Part) : new Map();
    } catch {
      return new Map();
    }
  });
}

function holds(readSet: ReadSet, estate: EstateView): boolean {
  for (const [name, digest] of Object.entries(readSet.environment)) {
    const value = estate.environment[name];
    if ((value === undefined ? null : sha256(value)) !== digest) return false;
  }
  for (const [place, version] of Object.entries(readSet.parameters)) {
    const cut = place.indexOf(':');
    const parameter = estate.parameters.get(place.slice(0, cut))?.get(place.slice(cut + 1));
    if ((parameter?.version ?? null) !== version) return false;
  }
  return readSetHolds(readSet, estate.repos);
}

function nameOf({ layout, id }: Candidate): string {
  return `${layout}\n${id}`;
}

function keyOf(scope: string, part: number): string {
  return `${scope}/${part}`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
