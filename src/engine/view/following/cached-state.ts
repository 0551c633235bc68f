import type { Graph } from '../../../graph/graph.ts';
import { numberSection, type Section, type SectionFile, textSection } from '../../../graph/section-file.ts';
import type { ResolutionIndex } from '../../../infer/resolution-index.ts';
import type { ReadSet } from '../../../model/claim.ts';
import type { ComponentId, LayoutName } from '../../../model/component.ts';
import type { Finding } from '../../../model/finding.ts';
import { bucketCount, bucketOf, digestOfBucket, rootOf } from '../../../model/merkle.ts';
import { type RowTable, rowTables } from '../../../model/rows.ts';
import type { PlaceIndex } from './places.ts';
import { placeSections, placesFrom } from './reader-index.ts';
import { seenFrom, seenSections } from './seen-nodes.ts';

/** What is kept of a view beside its graph, so that a later process can follow a change instead of inferring everything. */
export interface CachedState {
  readonly layouts: readonly CachedLayout[];
  readonly resolution: ResolutionIndex;
  readonly places: PlaceIndex;
  readonly hash: CachedHash;
}

export interface CachedLayout {
  readonly layout: LayoutName;
  /** One line a candidate, see `candidateLine`. */
  readonly candidates: readonly string[];
  readonly findings: readonly Finding[];
  readonly read: Pick<ReadSet, 'files' | 'folders'> | undefined;
}

/** The hash tree of a version without its rows' digests, which its graph has. */
export interface CachedHash {
  readonly digests: ReadonlyMap<number, string>;
  /** By table: the bucket of each row. */
  readonly buckets: Readonly<Record<RowTable, Uint16Array>>;
}

export function hashOf(graph: Graph, digests: CachedHash['digests']): CachedHash {
  return { digests, buckets: bucketsIn(graph) };
}

/** The content hash of a graph, as `hashRows` gives it of its rows, with the tree as it is kept. O(rows). */
export function hashOfGraph(graph: Graph): { readonly hash: string; readonly tree: CachedHash } {
  const buckets = bucketsIn(graph);
  const lists = Array.from({ length: bucketCount }, (): string[] => []);
  for (const table of rowTables) {
    const source = graph.tables[table];
    for (let place = 0; place < source.size; place++) lists[buckets[table][place] ?? 0]?.push(source.digest(place));
  }
  const digests = new Map<number, string>();
  for (const [bucket, list] of lists.entries()) if (list.length > 0) digests.set(bucket, digestOfBucket(list));
  return { hash: rootOf(digests), tree: { digests, buckets } };
}

function bucketsIn({ tables }: Graph): CachedHash['buckets'] {
  const of = (table: RowTable) => {
    const source = tables[table];
    const buckets = new Uint16Array(source.size);
    for (let place = 0; place < buckets.length; place++) buckets[place] = bucketOf(`${table}|${source.key(place)}`);
    return buckets;
  };
  return {
    component: of('component'),
    deployment: of('deployment'),
    finding: of('finding'),
    reference: of('reference'),
    type: of('type'),
  };
}

interface StateHeader {
  readonly layouts: readonly Omit<CachedLayout, 'candidates'>[];
  readonly denied: ResolutionIndex['denied'];
}

export function stateSections({ layouts, resolution, places, hash }: CachedState): Map<string, Section> {
  const header: StateHeader = {
    layouts: layouts.map(({ layout, findings, read }) => ({ layout, findings, read })),
    denied: resolution.denied,
  };
  const digests = Buffer.alloc(bucketCount * 32);
  for (const [bucket, digest] of hash.digests) digests.write(digest, bucket * 32, 32, 'hex');
  const sections = new Map<string, Section>([
    ['state', textSection(JSON.stringify(header))],
    ['participants', textSection(resolution.ids.join('\0'))],
    ['claimed', { kind: 'whole', bytes: resolution.claimed }],
    ...seenSections(resolution.seen),
    ['provide-hashes', numberSection(resolution.provides.hashes)],
    ['provide-owners', numberSection(resolution.provides.owners)],
    ['need-hashes', numberSection(resolution.needs.hashes)],
    ['need-owners', numberSection(resolution.needs.owners)],
    ['speakers', numberSection(resolution.speakers)],
    ['spoken-of', numberSection(resolution.spokenOf)],
    ['row-names', textSection(resolution.rowNames.join('\0'))],
    ['row-start', numberSection(resolution.rowStart)],
    ['row-contributors', numberSection(resolution.contributors)],
    ...placeSections(places),
    ['bucket-digests', { kind: 'whole', bytes: digests }],
  ]);
  for (const { layout, candidates } of layouts)
    sections.set(`candidates-${layout}`, textSection(candidates.join('\n')));
  for (const table of rowTables) sections.set(`buckets-${table}`, numberSection(hash.buckets[table]));
  return sections;
}

/** @throws KARMA_DATA_CORRUPT */
export function stateFrom(file: SectionFile): CachedState {
  const { layouts, denied } = file.json<StateHeader>('state');
  const ids = nodesIn(file);
  return {
    layouts: layouts.map((one) => ({ ...one, candidates: split(file.text(`candidates-${one.layout}`), '\n') })),
    resolution: {
      ids,
      claimed: file.bytes('claimed'),
      seen: seenFrom(file),
      provides: { hashes: file.numbers('provide-hashes'), owners: file.numbers('provide-owners') },
      needs: { hashes: file.numbers('need-hashes'), owners: file.numbers('need-owners') },
      speakers: file.numbers('speakers'),
      spokenOf: file.numbers('spoken-of'),
      rowNames: split(file.text('row-names'), '\0'),
      rowStart: file.numbers('row-start'),
      contributors: file.numbers('row-contributors'),
      denied,
    },
    places: placesFrom(file, ids),
    hash: hashFrom(file),
  };
}

/** The nodes of a cached view: readers are told by their numbers. @throws KARMA_DATA_CORRUPT */
export function nodesIn(file: SectionFile): readonly ComponentId[] {
  return split(file.text('participants'), '\0');
}

function hashFrom(file: SectionFile): CachedHash {
  const bytes = file.bytes('bucket-digests');
  const digests = new Map<number, string>();
  for (let bucket = 0; bucket < bucketCount; bucket++) {
    const digest = bytes.toString('hex', bucket * 32, (bucket + 1) * 32);
    if (!/^0+$/.test(digest)) digests.set(bucket, digest);
  }
  const of = (table: RowTable) => {
    const section = file.bytes(`buckets-${table}`);
    const even = section.byteOffset % 2 === 0 ? section : new Uint8Array(section);
    return new Uint16Array(even.buffer, even.byteOffset, even.byteLength >> 1);
  };
  return {
    digests,
    buckets: {
      component: of('component'),
      deployment: of('deployment'),
      finding: of('finding'),
      reference: of('reference'),
      type: of('type'),
    },
  };
}

function split(text: string, by: string): readonly string[] {
  return text === '' ? [] : text.split(by);
}
