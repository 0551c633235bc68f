import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, type DatabaseSchema } from './database.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { sqliteTrouble } from './trouble.ts';

const schema: DatabaseSchema = { mark: 'Test', version: 2, create: 'CREATE TABLE t (n INTEGER) STRICT;' };
const insert = (db: Database) => db.write((at) => at.sql('INSERT INTO t VALUES (?)').run(1));
const count = (db: Database) => db.read((at) => at.sql('SELECT count(*) FROM t').get(), undefined);

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('a database file', () => {
  it('is not made by asking', () => {
    const db = new Database(folder.file('data/a.db'), schema);
    expect(db.read(() => 'read', 'empty')).toBe('empty');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is made by the first write, for its owner alone', () => {
    const db = new Database(folder.file('data/a.db'), schema);
    insert(db);
    expect(statSync(folder.file('data/a.db')).mode & 0o777).toBe(0o600);
    expect(statSync(folder.file('data')).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder.file('data'))) {
      expect(statSync(folder.file(`data/${name}`)).mode & 0o077, name).toBe(0);
    }
    expect(count(db)).toEqual([1]);
  });

  it('is seen by a handle that read before it was there', () => {
    const early = new Database(folder.file('a.db'), schema);
    expect(count(early)).toBeUndefined();
    insert(new Database(folder.file('a.db'), schema));
    expect(count(early)).toEqual([1]);
  });

  it('has a log from its first write on, whoever reads meanwhile', () => {
    const [db, other] = [new Database(folder.file('a.db'), schema), new Database(folder.file('a.db'), schema)];
    const modeOf = () => db.read((at) => at.sql('PRAGMA journal_mode').get(), undefined);
    db.write((at) => {
      at.sql('INSERT INTO t VALUES (?)').run(7);
      // Nothing of it is seen before it is whole.
      expect(count(other)).toEqual([0]);
    });
    expect(modeOf()).toEqual(['wal']);
    expect(count(other)).toEqual([1]);
    insert(other);
    expect(count(db)).toEqual([2]);
  });

  it('gets its log by the next write where a killed process left none', () => {
    insert(new Database(folder.file('a.db'), schema));
    const left = new DatabaseSync(folder.file('a.db'));
    left.exec('PRAGMA journal_mode = DELETE');
    left.close();
    const next = new Database(folder.file('a.db'), schema);
    insert(next);
    expect(next.read((at) => at.sql('PRAGMA journal_mode').get(), undefined)).toEqual(['wal']);
    expect(count(next)).toEqual([2]);
  });

  it('of no bytes reads as empty and is filled by a write', () => {
    writeFileSync(folder.file('a.db'), '');
    const db = new Database(folder.file('a.db'), schema);
    expect(count(db)).toBeUndefined();
    insert(db);
    expect(count(db)).toEqual([1]);
  });

  it('keeps nothing of a write that throws', () => {
    const db = new Database(folder.file('a.db'), schema);
    insert(db);
    const broken = () =>
      db.write((at) => {
        at.sql('INSERT INTO t VALUES (?)').run(2);
        throw new Error('half way');
      });
    expect(broken).toThrow('half way');
    expect(count(db)).toEqual([1]);
  });

  it('survives a disk that cannot be written, when it is only read', () => {
    const db = new Database(folder.file('a.db'), schema);
    insert(db);
    db.close();
    // As on a read-only disk: nothing can be made beside it, because what would be made is a folder already.
    mkdirSync(folder.file('a.db-shm'));
    expect(count(new Database(folder.file('a.db'), schema))).toEqual([1]);
  });
});

describe('trouble with a database file', () => {
  const cases: readonly (readonly [string, (file: string) => void, string])[] = [
    [
      'of a newer schema',
      (file) => {
        new Database(file, { ...schema, version: 3 }).write(() => undefined);
      },
      'KARMA_DATA_NEWER',
    ],
    ['that is no database', (file) => writeFileSync(file, 'hello '.repeat(200)), 'KARMA_DATA_CORRUPT'],
    [
      'of another store',
      (file) => new Database(file, { ...schema, mark: 'Othr' }).write(() => undefined),
      'KARMA_DATA_CORRUPT',
    ],
    ['of another program', (file) => new DatabaseSync(file).exec('CREATE TABLE x (y)'), 'KARMA_DATA_CORRUPT'],
  ];
  for (const [title, make, code] of cases) {
    it(`${title} is ${code}, reading and writing, and it is left alone`, () => {
      const file = folder.file('a.db');
      make(file);
      const before = readFileSync(file);
      expect(() => count(new Database(file, schema))).toThrow(expect.objectContaining({ code }));
      expect(() => insert(new Database(file, schema))).toThrow(expect.objectContaining({ code }));
      expect(readFileSync(file).equals(before)).toBe(true);
    });
  }

  it('damaged in the middle is KARMA_DATA_CORRUPT', () => {
    const file = folder.file('a.db');
    const db = new Database(file, schema);
    db.write((at) => {
      for (let n = 0; n < 5000; n += 1) at.sql('INSERT INTO t VALUES (?)').run(n);
    });
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 4096, bytes.length);
    writeFileSync(file, bytes);
    expect(() => count(new Database(file, schema))).toThrow(expect.objectContaining({ code: 'KARMA_DATA_CORRUPT' }));
  });

  it('whose folder cannot be made is KARMA_DATA_UNWRITABLE', () => {
    writeFileSync(folder.file('file'), '');
    const db = new Database(folder.file('file/a.db'), schema);
    expect(() => insert(db)).toThrow(expect.objectContaining({ code: 'KARMA_DATA_UNWRITABLE' }));
    expect(existsSync(folder.file('file/a.db'))).toBe(false);
  });

  it('on a full disk is KARMA_DATA_UNWRITABLE, and what was there stays', () => {
    const db = new Database(folder.file('a.db'), schema);
    insert(db);
    db.read((at) => at.exec('PRAGMA max_page_count = 3'), undefined);
    const fill = () =>
      db.write((at) => {
        for (let n = 0; n < 20_000; n += 1) at.sql('INSERT INTO t VALUES (?)').run(n);
      });
    expect(fill).toThrow(expect.objectContaining({ code: 'KARMA_DATA_UNWRITABLE' }));
    expect(count(db)).toEqual([1]);
  });

  it('that others hold too long is KARMA_CONFLICT', () => {
    const file = folder.file('a.db');
    insert(new Database(file, schema));
    new DatabaseSync(file).exec('BEGIN IMMEDIATE');
    const impatient = new DatabaseSync(file, { timeout: 0 });
    try {
      impatient.exec('BEGIN IMMEDIATE');
      expect.unreachable('the file is held');
    } catch (error) {
      expect(sqliteTrouble(error, file)).toMatchObject({ code: 'KARMA_CONFLICT' });
    }
  });

  it('passes other errors through', () => {
    const error = new Error('mine');
    expect(sqliteTrouble(error, 'a.db')).toBe(error);
  });
});
