import { leaseLost } from '../../ledger/binding.ts';
import { evictStopped } from '../../ledger/liveness.ts';
import type { HeldFence } from '../../ledger/port.ts';
import { cells, number } from '../../sqlite/cells.ts';
import type { Database } from '../../sqlite/database.ts';

/**
 * The newest fence of each lease, kept in the file that is written under it: a check in the very transaction of the write leaves no
 * moment in which somebody who was taken over could still land one.
 */
const table = 'CREATE TABLE IF NOT EXISTS fence (lease TEXT PRIMARY KEY, fence INTEGER NOT NULL) STRICT, WITHOUT ROWID';

/** Said by whoever took a lease, before anything else is done under it. */
export function raiseFences(db: Database, held: readonly HeldFence[]): void {
  for (const { from } of held) if (from !== undefined && db.isLocked()) evictStopped(from, db.file);
  db.write((at) => {
    for (const one of held) raise(at, one);
  });
}

/** @throws KARMA_LEASE_LOST */
export function checkFences(db: Database, held: readonly HeldFence[]): void {
  for (const one of held) if (raise(db, one) > one.fence) throw leaseLost(one.name);
}

/** Answers the newest fence that is known. */
function raise(db: Database, { name, fence }: HeldFence): number {
  db.exec(table);
  const row = cells(
    db
      .sql(
        `INSERT INTO fence (lease, fence) VALUES (?, ?)
         ON CONFLICT (lease) DO UPDATE SET fence = max(fence, excluded.fence) RETURNING fence`,
      )
      .get(name, fence),
  );
  return number(row ?? [], 0);
}
