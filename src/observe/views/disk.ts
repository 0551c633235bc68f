import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readFileSync, readlinkSync, readSync, realpathSync } from 'node:fs';
import { readLimit } from '../git/batch-reader.ts';
import { blobId } from '../git/blob-id.ts';
import { isExecutable } from '../git/tree-listing.ts';

export interface DiskStat {
  readonly kind: 'file' | 'link' | 'directory' | 'other';
  readonly size: number;
  /** A file that its owner may run. */
  readonly executable: boolean;
  readonly inode: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export interface DiskBlob {
  readonly oid: string;
  /** Undefined when the file is beyond the limit: hashed, not held. */
  readonly bytes: Buffer | undefined;
}

const slash = 47;
const missingIsNothing = { throwIfNoEntry: false } as const;

/**
 * Files below one folder, by their path in the estate. Nothing above the folder is reached: where a folder on the way was
 * replaced by a link, the file does not exist.
 */
export class Disk {
  readonly root: string;
  readonly #hash: 'sha1' | 'sha256';
  /** Names that are not UTF-8, as the system knows them. */
  readonly #raw = new Map<string, Buffer>();
  readonly #folders = new Map<string, boolean>();
  readonly #forbidden = new Set<string>();
  #realRoot: Buffer | undefined;

  constructor(root: string, hash: 'sha1' | 'sha256' = 'sha1') {
    this.root = root;
    this.#hash = hash;
  }

  remember(path: string, raw: Buffer | undefined): void {
    if (raw !== undefined) this.#raw.set(path, raw);
  }

  /** The same for an entry of a folder, by its own name's bytes. */
  rememberChild(folder: string, path: string, name: Buffer): void {
    const parent = this.#raw.get(folder);
    const plain = name.equals(Buffer.from(path.slice(folder === '' ? 0 : folder.length + 1)));
    if (parent === undefined && plain) return;
    const above = parent ?? Buffer.from(folder);
    this.#raw.set(path, folder === '' ? Buffer.from(name) : Buffer.concat([above, Buffer.of(slash), name]));
  }

  stat(path: string): DiskStat | undefined {
    try {
      const stat = lstatSync(this.place(path), missingIsNothing);
      if (stat === undefined) return undefined;
      const kind = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'directory' : 'other';
      const executable = kind === 'file' && isExecutable(stat.mode);
      return { kind, executable, size: stat.size, inode: stat.ino, mtimeMs: stat.mtimeMs, ctimeMs: stat.ctimeMs };
    } catch (error) {
      // A parent that is a file (ENOTDIR): nothing is there. One that may not be searched hides whether there is.
      if (error instanceof Error && 'code' in error && error.code === 'EACCES') this.#forbidden.add(folderOf(path));
      return undefined;
    }
  }

  /** Folders that could not be looked into so far. What they hold is not known, which is not the same as gone. */
  get forbidden(): ReadonlySet<string> {
    return this.#forbidden;
  }

  /** Whether the folder of a path is really where it seems to be. */
  isInside(path: string): boolean {
    const cut = path.lastIndexOf('/');
    if (cut < 0) return true;
    const folder = path.slice(0, cut);
    const known = this.#folders.get(folder);
    if (known !== undefined) return known;
    const inside = this.#isReally(path);
    this.#folders.set(folder, inside);
    return inside;
  }

  #isReally(path: string): boolean {
    try {
      this.#realRoot ??= realpathSync.native(this.root, 'buffer');
      const top = Buffer.byteLength(this.root);
      const here = Buffer.from(this.place(path));
      const folder = here.subarray(0, here.lastIndexOf(slash));
      return realpathSync.native(folder, 'buffer').equals(Buffer.concat([this.#realRoot, folder.subarray(top)]));
    } catch {
      return false;
    }
  }

  /** Content and id from one reading, so that they belong together. @throws what the system says */
  blob(path: string): DiskBlob {
    const at = this.place(path);
    const size = lstatSync(at).size;
    if (size > readLimit) return { oid: this.#hashInPieces(at, size), bytes: undefined };
    const bytes = readFileSync(at);
    return { oid: blobId(bytes, this.#hash), bytes };
  }

  target(path: string): string | undefined {
    try {
      return readlinkSync(this.place(path), 'utf8');
    } catch {
      return undefined;
    }
  }

  /** The blob id that Git gives a link: of the path it says. */
  targetId(path: string): string | undefined {
    const target = this.target(path);
    return target === undefined ? undefined : blobId(Buffer.from(target), this.#hash);
  }

  /** The id this content has once `\r\n` became `\n`, as `core.autocrlf` and `text` attributes do on adding. */
  idWithPlainLineEnds(bytes: Buffer): string | undefined {
    if (!bytes.includes('\r\n') || bytes.includes(0)) return undefined;
    return blobId(Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), this.#hash);
  }

  #hashInPieces(at: string | Buffer, size: number): string {
    const hash = createHash(this.#hash).update(`blob ${size}\0`);
    const piece = Buffer.allocUnsafe(1 << 20);
    const file = openSync(at, 'r');
    try {
      for (;;) {
        const length = readSync(file, piece);
        if (length === 0) return hash.digest('hex');
        hash.update(piece.subarray(0, length));
      }
    } finally {
      closeSync(file);
    }
  }

  /** The path as the system knows it. */
  place(path: string): string | Buffer {
    const raw = this.#raw.size === 0 ? undefined : this.#raw.get(path);
    if (raw === undefined) return `${this.root}/${path}`;
    return Buffer.concat([Buffer.from(`${this.root}/`), raw]);
  }
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
