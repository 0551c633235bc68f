import { crc32 } from 'node:zlib';
import { KarmaError } from '../model/errors.ts';
import { type RowTable, rowTables } from '../model/rows.ts';
import { mirror } from './adjacency.ts';
import { Graph } from './graph.ts';
import type { RowSource } from './row-source.ts';

/**
 * A graph as one block of bytes, so that a fresh process has it without parsing its rows: a head, integer arrays, ids, and
 * each table's texts behind an index. Little endian; every section starts on a multiple of four.
 *
 *     "KRMG"  version  crc32 of all that follows  length  counts  arrays  ids  tables
 *
 * A snapshot is a cache: whoever reads one and gets KARMA_DATA_CORRUPT loads the rows instead.
 */
const magic = 'KRMG';
const formatVersion = 2;
const headBytes = 16;
const digestBytes = 32;

export function encodeSnapshot(graph: Graph): Uint8Array {
  const { adjacency } = graph;
  const sections: Uint8Array[] = [
    bytesOf(Uint32Array.of(graph.size, graph.edges, ...rowTables.map((table) => graph.tables[table].size))),
    bytesOf(adjacency.edgeFrom),
    bytesOf(adjacency.edgeTo),
    bytesOf(graph.nodeRow),
    graph.orderOnly,
    graph.blind,
    ...withLength(Buffer.from(graph.ids.join('\0'))),
    ...rowTables.flatMap((table) => encodeTable(graph.tables[table])),
  ];
  const length = sections.reduce((sum, section) => sum + padded(section.length), headBytes);
  const bytes = Buffer.alloc(length);
  let offset = headBytes;
  for (const section of sections) {
    bytes.set(section, offset);
    offset += padded(section.length);
  }
  bytes.write(magic, 0, 'latin1');
  bytes.writeUInt32LE(formatVersion, 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(headBytes)), 8);
  bytes.writeUInt32LE(length, 12);
  return bytes;
}

/** @throws KARMA_DATA_CORRUPT when the bytes are not a whole snapshot; KARMA_DATA_NEWER when their format is not this one's */
export function decodeSnapshot(bytes: Uint8Array): Graph {
  const reader = new SnapshotReader(bytes);
  const [nodes = 0, edges = 0, ...sizes] = reader.numbers(2 + rowTables.length);
  const edgeFrom = reader.numbers(edges);
  const edgeTo = reader.numbers(edges);
  const nodeRow = new Int32Array(reader.numbers(nodes));
  const orderOnly = reader.bytes(edges);
  const blind = reader.bytes(nodes);
  const text = reader.text();
  const tables = new Map(rowTables.map((table, place) => [table, decodeTable(reader, table, sizes[place] ?? 0)]));
  const table = (name: RowTable): RowSource => {
    const source = tables.get(name);
    if (source === undefined) throw new RangeError(`no table ${name}`);
    return source;
  };
  return new Graph({
    ids: nodes === 0 ? [] : text.split('\0'),
    adjacency: mirror(nodes, edgeFrom, edgeTo),
    orderOnly,
    nodeRow,
    blind,
    tables: {
      component: table('component'),
      deployment: table('deployment'),
      finding: table('finding'),
      reference: table('reference'),
      type: table('type'),
    },
  });
}

/** Three ends of text a row (key, value, note), the digests, then the texts one after another. */
function encodeTable(source: RowSource): Uint8Array[] {
  const ends = new Uint32Array(source.size * 3);
  const digests = Buffer.alloc(source.size * digestBytes);
  const texts: string[] = [];
  let end = 0;
  for (let place = 0; place < source.size; place++) {
    const parts = [source.key(place), source.value(place), source.note(place)];
    for (const [part, text] of parts.entries()) {
      texts.push(text);
      end += Buffer.byteLength(text);
      ends[place * 3 + part] = end;
    }
    digests.write(source.digest(place), place * digestBytes, digestBytes, 'hex');
  }
  return [bytesOf(ends), digests, ...withLength(Buffer.from(texts.join('')))];
}

function decodeTable(reader: SnapshotReader, table: RowTable, size: number): RowSource {
  const ends = reader.numbers(size * 3);
  const digests = reader.bytes(size * digestBytes);
  const texts = reader.block();
  const start = (slot: number): number => (slot === 0 ? 0 : (ends[slot - 1] ?? 0));
  const read = (slot: number): string => texts.toString('utf8', start(slot), ends[slot] ?? 0);
  return {
    table,
    size,
    key: (place) => read(place * 3),
    value: (place) => read(place * 3 + 1),
    note: (place) => read(place * 3 + 2),
    digest: (place) => digests.toString('hex', place * digestBytes, (place + 1) * digestBytes),
  };
}

/** Reads sections one after another; knows where it is. */
class SnapshotReader {
  readonly #bytes: Buffer;
  #offset = headBytes;

  constructor(bytes: Uint8Array) {
    // Integer arrays are views into the bytes, so they must start on a multiple of four.
    const whole = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    this.#bytes = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
    const corrupt = (what: string): KarmaError =>
      new KarmaError('KARMA_DATA_CORRUPT', `graph snapshot ${what}`, {
        hint: 'Karma loads the rows instead; the snapshot is written anew with the next version.',
      });
    if (this.#bytes.length < headBytes || this.#bytes.toString('latin1', 0, 4) !== magic) throw corrupt('has no head');
    const version = this.#bytes.readUInt32LE(4);
    if (version !== formatVersion) {
      throw new KarmaError(
        'KARMA_DATA_NEWER',
        `graph snapshot has format ${version}, this Karma reads ${formatVersion}`,
      );
    }
    if (this.#bytes.readUInt32LE(12) !== this.#bytes.length) throw corrupt('is cut off');
    if (crc32(this.#bytes.subarray(headBytes)) !== this.#bytes.readUInt32LE(8)) throw corrupt('has a wrong checksum');
  }

  bytes(length: number): Buffer {
    const section = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += padded(length);
    return section;
  }

  numbers(count: number): Uint32Array {
    const section = this.bytes(count * 4);
    return new Uint32Array(section.buffer, section.byteOffset, count);
  }

  /** A section that carries its own length. */
  block(): Buffer {
    return this.bytes(this.numbers(1)[0] ?? 0);
  }

  text(): string {
    return this.block().toString('utf8');
  }
}

function bytesOf(array: Uint32Array | Int32Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function withLength(bytes: Uint8Array): Uint8Array[] {
  return [bytesOf(Uint32Array.of(bytes.length)), bytes];
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
