import { inflateSync } from 'node:zlib';
import { readLimit } from '../batch-reader.ts';
import type { GitObject, ObjectType } from './git-object.ts';
import { applyDelta } from './pack-delta.ts';
import { PackIndex, readParts } from './pack-index.ts';

/** Git's own packs have chains of 50 at most, hand-made ones of 4095. */
const longestChain = 4095;
/** All that one object's chain may come to: sizes in a pack are claims, and each step makes another copy. Git takes longer ones. */
const largestChain = 4 * readLimit;
/** What stands before an object's bytes: type and size, and the base of a delta. */
const headerBytes = 64;
const whole: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const byOffset = 6;
const byName = 7;

interface Entry {
  readonly kind: number;
  readonly bytes: Buffer;
  /** Where the base of a delta stands. */
  readonly base: number;
}

/** One pack of a repository. */
export class PackFile {
  readonly #file: string;
  readonly #idBytes: number;
  readonly #index: PackIndex;

  /** @param file without its ending. @throws where its index cannot be read */
  constructor(file: string, idBytes: number) {
    this.#file = `${file}.pack`;
    this.#idBytes = idBytes;
    this.#index = new PackIndex(`${file}.idx`, idBytes);
  }

  /** Undefined where it is not here. @throws where it is, and cannot be read or is too large */
  object(oid: string): GitObject | undefined {
    let offset = this.#index.find(oid);
    if (offset === undefined) return undefined;
    const deltas: Buffer[] = [];
    let held = 0;
    for (;;) {
      const { kind, bytes, base } = this.#entry(offset);
      const type = whole[kind];
      if (type !== undefined) {
        let left = largestChain;
        const body = deltas.reduceRight((made, delta) => {
          const next = applyDelta(made, delta, readLimit);
          left -= next.length;
          if (left < 0) throw new Error('a chain of deltas is too large');
          return next;
        }, bytes);
        return { type, body };
      }
      deltas.push(bytes);
      held += bytes.length;
      if (held > largestChain) throw new Error('a chain of deltas is too large');
      if (deltas.length > longestChain) throw new Error('a chain of deltas has no end');
      offset = base;
    }
  }

  #entry(offset: number): Entry {
    const { size: fileSize, bytes: head } = readParts(this.#file, (size) => [
      offset,
      Math.min(4096, Math.max(0, size - offset)),
    ]);
    let at = 0;
    const next = (): number => {
      const byte = head[at++];
      if (byte === undefined) throw new Error('a pack is cut off');
      return byte;
    };
    let byte = next();
    const kind = (byte >> 4) & 7;
    let size = byte & 15;
    for (let factor = 16; byte >= 0x80; factor *= 128) {
      byte = next();
      size += (byte & 0x7f) * factor;
    }
    if (size > readLimit) throw new Error('an object is too large');
    let base = 0;
    if (kind === byOffset) {
      byte = next();
      let back = byte & 0x7f;
      while (byte >= 0x80) {
        byte = next();
        back = (back + 1) * 128 + (byte & 0x7f);
      }
      base = offset - back;
    } else if (kind === byName) {
      base = this.#index.find(head.toString('hex', at, at + this.#idBytes)) ?? -1;
      at += this.#idBytes;
    } else if (whole[kind] === undefined) throw new Error('a pack has an object of an unknown kind');
    if (base < 0) throw new Error('the base of a delta is not in its pack');
    // Deflate makes nothing longer than this.
    const most = at + size + (size >> 8) + headerBytes;
    const from =
      most <= head.length || head.length < 4096
        ? head
        : readParts(this.#file, () => [offset, Math.min(most, fileSize - offset)]).bytes;
    // By itself it would take 16 KiB for each object; most are a few hundred bytes.
    const room = { maxOutputLength: Math.max(1, size), chunkSize: Math.min(Math.max(64, size), 16 * 1024) };
    const bytes = inflateSync(from.subarray(at), room);
    if (bytes.length !== size) throw new Error('an object of a pack has another size');
    return { kind, bytes, base };
  }
}
