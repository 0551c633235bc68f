import {
  closeSync,
  fstatSync,
  futimesSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writevSync,
} from 'node:fs';
import { join } from 'node:path';
import { attempt } from '../attempt.ts';
import { type DataFolder, ensureDataFolder } from '../estate/data-folder.ts';

/** A cached file, read where it is asked. It stays readable when another process replaces or removes it. */
export interface CacheFile {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** One that was opened on disk. */
export interface OpenedFile extends CacheFile {
  /** Whether the file of this name still is this one and nobody touched it; then it counts as used once more. */
  stands(): boolean;
}

/**
 * Large answers kept from one process to the next, one file each, so that a process reads the parts it needs. Like the cache
 * never needed for correctness: whatever goes wrong reads as absent and writes as nothing.
 */
export interface CacheFiles {
  open(name: string): CacheFile | undefined;
  /** Replaces a file as a whole; nobody ever sees half of one. False where it could not be kept. */
  write(name: string, parts: readonly Uint8Array[]): boolean;
  /** Names that begin and end so, the newest first. */
  names(prefix: string, ending?: string): readonly string[];
  remove(name: string): void;
}

export interface OpenedFiles extends CacheFiles {
  open(name: string): OpenedFile | undefined;
}

/** Beyond this many bytes the files that were longest not used are removed. */
const sizeLimit = 512 * 1024 * 1024;
/** Beyond so many, too: each save of a file while somebody asks leaves a small one. */
const mostFiles = 200;
/** Looking through all of them takes longer than a small file; in between a few more may lie there. */
const writesBetween = 16;
/** What a process that was killed while writing left behind. */
const abandonedMs = 60 * 60 * 1000;

/** Files in `views` of the data folder; creates nothing before it has something to write. */
export function openCacheFiles(folder: DataFolder): OpenedFiles {
  const place = join(folder.path, 'views');
  let writes = 0;
  return {
    // Nothing that is only kept for speed may fail a command.
    open: (name) => attempt(() => openFile(join(place, name))),
    write: (name, parts) =>
      attempt(() => {
        ensureDataFolder({ ...folder, path: place });
        writeFile(place, name, parts);
        if (writes++ % writesBetween === 0) prune(place);
        return true;
      }) ?? false,
    names: (prefix, ending = '') =>
      attempt(() =>
        newestFirst(place, (name) => name.startsWith(prefix) && name.endsWith(ending)).map(({ name }) => name),
      ) ?? [],
    remove: (name) => attempt(() => rmSync(join(place, name), { force: true })),
  };
}

/** File descriptors are closed when nobody can read from the file any more. */
const openFiles = new FinalizationRegistry<number>((descriptor) => attempt(() => closeSync(descriptor)));

function openFile(path: string): OpenedFile {
  const descriptor = openSync(path, 'r');
  const { size } = fstatSync(descriptor);
  let used = use(descriptor);
  const file: OpenedFile = {
    size,
    read(offset, length) {
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const count = readSync(descriptor, bytes, done, length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return done === length ? bytes : bytes.subarray(0, done);
    },
    stands() {
      const now = attempt(() => statSync(path));
      if (used === undefined || now === undefined || !isUntouched(used, now)) return false;
      used = use(descriptor);
      return true;
    },
  };
  openFiles.register(file, descriptor);
  return file;
}

/** What is used stays longer. */
function use(descriptor: number): Stats | undefined {
  const now = nextUse();
  attempt(() => futimesSync(descriptor, now, now));
  return attempt(() => fstatSync(descriptor));
}

let lastUse = 0;

/** In seconds. Of two uses in one millisecond the later one is still the later one; the system's own times are coarser. */
function nextUse(): number {
  lastUse = Math.max(Date.now(), lastUse + 0.001);
  return lastUse / 1000;
}

/** Whoever writes to a file, or uses it, moves its times; that of its last change nobody can set. */
function isUntouched(before: Stats, now: Stats): boolean {
  return (
    before.ino === now.ino &&
    before.size === now.size &&
    before.mtimeMs === now.mtimeMs &&
    before.ctimeMs === now.ctimeMs
  );
}

function writeFile(place: string, name: string, parts: readonly Uint8Array[]): void {
  const unfinished = join(place, `${name}.${process.pid}.new`);
  const descriptor = openSync(unfinished, 'wx', 0o600);
  try {
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    let written = writevSync(descriptor, parts);
    if (written < length) {
      const bytes = Buffer.concat(parts);
      while (written < length) written += writevSync(descriptor, [bytes.subarray(written)]);
    }
    use(descriptor);
    closeSync(descriptor);
    renameSync(unfinished, join(place, name));
  } catch (error) {
    attempt(() => closeSync(descriptor));
    rmSync(unfinished, { force: true });
    throw error;
  }
}

interface Listed {
  readonly name: string;
  readonly size: number;
  readonly usedMs: number;
}

function newestFirst(place: string, isMeant: (name: string) => boolean = () => true): Listed[] {
  return readdirSync(place)
    .filter(isMeant)
    .flatMap((name) => {
      const stat = statSync(join(place, name), { throwIfNoEntry: false });
      return stat === undefined ? [] : [{ name, size: stat.size, usedMs: stat.mtimeMs }];
    })
    .sort((a, b) => b.usedMs - a.usedMs || (a.name < b.name ? -1 : 1));
}

function prune(place: string): void {
  let size = 0;
  for (const [at, file] of newestFirst(place).entries()) {
    size += file.size;
    const abandoned = file.name.endsWith('.new') && Date.now() - file.usedMs > abandonedMs;
    if (size > sizeLimit || at >= mostFiles || abandoned) rmSync(join(place, file.name), { force: true });
  }
}
