import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DataFolder, ensureDataFolder } from '../estate/data-folder.ts';
import { residentFiles } from '../resident/resident-files.ts';
import { type CacheFiles, openCacheFiles } from './cache-files.ts';

/**
 * Answers kept from one process to the next, by kind and key. Never needed for correctness: whatever goes wrong with it (no
 * rights, no space, damage, a newer format) reads as empty and writes as nothing.
 */
export interface Cache {
  get(kind: string, key: string): Uint8Array | undefined;
  /** Those of the keys that are there. */
  getMany(kind: string, keys: readonly string[]): Map<string, Uint8Array>;
  /** Kept in memory until `flush`. */
  put(kind: string, key: string, value: Uint8Array): void;
  /** Writes everything put so far, in one transaction. */
  flush(): void;
  close(): void;
  /** What is too large for a table. */
  readonly files: CacheFiles;
}

/** Raised when the tables change; a file with another number is left alone when newer, made anew when older. */
const format = 1;
/** Beyond this many bytes the older half is dropped. */
const sizeLimit = 256 * 1024 * 1024;

/**
 * Opens nothing before it is asked; creates nothing before it has something to write.
 * @param stays whether the process answers again and again
 */
export function openCache(folder: DataFolder, { stays = false }: { readonly stays?: boolean } = {}): Cache {
  const files = openCacheFiles(folder);
  return new SqliteCache(folder, stays ? residentFiles(files) : files);
}

class SqliteCache implements Cache {
  readonly files: CacheFiles;
  readonly #folder: DataFolder;
  readonly #file: string;
  readonly #pending = new Map<string, Map<string, Uint8Array>>();
  #database: DatabaseSync | undefined;
  /** A file that cannot or must not be used. */
  #given = false;

  constructor(folder: DataFolder, files: CacheFiles) {
    this.files = files;
    this.#folder = folder;
    this.#file = join(folder.path, 'cache.db');
  }

  get(kind: string, key: string): Uint8Array | undefined {
    return this.getMany(kind, [key]).get(key);
  }

  getMany(kind: string, keys: readonly string[]): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    const put = this.#pending.get(kind);
    const asked = new Set<string>();
    for (const key of keys) {
      const fresh = put?.get(key);
      if (fresh === undefined) asked.add(key);
      else found.set(key, fresh);
    }
    if (asked.size === 0 || (this.#database === undefined && !existsSync(this.#file))) return found;
    this.#attempt((database) => readKeys(database, { kind, asked, found }));
    return found;
  }

  put(kind: string, key: string, value: Uint8Array): void {
    const known = this.#pending.get(kind) ?? new Map<string, Uint8Array>();
    known.set(key, value);
    this.#pending.set(kind, known);
  }

  flush(): void {
    if (this.#pending.size === 0 || this.#given) return;
    try {
      ensureDataFolder(this.#folder);
    } catch {
      this.#given = true;
      return;
    }
    const write = (database: DatabaseSync) => writeAll(database, this.#pending);
    // A damaged file was removed by the first attempt; the second one makes it anew.
    if (this.#attempt(write) || this.#attempt(write)) this.#pending.clear();
  }

  close(): void {
    try {
      this.flush();
      this.#database?.close();
    } catch {
      // Nothing that is only a cache may fail a command.
    }
    this.#database = undefined;
  }

  #attempt(work: (database: DatabaseSync) => void): boolean {
    if (this.#given) return false;
    try {
      this.#database ??= openDatabase(this.#file);
      work(this.#database);
      return true;
    } catch (error) {
      this.#recover(error);
      return false;
    }
  }

  /** Damage: the file is dropped. Anything else (busy, full, read-only, newer): it is left as it is and not used again. */
  #recover(error: unknown): void {
    try {
      this.#database?.close();
    } catch {
      // It is given up anyway.
    }
    this.#database = undefined;
    if (!isDamage(error)) {
      this.#given = true;
      return;
    }
    try {
      for (const end of ['', '-wal', '-shm']) rmSync(`${this.#file}${end}`, { force: true });
    } catch {
      this.#given = true;
    }
  }
}

function openDatabase(file: string): DatabaseSync {
  // Made for its owner alone; SQLite gives its side files the same rights.
  closeSync(openSync(file, 'a', 0o600));
  const database = new DatabaseSync(file, { timeout: 2_000 });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > format) throw new NewerCache(file);
  if (version < format) {
    database.exec(`
      BEGIN IMMEDIATE;
      DROP TABLE IF EXISTS cache;
      CREATE TABLE cache (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL);
      CREATE UNIQUE INDEX cache_by_key ON cache (kind, key);
      PRAGMA user_version = ${format};
      COMMIT;`);
  }
  return database;
}

class NewerCache extends Error {
  constructor(file: string) {
    super(`${file} was written by a newer Karma`);
    this.name = 'NewerCache';
  }
}

/** SQLite's words for a file that is no database or does not hold together: SQLITE_CORRUPT 11, SQLITE_NOTADB 26. */
function isDamage(error: unknown): boolean {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
  return code === 11 || code === 26 || (error instanceof Error && /no such (table|column)/.test(error.message));
}

/** Few keys one by one; many by one scan of the kind, which is ten times faster a row. */
function readKeys(
  database: DatabaseSync,
  {
    kind,
    asked,
    found,
  }: { readonly kind: string; readonly asked: ReadonlySet<string>; readonly found: Map<string, Uint8Array> },
): void {
  if (asked.size > 256) {
    const scan = database.prepare('SELECT key, value FROM cache WHERE kind = ?');
    scan.setReturnArrays(true);
    for (const row of scan.all(kind) as unknown as [string, Uint8Array][]) {
      if (asked.has(row[0])) found.set(row[0], row[1]);
    }
    return;
  }
  const one = database.prepare('SELECT value FROM cache WHERE kind = ? AND key = ?');
  for (const key of asked) {
    const value = one.get(kind, key)?.['value'];
    if (value instanceof Uint8Array) found.set(key, value);
  }
}

function writeAll(database: DatabaseSync, pending: ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    const put = database.prepare('INSERT OR REPLACE INTO cache (kind, key, value) VALUES (?, ?, ?)');
    for (const [kind, entries] of pending) for (const [key, value] of entries) put.run(kind, key, value);
    dropOldest(database);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Keeps the file bounded: ids grow, so the lower half of them is the older one. */
function dropOldest(database: DatabaseSync): void {
  const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
  const free = Number(database.prepare('PRAGMA freelist_count').get()?.['freelist_count']);
  const size = Number(database.prepare('PRAGMA page_size').get()?.['page_size']);
  if ((pages - free) * size < sizeLimit) return;
  database.exec('DELETE FROM cache WHERE id < (SELECT (min(id) + max(id)) / 2 FROM cache)');
}
