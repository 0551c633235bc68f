import { canonicalJson, sha256 } from '../../../model/digest.ts';
import type { EventDraft, LedgerEvent } from '../../../model/event.ts';
import { bytes, cells, exactJson, json, number, rows, text } from '../../sqlite/cells.ts';
import { Database } from '../../sqlite/database.ts';
import { bindTogether, checkedBody, leaseLost } from '../binding.ts';
import { chain, emptyHead } from '../chain.ts';
import { type HostProcesses, thisHost } from '../liveness.ts';
import { packObject, unpackObject } from '../packing.ts';
import type {
  AppendTogether,
  CounterMove,
  DocumentsQuery,
  EventQuery,
  Ledger,
  LedgerHead,
  StoredDocument,
} from '../port.ts';
import { readEvents } from './events.ts';
import { isHeld, sqliteLeases } from './leases.ts';
import { ledgerSchema } from './schema.ts';

export interface SqliteLedgerOptions {
  /** The file, by custom `ledger.db`: one of its own, so that the graph beside it can be thrown away and made again. */
  readonly file: string;
  readonly processes?: HostProcesses;
}

/** The ledger in one SQLite file. Every append is one `BEGIN IMMEDIATE` transaction: writers queue, none is lost. */
export function openSqliteLedger({ file, processes = thisHost() }: SqliteLedgerOptions): Ledger {
  const db = new Database(file, ledgerSchema);
  return {
    head: async () => db.look(readHead, emptyHead),
    append: async (drafts, expect, together) => append(db, drafts, expect, together),
    counter: async (name) => db.read((at) => readCounter(at, name), 0),
    read: async (query: EventQuery) => db.read((at) => readEvents(at, query), []),
    putObject: async (content) => putObject(db, content),
    getObject: async (digest) => db.read((at) => readObject(at, digest), undefined),
    getDocument: async (kind, id) => db.read((at) => readDocument(at, kind, id), undefined),
    putDocument: async (kind, id, body, revision) => db.write((at) => putDocument(at, kind, id, body, revision)),
    listDocuments: async (kind, query) => db.read((at) => listDocuments(at, kind, query), []),
    leases: sqliteLeases(db, processes),
    close: async () => db.close(),
  };
}

function append(
  db: Database,
  drafts: readonly EventDraft[],
  expect: CounterMove | undefined,
  together: AppendTogether | undefined,
): readonly LedgerEvent[] | false {
  const bound = bindTogether(drafts, expect, together);
  if (drafts.length === 0 && expect === undefined) return [];
  return db.write((at) => {
    for (const { name, fence } of together?.leases ?? []) if (!isHeld(at, name, fence)) throw leaseLost(name);
    if (expect !== undefined && readCounter(at, expect.counter) !== expect.from) return false;
    const documents = together?.documents ?? [];
    if (documents.some(({ kind, id, revision }) => revisionOf(at, kind, id) !== revision)) return false;
    for (const { kind, id, body, revision } of documents) putDocument(at, kind, id, body, revision);
    const events = chain(readHead(at), bound);
    const insert = at.sql('INSERT INTO event (seq, action, subject, body) VALUES (?, ?, ?, ?)');
    for (const event of events) insert.run(event.seq, event.action, event.subject, canonicalJson(event));
    const last = events.at(-1);
    if (last !== undefined) {
      at.sql('INSERT OR REPLACE INTO head (one, seq, hash) VALUES (1, ?, ?)').run(last.seq, last.hash);
    }
    if (expect !== undefined) {
      at.sql('INSERT OR REPLACE INTO counter (name, value) VALUES (?, ?)').run(expect.counter, expect.to);
    }
    return events;
  });
}

/** The head is kept beside the events, so that a tail cut off shows. */
function readHead(db: Database): LedgerHead {
  const row = cells(db.sql('SELECT seq, hash FROM head').get());
  return row === undefined ? emptyHead : { seq: number(row, 0), hash: text(row, 1) };
}

function readCounter(db: Database, name: string): number {
  const row = cells(db.sql('SELECT value FROM counter WHERE name = ?').get(name));
  return row === undefined ? 0 : number(row, 0);
}

function putObject(db: Database, content: Uint8Array): string {
  const digest = sha256(content);
  const there = db.read((at) => at.sql('SELECT 1 FROM object WHERE digest = ?').get(digest) !== undefined, false);
  if (there) return digest;
  const packed = packObject(content);
  db.write((at) =>
    at
      .sql('INSERT OR IGNORE INTO object (digest, encoding, bytes) VALUES (?, ?, ?)')
      .run(digest, packed.encoding, packed.bytes),
  );
  return digest;
}

function readObject(db: Database, digest: string): Uint8Array | undefined {
  const row = cells(db.sql('SELECT encoding, bytes FROM object WHERE digest = ?').get(digest));
  return row === undefined ? undefined : unpackObject(digest, text(row, 0), bytes(row, 1));
}

function readDocument(db: Database, kind: string, id: string): StoredDocument | undefined {
  const row = cells(db.sql('SELECT revision, body FROM document WHERE kind = ? AND id = ?').get(kind, id));
  return row === undefined ? undefined : { id, revision: number(row, 0), body: checkedBody(kind, id, json(row, 1)) };
}

function putDocument(db: Database, kind: string, id: string, body: unknown, revision: number): boolean {
  const content = canonicalJson(body);
  const done =
    revision === 0
      ? db.sql('INSERT OR IGNORE INTO document (kind, id, revision, body) VALUES (?, ?, 1, ?)').run(kind, id, content)
      : db
          .sql('UPDATE document SET revision = revision + 1, body = ? WHERE kind = ? AND id = ? AND revision = ?')
          .run(content, kind, id, revision);
  return Number(done.changes) === 1;
}

function revisionOf(db: Database, kind: string, id: string): number {
  const row = cells(db.sql('SELECT revision FROM document WHERE kind = ? AND id = ?').get(kind, id));
  return row === undefined ? 0 : number(row, 0);
}

function listDocuments(
  db: Database,
  kind: string,
  { after = '', limit = 1000, exact = false }: DocumentsQuery = {},
): readonly StoredDocument[] {
  const answer = db
    .sql('SELECT id, revision, body FROM document WHERE kind = ? AND id > ? ORDER BY id LIMIT ?')
    .all(kind, after, limit);
  return rows(answer).map((row) => {
    const id = text(row, 0);
    return { id, revision: number(row, 1), body: exact ? exactJson(row, 2) : checkedBody(kind, id, json(row, 2)) };
  });
}
