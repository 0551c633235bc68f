import { closeSync, fstatSync, readSync } from 'node:fs';
import { firstNot } from '../../../model/binary-search.ts';
import { openPlainFile } from '../plain-file.ts';

const headBytes = 8;
const fanoutBytes = 256 * 4;
/** An index of about 150,000 objects; beyond it the parts needed are read each time. */
const heldAtMost = 4 * 1024 * 1024;

/**
 * Where a pack has an object, by its index file of version 2: ids sorted, with how many begin with each first byte before
 * them. No file stays open, so that a pack that Git removes is gone.
 */
export class PackIndex {
  readonly #file: string;
  readonly #idBytes: number;
  readonly #fanout: Buffer;
  readonly #count: number;
  readonly #held: Buffer | undefined;

  /** @throws where the file is not there or is no index of version 2 */
  constructor(file: string, idBytes: number) {
    this.#file = file;
    this.#idBytes = idBytes;
    const { size, bytes } = readParts(file, (size) => (size <= heldAtMost ? [0, size] : [0, headBytes + fanoutBytes]));
    if (bytes.readUInt32BE(0) !== 0xff744f63 || bytes.readUInt32BE(4) !== 2)
      throw new Error(`${file} is no index of version 2`);
    this.#fanout = bytes.subarray(headBytes, headBytes + fanoutBytes);
    this.#count = this.#fanout.readUInt32BE(255 * 4);
    this.#held = bytes.length === size ? bytes : undefined;
  }

  /** The offset of an object in the pack. @throws where the index cannot be read any more */
  find(oid: string): number | undefined {
    const id = Buffer.from(oid, 'hex');
    const first = id[0] ?? 0;
    const from = first === 0 ? 0 : this.#fanout.readUInt32BE((first - 1) * 4);
    const to = this.#fanout.readUInt32BE(first * 4);
    if (to <= from) return undefined;
    const ids = this.#read(this.#idsAt() + from * this.#idBytes, (to - from) * this.#idBytes);
    const place = lookUp(ids, id, to - from);
    return place === undefined ? undefined : this.#offset(from + place);
  }

  #offset(place: number): number {
    const [checksums, offsets] = [this.#idsAt() + this.#count * this.#idBytes, this.#count * 4];
    const small = this.#read(checksums + offsets + place * 4, 4).readUInt32BE(0);
    if (small < 0x80000000) return small;
    const large = this.#read(checksums + offsets * 2 + (small - 0x80000000) * 8, 8).readBigUInt64BE(0);
    return Number(large);
  }

  #idsAt(): number {
    return headBytes + fanoutBytes;
  }

  #read(offset: number, length: number): Buffer {
    if (this.#held !== undefined) return this.#held.subarray(offset, offset + length);
    return readParts(this.#file, () => [offset, length]).bytes;
  }
}

/** The place of an id among sorted ones. */
function lookUp(ids: Buffer, id: Buffer, count: number): number | undefined {
  const order = (place: number) => ids.compare(id, 0, id.length, place * id.length, (place + 1) * id.length);
  const place = firstNot(count, (one) => order(one) < 0);
  return place < count && order(place) === 0 ? place : undefined;
}

/** Reads a part of a file, chosen by its size. @throws where it is not there or ends before */
export function readParts(
  file: string,
  part: (size: number) => readonly [offset: number, length: number],
): { readonly size: number; readonly bytes: Buffer } {
  const descriptor = openPlainFile(file);
  try {
    const { size } = fstatSync(descriptor);
    const [offset, length] = part(size);
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const count = readSync(descriptor, bytes, done, length - done, offset + done);
      if (count === 0) throw new Error(`${file} ends before ${offset + length}`);
      done += count;
    }
    return { size, bytes };
  } finally {
    closeSync(descriptor);
  }
}
