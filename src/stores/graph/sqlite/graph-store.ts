import { isKarmaError, KarmaError } from '../../../model/errors.ts';
import { byRowName, type Delta, deltaBetween, type Row, type RowTable, rowId } from '../../../model/rows.ts';
import { type Cells, cells, number, rows, text } from '../../sqlite/cells.ts';
import { Database } from '../../sqlite/database.ts';
import { checkDelta, noSuchVersion } from '../check-delta.ts';
import type { GraphStore, RowInterval } from '../port.ts';
import { applyDelta } from './apply.ts';
import { graphSchema } from './schema.ts';

/**
 * The graph store in one SQLite file, by custom `graph.db`: a file of its own, because it is a projection that may be deleted
 * at any time, and so that projecting never makes the ledger's writers wait.
 */
export function openSqliteGraphStore({ file }: { readonly file: string }): GraphStore {
  const db = new Database(file, graphSchema);
  return {
    head: async () => db.read((at) => span(at).head, 0),
    apply: async (version, delta, hash) => apply(db, version, delta, hash),
    load: async (version) => {
      const answer = db.read((at) => held(at, version) && visible(at, version), undefined);
      if (answer === undefined && version !== 0) throw noSuchVersion(version, 0, 0);
      return answer || [];
    },
    hash: async (version) => db.read((at) => hashOf(at, version), undefined),
    history: async (table, key) => db.read((at) => history(at, table, key), []),
    between: async (from, to) => between(db, from, to),
    forgetBefore: async (version) => {
      db.write((at) => forgetBefore(at, version));
    },
    clear: async () => clear(db),
    close: async () => db.close(),
  };
}

/** A damaged file cannot be emptied, but a projection may be thrown away. */
function clear(db: Database): void {
  const empty = () => db.write((at) => at.exec('DELETE FROM live; DELETE FROM past; DELETE FROM version;'));
  try {
    empty();
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_DATA_CORRUPT') throw error;
    db.discard();
    empty();
  }
}

async function apply(db: Database, version: number, delta: Delta, hash: string) {
  checkDelta(delta);
  return db.write((at) => {
    const { head } = span(at);
    if (head >= version) return 'already';
    if (head < version - 1) return 'behind';
    applyDelta(at, version, delta);
    at.sql('INSERT INTO version (number, hash) VALUES (?, ?)').run(version, hash);
    return 'applied';
  });
}

/** The versions held: all from `first` to `head`; both 0 for an empty store. */
function span(db: Database): { readonly first: number; readonly head: number } {
  const row = cells(db.sql('SELECT coalesce(min(number), 0), coalesce(max(number), 0) FROM version').get()) ?? [];
  return { first: number(row, 0), head: number(row, 1) };
}

/** Version 0 is the empty graph and always there. @throws KARMA_NO_SUCH_VERSION */
function held(db: Database, version: number): true {
  const { first, head } = span(db);
  if (version !== 0 && (version < first || version > head)) throw noSuchVersion(version, first, head);
  return true;
}

function visible(db: Database, version: number): readonly Row[] {
  const live = db.sql('SELECT tbl, key, value, note, digest FROM live WHERE since <= ? ORDER BY tbl, key').all(version);
  const past = db
    .sql('SELECT tbl, key, value, note, digest FROM past WHERE until > ? AND since <= ?')
    .all(version, version);
  // SQLite orders by UTF-8 bytes, which differs from code units beyond U+D800; on rows in order the sort is linear.
  return [...rows(live), ...rows(past)].map(toRow).sort(byRowName);
}

function hashOf(db: Database, version: number): string | undefined {
  const row = cells(db.sql('SELECT hash FROM version WHERE number = ?').get(version));
  return row === undefined ? undefined : text(row, 0);
}

function history(db: Database, table: RowTable, key: string): readonly RowInterval[] {
  const answer = db
    .sql(
      `SELECT tbl, key, value, note, digest, since, until FROM past WHERE tbl = ?1 AND key = ?2
       UNION ALL SELECT tbl, key, value, note, digest, since, NULL FROM live WHERE tbl = ?1 AND key = ?2 ORDER BY since`,
    )
    .all(table, key);
  return rows(answer).map((row) => ({
    from: number(row, 5),
    to: row[6] === null ? undefined : number(row, 6),
    row: toRow(row),
  }));
}

function between(db: Database, from: number, to: number): Delta {
  if (from > to) throw new KarmaError('KARMA_INPUT_INVALID', `v${from} does not come before v${to}`);
  const answer = db.read((at) => held(at, from) && held(at, to) && changed(at, from, to), undefined);
  if (answer === undefined && to !== 0) throw noSuchVersion(from === 0 ? to : from, 0, 0);
  return answer || { put: [], remove: [] };
}

/** Only rows whose interval begins or ends in (from, to] can differ. */
function changed(db: Database, from: number, to: number): Delta {
  const columns = 'tbl, key, value, note, digest';
  const before = db.sql(`SELECT ${columns} FROM past WHERE until > ?1 AND until <= ?2 AND since <= ?1`).all(from, to);
  const after = db
    .sql(
      `SELECT ${columns} FROM live WHERE since > ?1 AND since <= ?2
       UNION ALL SELECT ${columns} FROM past WHERE until > ?2 AND since > ?1 AND since <= ?2`,
    )
    .all(from, to);
  return deltaBetween(byName(rows(before)), byName(rows(after)));
}

/** The head itself is always kept. */
function forgetBefore(db: Database, version: number): void {
  const floor = Math.min(version, span(db).head);
  db.sql('DELETE FROM past WHERE until <= ?').run(floor);
  db.sql('DELETE FROM version WHERE number < ?').run(floor);
}

function toRow(row: Cells): Row {
  return {
    table: text(row, 0) as RowTable,
    key: text(row, 1),
    value: text(row, 2),
    note: text(row, 3),
    digest: text(row, 4),
  };
}

function byName(found: readonly Cells[]): ReadonlyMap<string, Row> {
  return new Map(found.map(toRow).map((row) => [rowId(row), row]));
}
