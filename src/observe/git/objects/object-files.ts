import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attempt } from '../../attempt.ts';
import { readPlainFile } from '../plain-file.ts';
import { type GitObject, isNamed } from './git-object.ts';
import { looseObject } from './loose-object.ts';
import { PackFile } from './pack-file.ts';

/** Where a repository keeps its objects, and how it names them. */
export interface ObjectsPlace {
  readonly commonDir: string;
  readonly hash: 'sha1' | 'sha256';
}

/** Repositories that borrow from others that borrow. */
const deepest = 5;
/** More of them are left to git. */
const mostFolders = 50;
/** Trees and commits held by id, in bytes: each is asked for again when the next commit is compared with it. */
const heldAtMost = 8 * 1024 * 1024;

/**
 * The objects of a repository, read from its files without a process: a program that stays pays 10 ms for each start of git,
 * and 50 µs for this. What is read must hash to its id, so neither a format that is not known here nor a file that changes
 * meanwhile can make it wrong: then it reads as undefined, and git is asked.
 */
export class ObjectFiles {
  readonly #place: ObjectsPlace;
  readonly #idBytes: number;
  #packs: ReadonlyMap<string, PackFile | undefined> = new Map();
  #folders: readonly string[] | undefined;
  readonly #held = new Map<string, GitObject>();
  #heldBytes = 0;

  constructor(place: ObjectsPlace) {
    this.#place = place;
    this.#idBytes = place.hash === 'sha1' ? 20 : 32;
  }

  read(oid: string): GitObject | undefined {
    if (oid.length !== this.#idBytes * 2) return undefined;
    const held = this.#held.get(oid);
    if (held !== undefined) {
      this.#held.delete(oid);
      this.#held.set(oid, held);
      return held;
    }
    const found = this.#find(oid) ?? (this.#look() ? this.#find(oid) : undefined);
    if (found === undefined || !isNamed(oid, found)) return undefined;
    if (found.type === 'tree' || found.type === 'commit') this.#hold(oid, found);
    return found;
  }

  #find(oid: string): GitObject | undefined {
    this.#folders ??= foldersOf(this.#place);
    for (const folder of this.#folders) {
      const loose = looseObject(folder, oid);
      if (loose !== undefined) return loose;
    }
    for (const pack of this.#packs.values()) {
      const packed = attempt(() => pack?.object(oid));
      if (packed !== undefined) return packed;
    }
    return undefined;
  }

  /** Looks for packs anew: `git fetch`, `gc` and `repack` make and remove them. False where there are the same ones. */
  #look(): boolean {
    this.#folders = foldersOf(this.#place);
    const packs = new Map<string, PackFile | undefined>();
    for (const folder of this.#folders)
      for (const name of attempt(() => readdirSync(join(folder, 'pack')).sort()) ?? []) {
        if (!name.endsWith('.idx')) continue;
        const file = join(folder, 'pack', name.slice(0, -'.idx'.length));
        packs.set(file, this.#packs.get(file) ?? attempt(() => new PackFile(file, this.#idBytes)));
      }
    const isSame = packs.size === this.#packs.size && [...packs.keys()].every((file) => this.#packs.has(file));
    this.#packs = packs;
    return !isSame;
  }

  #hold(oid: string, { type, body }: GitObject): void {
    // What was inflated is a part of a larger piece of memory, all of which would be held with it.
    const own = Buffer.allocUnsafeSlow(body.length);
    body.copy(own);
    this.#held.set(oid, { type, body: own });
    this.#heldBytes += bytesOf(own);
    for (const [oldest, { body: old }] of this.#held) {
      if (this.#heldBytes <= heldAtMost) return;
      this.#held.delete(oldest);
      this.#heldBytes -= bytesOf(old);
    }
  }
}

/** With what it takes to hold it: most commits and trees are smaller than that. */
function bytesOf(body: Buffer): number {
  return body.length + 512;
}

/** Where objects lie: the repository's own folder, and those it borrows from. */
function foldersOf({ commonDir }: ObjectsPlace): readonly string[] {
  const found = new Set<string>();
  const add = (folder: string, depth: number) => {
    if (depth > deepest || found.size >= mostFolders || found.has(folder)) return;
    found.add(folder);
    const text = attempt(() => readPlainFile(join(folder, 'info', 'alternates')).toString('utf8')) ?? '';
    // A path in quotes is left to git.
    for (const line of text.split('\n')) if (!/^($|#|")/.test(line)) add(resolve(folder, line), depth + 1);
  };
  add(join(commonDir, 'objects'), 0);
  return [...found].filter((folder) => existsSync(folder));
}
