import { crc32 } from 'node:zlib';
import { KarmaError } from '../model/errors.ts';

/** Where bytes are read from: a file that stays on disk, or a block in memory. */
export interface ByteSource {
  readonly size: number;
  /** Bytes from a place on; fewer where it ends. */
  read(offset: number, length: number): Uint8Array;
}

/** What is kept under a name: bytes that are always read whole, or long text of which mostly a little is read. */
export type Section =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  | { readonly kind: 'blocks'; readonly bytes: Uint8Array };

/**
 * Named sections in one block of bytes, each read when it is first asked for. Whole sections carry one checksum, long ones a
 * checksum for each block, so that whatever is looked at is known to be what was written.
 *
 *     "KRMS"  length of the directory  crc32 of the directory  directory (JSON)  sections, each on a multiple of eight
 */
const magic = 'KRMS';
const headBytes = 12;
const blockBytes = 1 << 16;
/** Read at once when a file is opened: the directory, and small sections with it. */
const firstRead = 1 << 16;

/** `[name, offset, length, checksums]`; one checksum means the section is read whole. Offsets count from the first section. */
type Entry = readonly [name: string, offset: number, length: number, checksums: readonly number[], blocks: boolean];

/** The parts of a section file, to be written one after another. */
export function writeSections(sections: ReadonlyMap<string, Section>): readonly Uint8Array[] {
  const entries: Entry[] = [];
  const bodies: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { kind, bytes }] of sections) {
    entries.push([name, offset, bytes.length, checksumsOf(kind, bytes), kind === 'blocks']);
    bodies.push(bytes);
    const gap = padding(bytes.length);
    if (gap > 0) bodies.push(new Uint8Array(gap));
    offset += bytes.length + gap;
  }
  const directory = Buffer.from(JSON.stringify({ size: offset, entries }));
  const head = Buffer.alloc(headBytes + directory.length + padding(headBytes + directory.length));
  head.write(magic, 0, 'latin1');
  head.writeUInt32LE(directory.length, 4);
  head.writeUInt32LE(crc32(directory), 8);
  directory.copy(head, headBytes);
  return [head, ...bodies];
}

function checksumsOf(kind: Section['kind'], bytes: Uint8Array): number[] {
  if (kind === 'whole') return [crc32(bytes)];
  const checksums: number[] = [];
  for (let at = 0; at < bytes.length; at += blockBytes) checksums.push(crc32(bytes.subarray(at, at + blockBytes)));
  return checksums;
}

function padding(length: number): number {
  return -length & 7;
}

/** @throws KARMA_DATA_CORRUPT where bytes are not those that were written */
export class SectionFile {
  readonly #source: ByteSource;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #start: number;
  readonly #first: Uint8Array;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#first = source.read(0, Math.min(firstRead, source.size));
    const head = Buffer.from(this.#first.buffer, this.#first.byteOffset, this.#first.byteLength);
    if (head.length < headBytes || head.toString('latin1', 0, 4) !== magic) throw corrupt('has no head');
    const length = head.readUInt32LE(4);
    const directory = this.#slice(headBytes, length);
    if (directory.length !== length || crc32(directory) !== head.readUInt32LE(8)) throw corrupt('has a broken head');
    const { size, entries } = JSON.parse(textOf(directory)) as {
      readonly size: number;
      readonly entries: readonly Entry[];
    };
    this.#start = headBytes + length + padding(headBytes + length);
    if (source.size < this.#start + size) throw corrupt('is cut off');
    this.#entries = new Map(entries.map((entry) => [entry[0], entry]));
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  bytes(name: string): Buffer {
    const [, offset, length, [checksum]] = this.#entry(name);
    const bytes = this.#slice(this.#start + offset, length);
    if (bytes.length !== length || crc32(bytes) !== checksum) throw corrupt(`has a broken part ${name}`);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  numbers(name: string): Uint32Array {
    const bytes = this.bytes(name);
    const whole = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
    return new Uint32Array(whole.buffer, whole.byteOffset, whole.byteLength >> 2);
  }

  text(name: string): string {
    return this.bytes(name).toString('utf8');
  }

  json<T>(name: string): T {
    return JSON.parse(this.text(name)) as T;
  }

  /** A long text, read block by block. */
  blocks(name: string): BlockText {
    const [, offset, length, checksums] = this.#entry(name);
    return new BlockText(length, checksums, (at, size) => this.#slice(this.#start + offset + at, size), name);
  }

  #entry(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw corrupt(`has no part ${name}`);
    return entry;
  }

  #slice(offset: number, length: number): Uint8Array {
    return offset + length <= this.#first.length
      ? this.#first.subarray(offset, offset + length)
      : this.#source.read(offset, length);
  }
}

/** Text of which mostly a little is read. A block that was read stays. */
export class BlockText {
  readonly #length: number;
  readonly #checksums: readonly number[];
  readonly #read: (offset: number, length: number) => Uint8Array;
  readonly #name: string;
  readonly #loaded: (Buffer | undefined)[] = [];

  constructor(
    length: number,
    checksums: readonly number[],
    read: (offset: number, length: number) => Uint8Array,
    name: string,
  ) {
    this.#length = length;
    this.#checksums = checksums;
    this.#read = read;
    this.#name = name;
  }

  read(start: number, end: number): string {
    if (start === end) return '';
    const first = Math.floor(start / blockBytes);
    const last = Math.floor((end - 1) / blockBytes);
    const from = first * blockBytes;
    if (first === last) return this.#block(first).toString('utf8', start - from, end - from);
    // Only what is asked for is copied: a text that crosses the border of two blocks is mostly short.
    const parts = Array.from({ length: last - first + 1 }, (_, at) => {
      const begin = (first + at) * blockBytes;
      return this.#block(first + at).subarray(Math.max(0, start - begin), end - begin);
    });
    return Buffer.concat(parts).toString('utf8');
  }

  #block(number: number): Buffer {
    const known = this.#loaded[number];
    if (known !== undefined) return known;
    const start = number * blockBytes;
    const bytes = this.#read(start, Math.min(blockBytes, this.#length - start));
    if (crc32(bytes) !== this.#checksums[number]) throw corrupt(`has a broken block in ${this.#name}`);
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#loaded[number] = block;
    return block;
  }
}

/** A decoder takes some milliseconds to be there, in every process that asks a question. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function corrupt(what: string): KarmaError {
  return new KarmaError('KARMA_DATA_CORRUPT', `what was kept of a graph ${what}`, {
    hint: 'it is made anew from the estate',
    details: { kept: true },
  });
}

/** A whole section out of numbers. */
export function numberSection(numbers: Uint32Array | Int32Array | Uint16Array): Section {
  return { kind: 'whole', bytes: new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength) };
}

export function textSection(text: string): Section {
  return { kind: 'whole', bytes: Buffer.from(text) };
}
