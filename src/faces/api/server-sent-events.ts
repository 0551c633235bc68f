import type { Context } from 'hono';
import { KarmaError } from '../../model/errors.ts';

/** Then the listener comes again with the last id it saw. */
const longest = 600_000;
/** A listener that takes nothing for so long is gone, whatever its connection says. Far above a heartbeat. */
const silence = 60_000;

/** More than this is no audience but an attack, or a client that does not close what it opens. */
const mostListeners = 1_000;

export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

export function sent({ id, event, data }: ServerSentEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `${event === undefined ? '' : `event: ${event}\n`}${lines.join('')}${id === undefined ? '' : `id: ${id}\n`}\n`;
}

/**
 * A stream of events as somebody takes them: nothing is asked for while the listener has not taken what there was, so one that
 * stalls costs a connection and no memory, and none waits for another.
 * @param next what comes next; undefined: it is over. Its signal is given up with the listener
 */
export function eventStreamOf(
  call: Context,
  counters: { listeners: number },
  next: (signal: AbortSignal) => Promise<string | undefined>,
): Response {
  // Who asks for the headers alone takes nothing, and would never be gone.
  if (call.req.raw.method === 'HEAD') return new Response(null, { headers });
  if (counters.listeners >= mostListeners) throw tooMany();
  counters.listeners += 1;
  const over = new AbortController();
  over.signal.addEventListener('abort', () => {
    counters.listeners -= 1;
  });
  const timer = setTimeout(() => over.abort(), longest);
  timer.unref();
  const end = () => {
    clearTimeout(timer);
    over.abort();
  };
  call.req.raw.signal.addEventListener('abort', end, { once: true });
  givesUpSilent(call);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        let text: string | undefined;
        try {
          text = over.signal.aborted ? undefined : await next(over.signal);
        } catch {
          // The listener comes again, and is then told what is wrong.
          text = undefined;
        }
        if (text !== undefined) return controller.enqueue(encoder.encode(text));
        end();
        controller.close();
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers });
}

const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** Of a connection whose other end does not take what is written, nothing else ever tells. */
function givesUpSilent(call: Context): void {
  const { incoming } = (call.env ?? {}) as { readonly incoming?: { readonly socket?: import('node:net').Socket } };
  const socket = incoming?.socket;
  socket?.setTimeout(silence, () => socket.destroy());
}

function tooMany(): KarmaError {
  return new KarmaError('KARMA_TOO_MANY', `${mostListeners} listen already`, {
    hint: 'close a stream that nobody reads',
  });
}
