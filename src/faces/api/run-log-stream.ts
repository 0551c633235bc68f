import type { Context } from 'hono';
import type { EngineContext } from '../../engine/context.ts';
import { ask } from '../../engine/verbs/table.ts';
import { printable } from '../../model/printable.ts';
import { hideInText } from '../../model/secrets/text.ts';
import type { Caller } from './access.ts';
import type { Counters } from './metrics.ts';
import { eventStreamOf, sent } from './server-sent-events.ts';

const look = 200;
const heartbeat = 15_000;

/** A run's log as it is written, until the run is over; each part has as its id where the next one begins. */
export async function runLogStream(
  call: Context,
  {
    context,
    caller,
    counters,
  }: { readonly context: EngineContext; readonly caller: Caller | undefined; readonly counters: Counters },
): Promise<Response> {
  const id = call.req.query('id') ?? '';
  const last = Number(call.req.header('last-event-id') ?? call.req.query('from') ?? 0);
  let from = Number.isSafeInteger(last) && last >= 0 ? last : 0;
  // What is not there is a problem and no stream.
  await ask(context, 'run-log', { id, from });
  let hasEnded = false;
  return eventStreamOf(call, counters, async (signal) => {
    for (let quiet = 0; !signal.aborted && !hasEnded; quiet += look) {
      if ((await caller?.isOpen()) === false) return undefined;
      // Asked before the log is read: what was written until it ended is read then.
      const isOver = await isRunOver(context, id);
      const { text, next } = await ask(context, 'run-log', { id, from });
      if (next !== from) {
        from = next;
        return sent({ id: String(next), event: 'log', data: printable(hideInText(text)) });
      }
      if (isOver) {
        hasEnded = true;
        return sent({ id: String(from), event: 'end', data: '' });
      }
      if (quiet >= heartbeat) return ': still here\n\n';
      await new Promise((later) => setTimeout(later, look));
    }
    return undefined;
  });
}

/** A run that the ledger does not know is one of a plan: its log does not grow once nobody writes it. */
async function isRunOver(context: EngineContext, id: string): Promise<boolean> {
  try {
    return (await ask(context, 'run', { id })).run.endedAt !== undefined;
  } catch {
    return true;
  }
}
