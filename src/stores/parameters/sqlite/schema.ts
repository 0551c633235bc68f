import type { DatabaseSchema } from '../../sqlite/database.ts';

/** The newest version of each parameter, and the older ones apart: a scan reads no history. */
export const parametersSchema: DatabaseSchema = {
  mark: 'KrmP',
  version: 1,
  create: `
    CREATE TABLE newest (
      binding TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, value TEXT,
      digest TEXT NOT NULL, modified_at TEXT NOT NULL, modified_by TEXT NOT NULL, labels TEXT NOT NULL,
      PRIMARY KEY (binding, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE older (
      binding TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, type TEXT NOT NULL, value TEXT,
      digest TEXT NOT NULL, modified_at TEXT NOT NULL, modified_by TEXT NOT NULL, labels TEXT NOT NULL,
      PRIMARY KEY (binding, name, version)
    ) STRICT, WITHOUT ROWID;
  `,
};
