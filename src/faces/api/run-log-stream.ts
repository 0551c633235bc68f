import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { EngineContext } from '../../engine/context.ts';
import { ask } from '../../engine/verbs/table.ts';
import { printable } from '../../model/printable.ts';
import { hideInText } from '../../model/secrets/text.ts';

const look = 200;
/** Then the listener comes again with the last id it saw. */
const longest = 600_000;

/** A run's log as it is written, until the run is over; each part has as its id where the next one begins. */
export async function runLogStream(call: Context, context: EngineContext): Promise<Response> {
  const id = call.req.query('id') ?? '';
  const last = Number(call.req.header('last-event-id') ?? call.req.query('from') ?? 0);
  let from = Number.isSafeInteger(last) && last >= 0 ? last : 0;
  // What is not there is a problem and no stream.
  await ask(context, 'run-log', { id, from });
  return streamSSE(call, async (stream) => {
    for (let waited = 0; waited < longest && !stream.aborted && !stream.closed; waited += look) {
      // Asked before the log is read: what was written until it ended is read then.
      const isOver = await isRunOver(context, id);
      for (;;) {
        const { text, next } = await ask(context, 'run-log', { id, from });
        if (next === from) break;
        from = next;
        await stream.writeSSE({ id: String(next), event: 'log', data: printable(hideInText(text)) });
      }
      if (isOver) {
        await stream.writeSSE({ id: String(from), event: 'end', data: '' });
        return;
      }
      await stream.sleep(look);
    }
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
