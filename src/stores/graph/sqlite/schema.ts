import type { DatabaseSchema } from '../../sqlite/database.ts';

/**
 * Intervals in two tables: what is visible at the head, and what was. So loading the head reads no history, and closing a row
 * moves it. Clustered by name: a load comes out in order.
 */
export const graphSchema: DatabaseSchema = {
  mark: 'KrmG',
  version: 1,
  pageSize: 8192,
  create: `
    CREATE TABLE version (number INTEGER PRIMARY KEY, hash TEXT NOT NULL) STRICT;
    CREATE TABLE live (
      tbl TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL,
      value TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (tbl, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE past (
      tbl TEXT NOT NULL, key TEXT NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL,
      value TEXT NOT NULL, note TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (tbl, key, since)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX past_until ON past (until);
  `,
};
