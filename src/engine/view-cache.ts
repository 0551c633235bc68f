import type { Graph } from '../graph/graph.ts';
import { decodeSnapshot, encodeSnapshot } from '../graph/snapshot.ts';
import type { Claim } from '../model/claim.ts';
import { sha256 } from '../model/digest.ts';
import type { Environment } from '../model/file-view.ts';
import type { Seal } from '../model/record.ts';
import type { Cache } from '../observe/cache.ts';
import { environmentHolds } from './claim-cache.ts';

/** What a kept view says beside its graph. */
interface Header {
  readonly hash: string;
  /** Environment values that some evaluation asked for: name → sealed digest, or null when unset. */
  readonly environment: Readonly<Record<string, string | null>>;
}

/** Which components read a file, or list a folder (`path`, `path/`, `path/**`); kept apart because few questions ask. */
export type ReaderIndex = ReadonlyMap<string, readonly string[]>;

const kind = 'view';

/** The graph of a view that some earlier process built, if nothing it rests on changed. */
export function loadKeptView(cache: Cache, identity: string, now: Environment, seal: Seal): KeptView | undefined {
  const bytes = cache.get(kind, sha256(identity));
  if (bytes === undefined) return undefined;
  try {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
    const { hash, environment } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size))) as Header;
    if (!environmentHolds(environment, now, seal)) return undefined;
    return { graph: decodeSnapshot(bytes.subarray(4 + size)), hash, environment };
  } catch {
    return undefined;
  }
}

export interface KeptView extends Header {
  readonly graph: Graph;
}

/** Environment values that claims asked for, over all of them. */
export function environmentOf(claims: Iterable<Claim>): Record<string, string | null> {
  const environment: Record<string, string | null> = {};
  for (const { readSet } of claims) Object.assign(environment, readSet.environment);
  return environment;
}

export function keepView(
  cache: Cache,
  identity: string,
  { graph, hash, environment }: KeptView,
  readers: ReaderIndex,
): void {
  const header = new TextEncoder().encode(JSON.stringify({ hash, environment } satisfies Header));
  const snapshot = encodeSnapshot(graph);
  const bytes = new Uint8Array(4 + header.length + snapshot.length);
  new DataView(bytes.buffer).setUint32(0, header.length);
  bytes.set(header, 4);
  bytes.set(snapshot, 4 + header.length);
  cache.put(kind, sha256(identity), bytes);
  cache.put('readers', sha256(identity), new TextEncoder().encode(JSON.stringify([...readers])));
}

/** Undefined when the view was not kept. */
export function loadReaders(cache: Cache, identity: string): ReaderIndex | undefined {
  const bytes = cache.get('readers', sha256(identity));
  if (bytes === undefined) return undefined;
  try {
    return new Map(JSON.parse(new TextDecoder().decode(bytes)) as [string, string[]][]);
  } catch {
    return undefined;
  }
}
