import type { LedgerEvent } from '../../../model/event.ts';
import { json, rows, text } from '../../sqlite/cells.ts';
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
    .sql(`SELECT body, action, subject FROM event ${filter} ORDER BY seq ${backwards ? 'DESC' : 'ASC'} LIMIT ?`)
    .all(...values, limit);
  // The body is what was hashed, hash included. One that is found under another name than its own holds no more.
  return rows(answer).map((row) => {
    const event = json(row, 0) as LedgerEvent;
    return event.action === text(row, 1) && event.subject === text(row, 2) ? event : { ...event, hash: '' };
  });
}
