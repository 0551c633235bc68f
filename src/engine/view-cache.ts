import type { Graph } from '../graph/graph.ts';
import { SectionFile, textSection, writeSections } from '../graph/section-file.ts';
import { graphFromSections, graphSections } from '../graph/snapshot.ts';
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

export interface KeptView extends Header {
  readonly graph: Graph;
}

/** The graph of a view that some earlier process built, if nothing it rests on changed. */
export function loadKeptView(cache: Cache, identity: string, now: Environment, seal: Seal): KeptView | undefined {
  try {
    const file = openView(cache, identity);
    if (file === undefined) return undefined;
    const { hash, environment } = file.json<Header>('header');
    if (!environmentHolds(environment, now, seal)) return undefined;
    return { graph: graphFromSections(file), hash, environment };
  } catch {
    return undefined;
  }
}

function openView(cache: Cache, identity: string): SectionFile | undefined {
  const kept = cache.files.open(nameOf(identity));
  return kept === undefined ? undefined : new SectionFile(kept);
}

function nameOf(identity: string): string {
  return `${sha256(identity).slice(0, 40)}.view`;
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
  const sections = new Map([
    ['header', textSection(JSON.stringify({ hash, environment } satisfies Header))],
    ...graphSections(graph),
    ['readers', textSection(JSON.stringify([...readers]))],
  ]);
  cache.files.write(nameOf(identity), writeSections(sections));
}

/** Undefined when the view was not kept. */
export function loadReaders(cache: Cache, identity: string): ReaderIndex | undefined {
  try {
    return new Map(openView(cache, identity)?.json<[string, string[]][]>('readers'));
  } catch {
    return undefined;
  }
}
