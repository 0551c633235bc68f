import { count, object, text } from '../../config/shape-parts.ts';
import type { LedgerEvent } from '../../model/event.ts';
import type { EngineContext } from '../context.ts';
import { type LedgerVerdict, verifyWhole } from '../ledger/verify.ts';
import { defineVerb } from './verb.ts';

export interface LogQuery {
  readonly limit: number;
  readonly action?: string;
  readonly subject?: string;
}

/** Events, newest first. */
export async function listEvents(context: EngineContext, query: LogQuery): Promise<readonly LedgerEvent[]> {
  const ledger = await context.stores.ledger();
  return ledger.read({ ...query, backwards: true });
}

/** Events that hold a text anywhere, newest first. Reads backwards until enough are found. */
export async function grepEvents(context: EngineContext, text: string, limit: number): Promise<readonly LedgerEvent[]> {
  const ledger = await context.stores.ledger();
  const found: LedgerEvent[] = [];
  for (let after: number | undefined; found.length < limit; ) {
    const page = await ledger.read({ limit: 500, backwards: true, ...(after === undefined ? {} : { after }) });
    found.push(...page.filter((event) => JSON.stringify(event).includes(text)));
    const last = page.at(-1);
    if (last === undefined || last.seq <= 1) break;
    after = last.seq;
  }
  return found.slice(0, limit);
}

/** The chain, and what rests on it. */
export async function verifyLog(context: EngineContext): Promise<LedgerVerdict> {
  return verifyWhole(await context.stores.ledger());
}

export const logVerb = defineVerb({
  about: 'Events of the ledger, newest first.',
  query: object('Which.', {
    limit: count('At most so many; default 30.', 1, 1000),
    action: text('Of one action.'),
    subject: text('About one subject.'),
    contains: text('That hold a text anywhere.'),
  }),
  writes: 'nothing',
  run: async (context, { limit = 30, contains, ...rest }) => ({
    events:
      contains === undefined
        ? await listEvents(context, { limit, ...rest })
        : await grepEvents(context, contains, limit),
  }),
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
