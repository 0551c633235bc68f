import { canonicalJson } from '../../../model/digest.ts';
import { cells, json, number } from '../../sqlite/cells.ts';
import type { Database } from '../../sqlite/database.ts';
import { evictStopped, type HostProcesses, isKnownDead } from '../liveness.ts';
import type { Lease, LeaseHolder, LeaseState, Leases } from '../port.ts';

/** Leases as rows that are never deleted, so that the fence only grows. */
export function sqliteLeases(db: Database, here: HostProcesses): Leases {
  return {
    acquire: async (name, holder, ttlMs) =>
      db.write((at) => {
        const state = look(at, name);
        const held = state?.holder !== undefined && !isKnownDead(state.holder, here);
        return held ? null : take(at, name, holder, ttlMs);
      }),
    takeOver: async (name, seen, holder, ttlMs) => {
      if (seen.holder !== undefined && db.isLocked()) evictStopped(seen.holder, db.file);
      return db.write((at) => {
        const state = look(at, name);
        const still = state?.fence === seen.fence && state.beats === seen.beats;
        if (!still) return null;
        const { holder: from } = seen;
        return { ...take(at, name, holder, ttlMs), ...(from === undefined ? {} : { from }) };
      });
    },
    heartbeat: async (lease) =>
      db.write((at) => {
        const beat = 'UPDATE lease SET beats = beats + 1 WHERE name = ? AND fence = ? AND holder IS NOT NULL';
        return Number(at.sql(beat).run(lease.name, lease.fence).changes) === 1;
      }),
    release: async (lease) => {
      db.write((at) =>
        at.sql('UPDATE lease SET holder = NULL WHERE name = ? AND fence = ?').run(lease.name, lease.fence),
      );
    },
    look: async (name) => db.read((at) => look(at, name), undefined),
    raise: async (name, fence) => {
      const free = `INSERT INTO lease (name, fence, beats, ttl, holder) VALUES (?, ?, 0, 0, NULL)
        ON CONFLICT (name) DO UPDATE SET fence = excluded.fence, holder = NULL WHERE fence < excluded.fence`;
      db.write((at) => at.sql(free).run(name, fence));
    },
  };
}

/** Whether a lease is still with whoever took it at a fence. */
export function isHeld(db: Database, name: string, fence: number): boolean {
  const state = look(db, name);
  return state?.fence === fence && state.holder !== undefined;
}

function take(db: Database, name: string, holder: LeaseHolder, ttlMs: number): Lease {
  const row = cells(
    db
      .sql(
        `INSERT INTO lease (name, fence, beats, ttl, holder) VALUES (?, 1, 0, ?, ?)
         ON CONFLICT (name) DO UPDATE SET fence = fence + 1, beats = 0, ttl = excluded.ttl, holder = excluded.holder
         RETURNING fence`,
      )
      .get(name, ttlMs, canonicalJson(holder)),
  );
  return { name, fence: number(row ?? [], 0), holder };
}

function look(db: Database, name: string): LeaseState | undefined {
  const row = cells(db.sql('SELECT fence, beats, ttl, holder FROM lease WHERE name = ?').get(name));
  if (row === undefined) return undefined;
  const holder = row[3] === null ? undefined : (json(row, 3) as LeaseHolder);
  return { name, fence: number(row, 0), beats: number(row, 1), ttlMs: number(row, 2), holder };
}
