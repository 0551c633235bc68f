import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { KarmaError } from '../../model/errors.ts';
import { makeFolder } from '../make-folder.ts';
import { fileTrouble, isBusy, sqliteTrouble } from './trouble.ts';

/**
 * One SQLite file of one store: opened at the first use, created (0600) at the first write only, so that asking never leaves
 * a file behind; a file that is not there reads as empty. Several processes may hold it at once: WAL, and a writer waits.
 */
export interface DatabaseSchema {
  /** Four letters that tell this store's file from any other's; kept in the file as SQLite's `application_id`. */
  readonly mark: string;
  /** Kept in the file as `user_version`. */
  readonly version: number;
  /** Makes the tables of `version` in an empty file. */
  readonly create: string;
  /** Bytes of a page, where SQLite's 4096 are few: rows of several hundred bytes that come by the ten thousand. */
  readonly pageSize?: number;
}

/** How long a writer waits for another process, in milliseconds. */
const busyTimeout = 15_000;

export class Database {
  readonly file: string;
  readonly #schema: DatabaseSchema;
  readonly #prepared = new Map<string, StatementSync>();
  #open: DatabaseSync | undefined;
  /** The file has no write-ahead log yet. */
  #isNew = false;
  #closed = false;

  constructor(file: string, schema: DatabaseSchema) {
    this.file = file;
    this.#schema = schema;
  }

  /** A consistent read; `empty` when there is no file yet. */
  read<T>(ask: (db: Database) => T, empty: T): T {
    return this.#translated(() => {
      if (!this.#forReading()) return empty;
      return this.#transaction('BEGIN', ask);
    });
  }

  /** A read by one statement, which is consistent by itself: a third of the cost, where it is asked for with every request. */
  look<T>(ask: (db: Database) => T, empty: T): T {
    return this.#translated(() => (this.#forReading() ? ask(this) : empty));
  }

  /** All of `change` or, when it throws or the process dies, nothing of it. */
  write<T>(change: (db: Database) => T): T {
    return this.#translated(() => {
      this.#forWriting();
      const answer = this.#transaction('BEGIN IMMEDIATE', change);
      if (this.#isNew) this.#beginLog();
      return answer;
    });
  }

  /** Whether another process holds the right to write just now; answered soon, whoever it is. */
  isLocked(): boolean {
    if (!existsSync(this.file)) return false;
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(this.file, { timeout: 200 });
      db.exec('BEGIN IMMEDIATE');
      db.exec('ROLLBACK');
      return false;
    } catch (error) {
      return isBusy(error);
    } finally {
      db?.close();
    }
  }

  /** A prepared statement that answers arrays, made once a text. Only inside `read` or `write`. */
  sql(text: string): StatementSync {
    const known = this.#prepared.get(text);
    if (known !== undefined) return known;
    const made = this.#connection().prepare(text);
    made.setReturnArrays(true);
    this.#prepared.set(text, made);
    return made;
  }

  /** Equal as long as nobody wrote to the file: neither this connection nor another one. Only inside `read` or `write`. */
  mark(): string {
    const [others] = this.sql('PRAGMA data_version').get() as unknown as readonly [number];
    const [own] = this.sql('SELECT total_changes()').get() as unknown as readonly [number];
    return `${others} ${own}`;
  }

  exec(text: string): void {
    this.#connection().exec(text);
  }

  /** Deletes the file with everything beside it; the next write makes a new one. For projections only. */
  discard(): void {
    this.#forget();
    for (const end of ['', '-wal', '-shm']) rmSync(this.file + end, { force: true });
  }

  close(): void {
    this.#closed = true;
    this.#forget();
  }

  #connection(): DatabaseSync {
    if (this.#open === undefined) throw new KarmaError('KARMA_BUG', `${this.file} is used outside read and write`);
    return this.#open;
  }

  #forget(): void {
    this.#prepared.clear();
    this.#open?.close();
    this.#open = undefined;
  }

  #translated<T>(work: () => T): T {
    if (this.#closed) throw new KarmaError('KARMA_BUG', `${this.file} is used after it was closed`);
    try {
      return work();
    } catch (error) {
      throw sqliteTrouble(error, this.file);
    }
  }

  #transaction<T>(begin: string, work: (db: Database) => T): T {
    const db = this.#connection();
    db.exec(begin);
    try {
      const answer = work(this);
      db.exec('COMMIT');
      return answer;
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  /** False when there is nothing to read yet. */
  #forReading(): boolean {
    if (this.#open !== undefined) return true;
    if (!existsSync(this.file)) return false;
    this.#open = openForReading(this.file);
    try {
      const there = this.#checkVersion();
      if (!there) this.#forget();
      return there;
    } catch (error) {
      this.#forget();
      throw error;
    }
  }

  #forWriting(): void {
    if (this.#open === undefined) {
      createFile(this.file);
      this.#open = openConnection(this.file);
      try {
        if (!this.#checkVersion()) this.#createTables(this.#open);
        this.#isNew = this.#pragmaText('journal_mode') !== 'wal';
      } catch (error) {
        this.#forget();
        throw error;
      }
    }
  }

  /** True when the tables are there, false for an empty file. @throws KARMA_DATA_NEWER, KARMA_DATA_CORRUPT */
  #checkVersion(): boolean {
    const version = this.#pragma('user_version');
    const mark = this.#pragma('application_id');
    if (version === 0 && mark === 0 && this.#pragma('schema_version') === 0) return false;
    if (mark !== markNumber(this.#schema.mark)) {
      throw new KarmaError('KARMA_DATA_CORRUPT', `${this.file} is a database, but not one of this kind`, {
        hint: 'give another folder with --data, or move the file away',
        details: { file: this.file },
      });
    }
    if (version > this.#schema.version) {
      throw new KarmaError(
        'KARMA_DATA_NEWER',
        `${this.file} has schema ${version}; this Karma knows up to ${this.#schema.version}`,
        { hint: 'update Karma: npm install -g @usekarma/karma@latest', details: { file: this.file, version } },
      );
    }
    return true;
  }

  #pragma(name: string): number {
    return numberAt(this.#connection().prepare(`PRAGMA ${name}`).get(), name);
  }

  #pragmaText(name: string): string {
    const row = this.#connection().prepare(`PRAGMA ${name}`).get();
    return String(row?.[name] ?? '');
  }

  /**
   * What is written first may be a large estate, and new pages are written once without a log, twice with one. From then on
   * there is one, so that readers never wait for a writer. Where others hold the file, a later write begins it: this one is done.
   */
  #beginLog(): void {
    const db = this.#connection();
    try {
      untilFree(() => db.exec('PRAGMA journal_mode = WAL'));
      this.#isNew = false;
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }

  /** Two processes may meet here: who is second finds the tables made. */
  #createTables(db: DatabaseSync): void {
    if (this.#schema.pageSize !== undefined) db.exec(`PRAGMA page_size = ${this.#schema.pageSize}`);
    db.exec('BEGIN IMMEDIATE');
    try {
      if (!this.#checkVersion()) {
        db.exec(this.#schema.create);
        db.exec(`PRAGMA application_id = ${markNumber(this.#schema.mark)}`);
        db.exec(`PRAGMA user_version = ${this.#schema.version}`);
      }
      db.exec('COMMIT');
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }
}

function openConnection(file: string): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: busyTimeout });
  // 64 MB of cache: without it the first version of a large estate spills to disk before it commits.
  // FULL: an event that was reported as kept survives a power cut. limits.md measured no price for it.
  db.exec('PRAGMA synchronous = FULL; PRAGMA cache_size = -65536');
  return db;
}

/**
 * A file on a read-only disk cannot have the shared-memory file that WAL needs. Without a log beside it the file is whole, and
 * SQLite may take it as immutable.
 */
function openForReading(file: string): DatabaseSync {
  const attempts = [
    () => openConnection(file),
    () => new DatabaseSync(file, { timeout: busyTimeout, readOnly: true }),
    ...(logBeside(file) ? [] : [() => new DatabaseSync(immutable(file), { readOnly: true })]),
  ];
  let first: unknown;
  for (const attempt of attempts) {
    let db: DatabaseSync | undefined;
    try {
      db = attempt();
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return db;
    } catch (error) {
      db?.close();
      first ??= error;
    }
  }
  throw first;
}

function immutable(file: string): URL {
  const url = pathToFileURL(file);
  url.search = '?immutable=1';
  return url;
}

function logBeside(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function createFile(file: string): void {
  if (existsSync(file)) return;
  try {
    makeFolder(dirname(file));
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw fileTrouble(error, file);
  }
}

/** Switching to WAL does not wait for others by itself: SQLite answers busy at once where waiting could deadlock. */
function untilFree(work: () => void): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let attempt = 0; ; attempt += 1) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === 300) throw error;
      Atomics.wait(pause, 0, 0, 10 + (attempt % 7));
    }
  }
}

function markNumber(mark: string): number {
  return Buffer.from(mark, 'latin1').readInt32BE(0);
}

function numberAt(row: unknown, name: string): number {
  const value = row !== null && typeof row === 'object' ? (row as Record<string, unknown>)[name] : undefined;
  return typeof value === 'number' ? value : 0;
}
