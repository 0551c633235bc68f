import { canonicalJson } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { LedgerEvent } from '../../../model/event.ts';
import { type Cells, json, rows, text } from '../../sqlite/cells.ts';
import type { Database } from '../../sqlite/database.ts';
import type { EventQuery } from '../port.ts';

/** One page of events. Without a filter this walks the primary key; with one, an index: never the whole ledger. */
export function readEvents(db: Database, query: EventQuery): readonly LedgerEvent[] {
  const { after, limit, backwards = false, action, subject } = query;
  const where: string[] = [];
  const values: (string | number)[] = [];
  const need = (condition: string, ...given: (string | number)[]) => {
    where.push(condition);
    values.push(...given);
  };
  if (after !== undefined) need(backwards ? 'seq < ?' : 'seq > ?', after);
  if (action?.endsWith('.')) need('action >= ? AND action < ?', action, `${action.slice(0, -1)}/`);
  else if (action !== undefined) need('action = ?', action);
  if (subject !== undefined) need('subject = ?', subject);
  const filter = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
  const answer = db
    .sql(`SELECT body, action, subject, seq FROM event ${filter} ORDER BY seq ${backwards ? 'DESC' : 'ASC'} LIMIT ?`)
    .all(...values, limit);
  // The body is what was hashed, hash included. One that is found under another name than its own holds no more.
  return rows(answer).map((row) => {
    const event = eventIn(row);
    const same = event.action === text(row, 1) && event.subject === text(row, 2);
    // A key that stands twice reads as its last one here, and as its first one elsewhere.
    const isExact = query.exact !== true || canonicalJson(event) === text(row, 0);
    return same && isExact ? event : { ...event, hash: '' };
  });
}

function eventIn(row: Cells): LedgerEvent {
  const value = json(row, 0);
  if (value !== null && typeof value === 'object' && 'seq' in value && 'details' in value) return value as LedgerEvent;
  throw new KarmaError('KARMA_DATA_CORRUPT', `event ${String(row[3])} holds no event`, {
    hint: 'run: karma log verify',
  });
}
