import { deserialize, serialize } from 'node:v8';
import type { Candidate } from '../infer/layout.ts';
import { readSetHolds } from '../infer/record-reads.ts';
import type { Claim, ReadSet } from '../model/claim.ts';
import type { ComponentId } from '../model/component.ts';
import { sha256 } from '../model/digest.ts';
import type { EstateView } from '../model/estate.ts';
import type { Environment } from '../model/file-view.ts';
import type { Seal } from '../model/record.ts';
import type { Cache } from '../observe/cache.ts';

/** Claims are kept in so many parts, so that one changed claim reads and writes one part and not all. */
const parts = 64;
/** So many states of one component are kept: both ends of a range, and a branch to come back to. */
const states = 3;

/** By component id: what was claimed, newest first, with the folder or file each was claimed from. */
type Part = Map<ComponentId, readonly KeptClaim[]>;

interface KeptClaim {
  readonly layout: string;
  readonly path: string;
  readonly claim: Claim;
}

/**
 * Claims of earlier processes. One counts while everything its evaluation touched is as it was, absences included; a new
 * Karma or other settings begin anew. Whatever cannot be read counts as not there.
 */
export interface ClaimCache {
  known(candidate: Candidate, estate: EstateView): Claim | undefined;
  /** Answers the claim as it is kept: digests of environment values are sealed in it. */
  learn(candidate: Candidate, claim: Claim): Claim;
  /** The claim of a component as it stands in a view, if one that holds there is kept. */
  find(id: ComponentId, estate: EstateView): Claim | undefined;
  save(): void;
}

/**
 * @param scope names the estate and everything beside its files that claims rest on: Karma's version, settings.
 * @param seal environment values may be secret: what is kept of them is a keyed digest.
 */
export function claimCache(cache: Cache, scope: string, seal: Seal): ClaimCache {
  const loaded: (Part | undefined)[] = [];
  const dirty = new Set<number>();
  let all = false;
  const partAt = (part: number): Part => {
    const known = loaded[part];
    if (known !== undefined) return known;
    const read = readPart(cache.get('claims', keyOf(scope, part)));
    loaded[part] = read;
    return read;
  };
  const loadAll = () => {
    if (all) return;
    all = true;
    const stored = cache.getMany(
      'claims',
      Array.from({ length: parts }, (_, part) => keyOf(scope, part)),
    );
    for (let part = 0; part < parts; part++) loaded[part] ??= readPart(stored.get(keyOf(scope, part)));
  };
  return {
    known: ({ id, layout, path }, estate) => {
      loadAll();
      const kept = partAt(partOf(id)).get(id) ?? [];
      return kept.find((one) => one.layout === layout && one.path === path && holds(one.claim.readSet, estate, seal))
        ?.claim;
    },
    learn: ({ layout, path }, made) => {
      const claim = sealed(made, seal);
      const { id } = claim.component;
      const part = partOf(id);
      const kept = partAt(part).get(id) ?? [];
      partAt(part).set(id, [{ layout, path, claim }, ...kept].slice(0, states));
      dirty.add(part);
      return claim;
    },
    find: (id, estate) =>
      (partAt(partOf(id)).get(id) ?? []).find((one) => holds(one.claim.readSet, estate, seal))?.claim,
    save: () => {
      for (const part of dirty) {
        try {
          cache.put('claims', keyOf(scope, part), serialize(partAt(part)));
        } catch {
          // A claim that cannot be serialized is evaluated again next time.
        }
      }
      dirty.clear();
    },
  };
}

function readPart(bytes: Uint8Array | undefined): Part {
  if (bytes === undefined) return new Map();
  try {
    const part: unknown = deserialize(bytes);
    return part instanceof Map ? (part as Part) : new Map();
  } catch {
    return new Map();
  }
}

function holds(readSet: ReadSet, estate: EstateView, seal: Seal): boolean {
  if (!environmentHolds(readSet.environment, estate.environment, seal)) return false;
  for (const [place, version] of Object.entries(readSet.parameters)) {
    const cut = place.indexOf(':');
    const read = estate.parameters.get(place.slice(0, cut));
    const name = place.slice(cut + 1);
    // Without a name it tells whether the account was read at all.
    const now = name === '' ? (read === undefined ? undefined : 0) : read?.get(name)?.version;
    if ((now ?? null) !== version) return false;
  }
  return readSetHolds(readSet, estate.repos);
}

function sealed(claim: Claim, seal: Seal): Claim {
  const names = Object.keys(claim.readSet.environment);
  if (names.length === 0) return claim;
  const environment = Object.fromEntries(
    names.map((name) => [name, sealOf(claim.readSet.environment[name] ?? null, seal)]),
  );
  return { ...claim, readSet: { ...claim.readSet, environment } };
}

function sealOf(digest: string | null, seal: Seal): string | null {
  return digest === null ? null : seal(digest);
}

/** Whether environment values, kept as sealed digests, are as they were. */
export function environmentHolds(kept: Readonly<Record<string, string | null>>, now: Environment, seal: Seal): boolean {
  return Object.keys(kept).every((name) => {
    const value = now[name];
    return sealOf(value === undefined ? null : sha256(value), seal) === kept[name];
  });
}

function keyOf(scope: string, part: number): string {
  return `${scope}/${part}`;
}

/** FNV-1a, 32 bits. */
function partOf(id: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) value = Math.imul(value ^ id.charCodeAt(at), 0x01000193);
  return (value >>> 0) % parts;
}
