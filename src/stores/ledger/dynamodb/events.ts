import { canonicalJson } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { LedgerEvent } from '../../../model/event.ts';
import type { EventQuery } from '../port.ts';
import { unpackText } from './body.ts';
import { markerPartition, mayHold } from './markers.ts';
import { getItem, type Item, padded, partition, queryItems, type Table } from './table.ts';

/** One page of events; reads the items that hold them and no others. */
export async function readEvents(table: Table, query: EventQuery): Promise<readonly LedgerEvent[]> {
  const found: LedgerEvent[] = [];
  for await (const events of batches(table, query)) {
    for (const event of query.backwards === true ? events.toReversed() : events) {
      if (isWanted(event, query)) found.push(event);
      if (found.length >= query.limit) return found;
    }
  }
  return found;
}

/** Items of events are sorted by the number of their last event, and so are their markers. */
async function* batches(table: Table, query: EventQuery): AsyncGenerator<readonly LedgerEvent[]> {
  const events = partition(table, 'events');
  const marked = markerPartition(table, query);
  const pk = marked ?? events;
  for await (const item of inRange(table, pk, query)) {
    if (!mayHold(item, query)) continue;
    const whole = marked === undefined ? item : await getItem(table, events, String(item['sk']));
    // A marker of an append that lost its race may point at nothing.
    if (whole !== undefined) yield eventsIn(await unpackText(table, whole), String(item['sk']), query.exact === true);
  }
}

/** @throws KARMA_DATA_CORRUPT when the text holds no events */
function eventsIn(text: string, last: string, exact: boolean): readonly LedgerEvent[] {
  let events: readonly unknown[] | undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) events = value;
  } catch {
    // Told below.
  }
  const isEvent = (one: unknown): boolean =>
    one !== null && typeof one === 'object' && 'seq' in one && 'details' in one;
  if (events?.every(isEvent) !== true)
    throw new KarmaError('KARMA_DATA_CORRUPT', `what ends with event ${Number(last)} holds no events`, {
      hint: 'run: karma log verify',
    });
  const found = events as readonly LedgerEvent[];
  // A key that stands twice reads as its last one here, and as its first one elsewhere.
  return exact && canonicalJson(found) !== text ? found.map((event) => ({ ...event, hash: '' })) : found;
}

async function* inRange(
  table: Table,
  pk: string,
  { after, backwards = false, limit, action, subject }: EventQuery,
): AsyncGenerator<Item> {
  // Of markers of a subject some lead to no action that is asked for.
  const page = action !== undefined && subject !== undefined ? 100 : Math.min(Math.max(limit, 1), 100);
  if (!backwards) {
    yield* queryItems(table, { pk, range: 'sk > :sk', sk: padded(after ?? 0) }, page);
    return;
  }
  const from = after ?? Number.MAX_SAFE_INTEGER;
  if (after !== undefined) {
    // The item that holds `from` itself may hold earlier events too.
    for await (const item of queryItems(table, { pk, range: 'sk >= :sk', sk: padded(from) }, 1)) {
      yield item;
      break;
    }
  }
  yield* queryItems(table, { pk, range: 'sk < :sk', sk: padded(from), backwards: true }, page);
}

function isWanted(event: LedgerEvent, { after, backwards = false, action, subject }: EventQuery): boolean {
  if (after !== undefined && (backwards ? event.seq >= after : event.seq <= after)) return false;
  if (subject !== undefined && event.subject !== subject) return false;
  if (action === undefined) return true;
  return action.endsWith('.') ? event.action.startsWith(action) : event.action === action;
}
