import { count, object, text } from '../../config/shape-parts.ts';
import { KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import type { EngineContext } from '../context.ts';
import { type LedgerVerdict, verifyWhole } from '../ledger/verify.ts';
import { limit } from '../paging.ts';
import { pause } from '../wanted.ts';
import { defineVerb, mustBeFew } from './verb.ts';

/** Events, and the number of the last of them where more may follow: `before` goes on from there. */
export interface LogAnswer {
  readonly events: readonly LedgerEvent[];
  readonly next?: number;
}

export interface LogQuery {
  readonly limit: number;
  readonly action?: string;
  readonly subject?: string;
  /** Only what happened before the event of this number. */
  readonly before?: number;
}

/** Events, newest first. */
export async function listEvents(
  context: EngineContext,
  { before, ...query }: LogQuery,
): Promise<readonly LedgerEvent[]> {
  const ledger = await context.stores.ledger();
  return ledger.read({ ...query, backwards: true, ...(before === undefined ? {} : { after: before }) });
}

/** Events that hold a text anywhere, newest first. Reads backwards until enough are found. */
export async function grepEvents(
  context: EngineContext,
  text: string,
  most: number,
  before?: number,
): Promise<readonly LedgerEvent[]> {
  const ledger = await context.stores.ledger();
  const found: LedgerEvent[] = [];
  for (let after = before; found.length < most; ) {
    await pause(context);
    const page = await ledger.read({ limit: 500, backwards: true, ...(after === undefined ? {} : { after }) });
    found.push(...page.filter((event) => JSON.stringify(event).includes(text)));
    const last = page.at(-1);
    if (last === undefined || last.seq <= 1) break;
    after = last.seq;
  }
  return found.slice(0, most);
}

/** The chain, and what rests on it. */
export async function verifyLog(context: EngineContext): Promise<LedgerVerdict> {
  return verifyWhole(await context.stores.ledger(), context);
}

export const logVerb = defineVerb({
  about: 'Events of the ledger, newest first.',
  query: object('Which.', {
    limit: { ...limit, least: 0, about: 'At most so many; default 30.' },
    action: text('Of one action.'),
    subject: text('About one subject.'),
    contains: text('That hold a text anywhere.'),
    before: count('Before the event of this number: `next` of an answer goes on with it.', 1, Number.MAX_SAFE_INTEGER),
    after: count('After the event of this number, oldest first; 0: from the beginning.', 0, Number.MAX_SAFE_INTEGER),
  }),
  writes: 'nothing',
  isSmall: true,
  run: async (context, { limit: most = 30, contains, before, after, ...rest }, call): Promise<LogAnswer> => {
    // A text may stand in any event.
    mustBeFew(contains === undefined ? most : Number.POSITIVE_INFINITY, call);
    if (after !== undefined) {
      if (contains !== undefined || before !== undefined)
        throw new KarmaError('KARMA_USAGE', '`after` goes with neither `before` nor `contains`', {
          hint: 'leave `after` out: the newest come first then, and both may be asked for',
        });
      const ledger = await context.stores.ledger();
      const events = await ledger.read({ ...rest, after, limit: most });
      const last = events.at(-1);
      return { events, ...(events.length < most || last === undefined ? {} : { next: last.seq }) };
    }
    const earlier = before === undefined ? {} : { before };
    const events =
      contains === undefined
        ? await listEvents(context, { limit: most, ...rest, ...earlier })
        : await grepEvents(context, contains, most, before);
    const last = events.at(-1);
    return { events, ...(events.length < most || last === undefined || last.seq <= 1 ? {} : { next: last.seq }) };
  },
});

export const logVerifyVerb = defineVerb({
  about: 'Whether the ledger holds together, and what rests on it.',
  query: object('Nothing to say.', {}),
  writes: 'nothing',
  run: async (context) => {
    const { chain, faults } = await verifyLog(context);
    return { verdict: chain, faults };
  },
});
