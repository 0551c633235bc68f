import { canonicalJson } from '../../../model/digest.ts';
import { KarmaError } from '../../../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../../../model/event.ts';
import { backoff, type Pacing } from '../../aws/pacing.ts';
import { isNamed } from '../../aws/trouble.ts';
import { bindTogether, leaseLost } from '../binding.ts';
import { chain, emptyHead, normalDraft } from '../chain.ts';
import type { AppendTogether, CounterMove, LedgerHead } from '../port.ts';
import { packText } from './body.ts';
import { documentPut } from './documents.ts';
import { leaseCheck } from './leases.ts';
import { markersOf } from './markers.ts';
import { getItem, type Item, onTable, padded, partition, type Table } from './table.ts';

/** The one item that every append moves: the chain's end and the counters. `revision` is what the condition compares. */
export interface HeadItem {
  readonly revision: number;
  readonly head: LedgerHead;
  readonly counters: Readonly<Record<string, number>>;
  /** Which append made it. */
  readonly nonce: string;
}

const emptyItem: HeadItem = { revision: 0, head: emptyHead, counters: {}, nonce: '' };

export async function readHeadItem(table: Table): Promise<HeadItem> {
  const item = await getItem(table, partition(table, 'head'), 'head');
  if (item === undefined) return emptyItem;
  const { revision, seq, hash, counters, nonce } = item;
  return {
    revision: Number(revision),
    head: { seq: Number(seq), hash: String(hash) },
    counters: (counters ?? {}) as Readonly<Record<string, number>>,
    nonce: String(nonce),
  };
}

export interface Appender {
  readonly table: Table;
  readonly pacing: Pacing;
  readonly newNonce: () => string;
  /** The head as this process last saw it: mostly still right, which saves a read. */
  remembered: HeadItem | undefined;
}

const turns = 200;

/**
 * One append, one transaction: the events as one item, the head moved on condition, and markers for filtered reads. Whoever
 * loses reads the head and chains anew.
 */
export async function append(
  appender: Appender,
  drafts: readonly EventDraft[],
  expect: CounterMove | undefined,
  together: AppendTogether = {},
): Promise<readonly LedgerEvent[] | false> {
  const bound = bindTogether(drafts, expect, together);
  for (const draft of bound) normalDraft(draft);
  if (drafts.length === 0 && expect === undefined) return [];
  for (let turn = 1; turn <= turns; turn += 1) {
    const fresh = appender.remembered === undefined;
    const before = appender.remembered ?? (await readHeadItem(appender.table));
    if (expect !== undefined && (before.counters[expect.counter] ?? 0) !== expect.from) {
      // What was remembered may be old: only a fresh look may refuse.
      appender.remembered = undefined;
      if (fresh) return false;
      continue;
    }
    const nonce = appender.newNonce();
    const events = chain(before.head, bound);
    const after = moved(before, events, expect, nonce);
    const outcome = await commit(appender, before, after, events, together);
    if (outcome === 'done') {
      appender.remembered = after;
      return events;
    }
    if (outcome === 'document written by others') return false;
    appender.remembered = undefined;
    if (turn > 1) await backoff(turn, appender.pacing, { base: 20, most: 1_000 });
  }
  throw new KarmaError('KARMA_CONFLICT', 'the ledger is being written by too many at once', { hint: 'try again' });
}

function moved(
  before: HeadItem,
  events: readonly LedgerEvent[],
  expect: CounterMove | undefined,
  nonce: string,
): HeadItem {
  const last = events.at(-1);
  return {
    revision: before.revision + 1,
    head: last === undefined ? before.head : { seq: last.seq, hash: last.hash },
    counters: expect === undefined ? before.counters : { ...before.counters, [expect.counter]: expect.to },
    nonce,
  };
}

/** @throws KARMA_LEASE_LOST */
async function commit(
  appender: Appender,
  before: HeadItem,
  after: HeadItem,
  events: readonly LedgerEvent[],
  { documents = [], leases = [] }: AppendTogether,
): Promise<'done' | 'head moved' | 'document written by others'> {
  const { table } = appender;
  const { head, ...rest } = after;
  const items: Item[] = [];
  const markers = markersOf(table, events);
  if (events.length > 0) {
    const content = await packText(table, canonicalJson(events));
    items.push({
      pk: partition(table, 'events'),
      sk: padded(head.seq),
      first: head.seq - events.length + 1,
      ...content,
    });
  }
  // What does not fit the transaction goes before it: a marker that points nowhere is passed over.
  const room = Math.max(0, inTransaction - documents.length - leases.length);
  const beside = markers.slice(0, room);
  await putMarkers(appender, markers.slice(room));
  const writes: Transaction = [];
  for (const one of documents) writes.push({ Put: await documentPut(table, one, after.nonce) });
  const put = (item: Item) => ({ Put: { TableName: table.name, Item: { ...item } } });
  const headItem = { pk: partition(table, 'head'), sk: 'head', ...head, ...rest };
  const condition =
    before.revision === 0
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'revision = :revision', ExpressionAttributeValues: { ':revision': before.revision } };
  const write = new table.commands.TransactWriteCommand({
    TransactItems: [
      { Put: { TableName: table.name, Item: headItem, ...condition } },
      ...leases.map((one) => ({ ConditionCheck: leaseCheck(table, one) })),
      ...writes,
      ...[...items, ...beside].map(put),
    ],
  });
  try {
    await onTable(table, () => table.client.send(write));
    return 'done';
  } catch (error) {
    if (!isNamed(error, 'TransactionCanceledException')) throw error;
    // The first try may have won with its answer lost: then the head is the one this append made.
    if ((await readHeadItem(table)).nonce === after.nonce) return 'done';
    const failed = failedConditions(error);
    const lost = leases.find((_, at) => failed.has(1 + at));
    if (lost !== undefined) throw leaseLost(lost.name);
    return documents.some((_, at) => failed.has(1 + leases.length + at)) ? 'document written by others' : 'head moved';
  }
}

type Transaction = NonNullable<ConstructorParameters<Table['commands']['TransactWriteCommand']>[0]['TransactItems']>;

/** Places in the transaction whose condition did not hold. */
function failedConditions(error: unknown): ReadonlySet<number> {
  const reasons = error instanceof Error && 'CancellationReasons' in error ? error.CancellationReasons : undefined;
  const all = Array.isArray(reasons) ? (reasons as readonly ({ readonly Code?: string } | undefined)[]) : [];
  return new Set(all.flatMap((one, at) => (one?.Code === 'ConditionalCheckFailed' ? [at] : [])));
}

/** A transaction takes 100 items; the head and the events are two of them. */
const inTransaction = 90;

async function putMarkers({ table, pacing }: Appender, markers: readonly Item[]): Promise<void> {
  for (let at = 0; at < markers.length; at += 25) {
    let left = markers.slice(at, at + 25).map((item) => ({ PutRequest: { Item: { ...item } } }));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > 1) await backoff(attempt, pacing);
      const write = new table.commands.BatchWriteCommand({ RequestItems: { [table.name]: left } });
      const { UnprocessedItems } = await onTable(table, () => table.client.send(write));
      left = (UnprocessedItems?.[table.name] ?? []) as typeof left;
    }
  }
}
