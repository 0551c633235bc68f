import { canonicalJson, sha256 } from '../../model/digest.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { EventDraft, LedgerEvent } from '../../model/event.ts';
import type { Ledger, LedgerHead } from './port.ts';

/**
 * The hash chain: each event's hash covers the hash before it and the event itself, so that whoever edits, drops, reorders or
 * cuts off events must rewrite everything after. Pure; every adapter chains with the same functions.
 */
export const emptyHead: LedgerHead = { seq: 0, hash: '0'.repeat(64) };

/** The hash of an event: SHA-256 over `previous` and the canonical JSON of the event without `hash`. */
export function eventHash({ hash: _, ...rest }: LedgerEvent | (Omit<LedgerEvent, 'hash'> & { hash?: string })): string {
  return sha256(`${rest.previous}\n${canonicalJson(rest)}`);
}

/**
 * The draft as it will be read back: members without value are gone, and text is whole. What canonical JSON cannot carry is
 * refused here, before anything is written.
 * @throws KARMA_INPUT_INVALID
 */
export function normalDraft(draft: EventDraft): EventDraft {
  const text = canonicalJson(draft);
  if (
    !draft.action.isWellFormed() ||
    !draft.subject.isWellFormed() ||
    /\\ud[89a-f]/.test(text.replaceAll('\\\\', ''))
  ) {
    throw new KarmaError('KARMA_INPUT_INVALID', `event ${draft.action} holds half a character (a lone surrogate)`, {
      hint: 'give whole Unicode text',
    });
  }
  return JSON.parse(text) as EventDraft;
}

/** Chains drafts behind a head, in order. */
export function chain(head: LedgerHead, drafts: readonly EventDraft[]): readonly LedgerEvent[] {
  const events: LedgerEvent[] = [];
  let { seq, hash: previous } = head;
  for (const draft of drafts) {
    seq += 1;
    const open = { ...normalDraft(draft), seq, id: `e${seq}`, previous };
    const event = { ...open, hash: eventHash(open) };
    events.push(event);
    previous = event.hash;
  }
  return events;
}

export type ChainFault = 'edited' | 'dropped' | 'reordered' | 'truncated';

/** The first event that is not what was appended. */
export interface ChainBreak {
  readonly seq: number;
  readonly fault: ChainFault;
  readonly message: string;
}

export type ChainVerdict =
  | { readonly sound: true; readonly head: LedgerHead }
  | { readonly sound: false; readonly break: ChainBreak };

/**
 * Verifies one page of events that must follow `from`; feed the head it answers to the next page. O(events).
 * Truncation shows only at the end, against a head kept elsewhere: see {@link verifyEnd}.
 */
export function verifyChain(events: readonly LedgerEvent[], from: LedgerHead = emptyHead): ChainVerdict {
  let head = from;
  for (const [index, event] of events.entries()) {
    const fault = faultOf(event, head, events.slice(index + 1, index + 1000));
    if (fault !== undefined) return { sound: false, break: fault };
    head = { seq: event.seq, hash: event.hash };
  }
  return { sound: true, head };
}

function faultOf(event: LedgerEvent, head: LedgerHead, later: readonly LedgerEvent[]): ChainBreak | undefined {
  const seq = head.seq + 1;
  if (event.seq !== seq) {
    const moved = event.seq < seq || later.some((other) => other.seq === seq);
    return moved
      ? { seq, fault: 'reordered', message: `event ${event.seq} stands where event ${seq} belongs` }
      : { seq, fault: 'dropped', message: `event ${seq} is missing: ${event.seq} follows ${head.seq}` };
  }
  if (eventHash(event) !== event.hash || event.id !== `e${seq}`) {
    return { seq, fault: 'edited', message: `event ${seq} is not what its hash says` };
  }
  if (event.previous !== head.hash) {
    const edited = Math.max(1, seq - 1);
    return { seq: edited, fault: 'edited', message: `event ${seq} was chained to another event ${seq - 1}` };
  }
  return undefined;
}

/** Whether a chain verified up to `reached` ends where the ledger's own head says. */
export function verifyEnd(reached: LedgerHead, head: LedgerHead): ChainVerdict {
  if (reached.seq < head.seq) {
    const message = `the ledger ends at event ${reached.seq}; its head says ${head.seq}`;
    return { sound: false, break: { seq: reached.seq + 1, fault: 'truncated', message } };
  }
  if (reached.seq > head.seq || reached.hash !== head.hash) {
    const message = `event ${head.seq} is not the one the head remembers`;
    return { sound: false, break: { seq: Math.max(1, head.seq), fault: 'edited', message } };
  }
  return { sound: true, head };
}

/**
 * Verifies a whole ledger page by page, up to the head it had when asked.
 * @param onEvents hears every page that holds, for what rests on events
 */
export async function verifyLedger(
  ledger: Pick<Ledger, 'head' | 'read'>,
  page = 1000,
  onEvents: (events: readonly LedgerEvent[]) => void | Promise<void> = () => undefined,
): Promise<ChainVerdict> {
  const end = await ledger.head();
  let reached = emptyHead;
  while (reached.seq < end.seq) {
    const limit = Math.min(page, end.seq - reached.seq);
    const events = await readable(ledger, reached.seq, limit);
    if (events === undefined) {
      const seq = reached.seq + 1;
      return { sound: false, break: { seq, fault: 'edited', message: `event ${seq} cannot be read` } };
    }
    if (events.length === 0) break;
    const verdict = verifyChain(events, reached);
    if (!verdict.sound) return verdict;
    await onEvents(events);
    reached = verdict.head;
  }
  const verdict = verifyEnd(reached, end);
  return verdict.sound ? nothingBehind(ledger, verdict) : verdict;
}

/** What can be read of a page, up to the first event that cannot be; undefined when that is the very first. */
async function readable(
  ledger: Pick<Ledger, 'read'>,
  after: number,
  limit: number,
): Promise<readonly LedgerEvent[] | undefined> {
  try {
    return await ledger.read({ after, limit, exact: true });
  } catch (error) {
    if (!isKarmaError(error) || error.code !== 'KARMA_DATA_CORRUPT') throw error;
    return limit === 1 ? undefined : readable(ledger, after, Math.ceil(limit / 2));
  }
}

/** An event that stands behind the head was never appended; one that was moved the head along. */
async function nothingBehind(
  ledger: Pick<Ledger, 'head' | 'read'>,
  verdict: { readonly sound: true; readonly head: LedgerHead },
): Promise<ChainVerdict> {
  const { seq } = verdict.head;
  const [behind] = await ledger.read({ after: seq, limit: 1 });
  if (behind === undefined || (await ledger.head()).seq !== seq) return verdict;
  const message = `something stands behind event ${seq}, the last that was appended`;
  return { sound: false, break: { seq: seq + 1, fault: 'edited', message } };
}
