import type { Context } from 'hono';
import type { EngineContext } from '../../engine/context.ts';
import type { Caller } from './access.ts';
import type { EventTail } from './event-tail.ts';
import type { Counters } from './metrics.ts';
import { eventStreamOf, sent } from './server-sent-events.ts';
import type { ToldEvents } from './told-events.ts';

const heartbeat = 15_000;
/** Events that go out in one piece: each may be as long as a letter. */
const page = 8;

/** Events of the ledger as they happen; `Last-Event-ID` goes on after what was seen last. Ends when who asked may not any more. */
export async function eventStream(
  call: Context,
  {
    context,
    tail,
    told,
    caller,
    counters,
    isBrief,
  }: {
    readonly context: EngineContext;
    readonly tail: EventTail;
    readonly told: ToldEvents;
    readonly caller: Caller | undefined;
    readonly counters: Counters;
    readonly isBrief: boolean;
  },
): Promise<Response> {
  const last = Number(call.req.header('last-event-id') ?? call.req.query('after') ?? Number.NaN);
  const ledger = await context.stores.ledger();
  let after = Number.isSafeInteger(last) && last >= 0 ? last : (await ledger.head()).seq;
  let isReady = false;
  return eventStreamOf(call, counters, async (signal) => {
    if (!isReady) {
      isReady = true;
      return `retry: 1000\n${sent({ event: 'ready', data: '' })}`;
    }
    for (let waited = false; !signal.aborted; waited = true) {
      if ((await caller?.isOpen()) === false) return undefined;
      const events = await ledger.read({ after, limit: page });
      after = events.at(-1)?.seq ?? after;
      if (events.length > 0) return events.map((event) => told.text(event)).join('');
      if (isBrief) return undefined;
      if (waited) return ': still here\n\n';
      await tail.beyond(after, heartbeat, signal);
    }
    return undefined;
  });
}
