import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { EngineContext } from '../../engine/context.ts';
import { everyEvent } from '../../engine/history/every-event.ts';
import { documentOf } from '../document.ts';

/** How often the ledger is looked at for who listens. Other processes write to it too, so nobody tells. */
const look = 100;
const heartbeat = 15_000;
/** Then the listener comes again with the last id it saw. */
const longest = 600_000;

/** Events of the ledger as they happen; `Last-Event-ID` goes on after what was seen last. */
export function eventStream(call: Context, context: EngineContext): Response {
  return streamSSE(call, async (stream) => {
    const last = Number(call.req.header('last-event-id') ?? call.req.query('after') ?? Number.NaN);
    const ledger = await context.stores.ledger();
    const [newest] = Number.isSafeInteger(last) ? [] : await ledger.read({ limit: 1, backwards: true });
    let after = Number.isSafeInteger(last) && last >= 0 ? last : (newest?.seq ?? 0);
    await stream.writeSSE({ data: '', event: 'ready', retry: 1000 });
    let quiet = 0;
    for (let waited = 0; waited < longest && !stream.aborted && !stream.closed; waited += look) {
      for await (const event of everyEvent(context, after)) {
        after = event.seq;
        quiet = 0;
        const data = documentOf({ event }).replace(/\n\s*/g, '');
        await stream.writeSSE({ id: String(event.seq), event: event.action, data });
      }
      await stream.sleep(look);
      quiet += look;
      if (quiet >= heartbeat) {
        quiet = 0;
        await stream.write(': still here\n\n');
      }
    }
  });
}
