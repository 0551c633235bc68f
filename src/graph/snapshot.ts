import type { Pointer } from '../model/pointer.ts';
import type { Row, RowTable } from '../model/rows.ts';
import { rowTables } from '../model/rows.ts';
import { type ComponentHead, headSections, headsFrom } from './component-heads.ts';
import { consumedFrom, consumedSections } from './consumed-lists.ts';
import { Graph } from './graph.ts';
import type { ComponentSource, RowSource } from './row-source.ts';
import { numberSection, type Section, type SectionFile, textSection } from './section-file.ts';
import { roomFor, TextBuffer } from './text-buffer.ts';

/**
 * A graph as sections of a file, so that a fresh process has it without parsing its rows: integer arrays and ids, which are
 * read at once, and each table's texts behind an index, of which a question reads what it shows.
 *
 * A snapshot is a cache: whoever reads one and gets KARMA_DATA_CORRUPT makes the graph anew.
 */
const digestBytes = 32;

export function graphSections(graph: Graph): Map<string, Section> {
  const { adjacency } = graph;
  const sections = new Map<string, Section>([
    ['edge-from', numberSection(adjacency.edgeFrom)],
    ['edge-to', numberSection(adjacency.edgeTo)],
    ['out-start', numberSection(adjacency.outStart)],
    ['in-start', numberSection(adjacency.inStart)],
    ['in-edges', numberSection(adjacency.inEdges)],
    ['node-row', numberSection(graph.nodeRow)],
    ['order-only', { kind: 'whole', bytes: graph.orderOnly }],
    ['blind', { kind: 'whole', bytes: graph.blind }],
    ['ids', textSection(graph.ids.join('\0'))],
  ]);
  for (const table of rowTables) {
    const { ends, digests, texts } = encodeTable(graph.tables[table]);
    sections.set(`${table}-ends`, numberSection(ends));
    sections.set(`${table}-digests`, { kind: 'whole', bytes: digests });
    sections.set(`${table}-texts`, { kind: 'blocks', bytes: texts });
  }
  const inFew = [...headSections(headsOf(graph.tables.component)), ...consumedSections(consumedOf(graph))];
  for (const [name, section] of inFew) sections.set(name, section);
  return sections;
}

/** @throws KARMA_DATA_CORRUPT when the sections are not those that were written */
export function graphFromSections(file: SectionFile): Graph {
  const nodeRow = new Int32Array(file.numbers('node-row'));
  const text = file.text('ids');
  const table = (name: RowTable): RowSource => new SnapshotRows(name, file);
  return new Graph({
    ids: nodeRow.length === 0 ? [] : text.split('\0'),
    // Kept both ways: making one of the other takes a process that just started longer than reading it.
    adjacency: {
      edgeFrom: file.numbers('edge-from'),
      edgeTo: file.numbers('edge-to'),
      outStart: file.numbers('out-start'),
      inStart: file.numbers('in-start'),
      inEdges: file.numbers('in-edges'),
    },
    orderOnly: file.bytes('order-only'),
    nodeRow,
    blind: file.bytes('blind'),
    tables: {
      component: new SnapshotComponents('component', file),
      deployment: table('deployment'),
      finding: table('finding'),
      reference: new SnapshotReferences('reference', file),
      type: table('type'),
    },
  });
}

function* headsOf(components: ComponentSource): Generator<ComponentHead> {
  for (let place = 0; place < components.size; place++) yield components.head(place);
}

function* consumedOf(graph: Graph): Generator<readonly Pointer[]> {
  for (let edge = 0; edge < graph.edges; edge++) yield graph.consumes(edge);
}

/** Three ends of text a row (key, value, note), the digests, and the texts one after another. */
function encodeTable(source: RowSource): {
  readonly ends: Uint32Array;
  readonly digests: Buffer;
  readonly texts: Buffer;
} {
  const ends = new Uint32Array(source.size * 3);
  const digests = Buffer.alloc(source.size * digestBytes);
  const lengthAt = (place: number) => source.key(place).length + source.value(place).length + source.note(place).length;
  const texts = new TextBuffer(roomFor(source.size, lengthAt));
  for (let place = 0; place < source.size; place++) {
    ends[place * 3] = texts.append(source.key(place));
    ends[place * 3 + 1] = texts.append(source.value(place));
    ends[place * 3 + 2] = texts.append(source.note(place));
    digests.write(source.digest(place), place * digestBytes, digestBytes, 'hex');
  }
  return { ends, digests, texts: texts.bytes };
}

/** The rows of one table in a file; its index is read when the first row is. */
class SnapshotRows implements RowSource {
  readonly table: RowTable;
  readonly #file: SectionFile;
  #ends: Uint32Array | undefined;
  #digests: Buffer | undefined;
  #texts: ReturnType<SectionFile['blocks']> | undefined;

  constructor(table: RowTable, file: SectionFile) {
    this.table = table;
    this.#file = file;
  }

  get size(): number {
    return this.#index().length / 3;
  }

  key(place: number): string {
    return this.#read(place * 3);
  }

  value(place: number): string {
    return this.#read(place * 3 + 1);
  }

  note(place: number): string {
    return this.#read(place * 3 + 2);
  }

  digest(place: number): Row['digest'] {
    this.#digests ??= this.#file.bytes(`${this.table}-digests`);
    return this.#digests.toString('hex', place * digestBytes, (place + 1) * digestBytes);
  }

  #index(): Uint32Array {
    this.#ends ??= this.#file.numbers(`${this.table}-ends`);
    return this.#ends;
  }

  #read(slot: number): string {
    this.#texts ??= this.#file.blocks(`${this.table}-texts`);
    const ends = this.#index();
    return this.#texts.read(slot === 0 ? 0 : (ends[slot - 1] ?? 0), ends[slot] ?? 0);
  }
}

class SnapshotReferences extends SnapshotRows {
  readonly consumes: NonNullable<RowSource['consumes']>;

  constructor(table: 'reference', file: SectionFile) {
    super(table, file);
    this.consumes = consumedFrom(file) ?? (() => undefined);
  }
}

class SnapshotComponents extends SnapshotRows implements ComponentSource {
  readonly #heads: SectionFile;
  #read: ((place: number) => ComponentHead) | undefined;

  constructor(table: 'component', file: SectionFile) {
    super(table, file);
    this.#heads = file;
  }

  head(place: number): ComponentHead {
    this.#read ??= headsFrom(this.#heads);
    return this.#read(place);
  }
}
