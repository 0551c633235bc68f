import type { DatabaseSchema } from '../../sqlite/database.ts';

export const ledgerSchema: DatabaseSchema = {
  mark: 'KrmL',
  version: 1,
  create: `
    CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL) STRICT;
    CREATE TABLE event (
      seq INTEGER PRIMARY KEY, action TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX event_by_action ON event (action, seq);
    CREATE INDEX event_by_subject ON event (subject, seq);
    CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE object (digest TEXT PRIMARY KEY, encoding TEXT NOT NULL, bytes BLOB NOT NULL) STRICT;
    CREATE TABLE document (
      kind TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE lease (
      name TEXT PRIMARY KEY, fence INTEGER NOT NULL, beats INTEGER NOT NULL, ttl INTEGER NOT NULL, holder TEXT
    ) STRICT, WITHOUT ROWID;
  `,
};
