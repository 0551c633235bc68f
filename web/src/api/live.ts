import type { Query } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { client } from './client.ts';
import { cutEvents, type ServerSent } from './server-sent.ts';
import { credentials } from './token.ts';

/** Whether the page hears of what happens. */
export type Live = 'connecting' | 'live' | 'lost' | 'off';

let state: Live = 'connecting';
const listeners = new Set<() => void>();

function become(next: Live): void {
  if (state === next) return;
  state = next;
  for (const listener of listeners) listener();
}

export function useLive(): Live {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** A snapshot stays as it is. */
export function nothingIsLive(): void {
  become('off');
}

const shortest = 500;
const longest = 15_000;
/** The service says every fifteen seconds that it is still there: a machine that slept has a stream that never ends. */
const longestSilence = 40_000;

/** Listens for ever: a stream that ends is opened again after the last event that was seen. */
export async function listen(signal: AbortSignal): Promise<void> {
  let last: string | undefined;
  for (let pause = shortest; !signal.aborted; pause = Math.min(pause * 2, longest)) {
    try {
      const response = await fetch('/v1/log/stream', {
        headers: {
          accept: 'text/event-stream',
          ...credentials(),
          ...(last === undefined ? {} : { 'last-event-id': last }),
        },
        signal,
      });
      if (response.ok && response.body !== null) {
        // What happened while nobody listened may concern anything that is shown.
        if (state === 'lost') void client.invalidateQueries();
        become('live');
        pause = shortest;
        await readAll(response.body, (event) => {
          last = event.id ?? last;
          if (event.event !== 'ready') hear(event.event);
        });
      }
    } catch {
      if (signal.aborted) return;
    }
    become('lost');
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function readAll(body: ReadableStream<Uint8Array>, tell: (event: ServerSent) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  let silent: ReturnType<typeof setTimeout> | undefined;
  const watch = (): void => {
    clearTimeout(silent);
    silent = setTimeout(() => void reader.cancel(), longestSilence);
  };
  watch();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    watch();
    rest = cutEvents(rest + piece.value, tell);
  }
  clearTimeout(silent);
}

/** Only these depend on nothing but the graph, so that a run or an import leaves them as they are. */
const ofGraph = [
  '/v1/overview',
  '/v1/components',
  '/v1/component',
  '/v1/outputs',
  '/v1/graph',
  '/v1/map',
  '/v1/impact',
];

const heard = new Set<string>();

/** Events that come in one piece are one reason to ask again, not one each: else every question would be asked twice. */
export function hear(event: string): void {
  if (heard.size === 0) queueMicrotask(askAgain);
  heard.add(event);
}

function askAgain(): void {
  const published = heard.has('graph.published');
  heard.clear();
  const concerned = client.getQueryCache().findAll({
    predicate: ({ queryKey: [path, question] }) =>
      ofGraph.includes(String(path)) ? published && !isFixed(question) : true,
  });
  // What is asked about one thing is answered before what is asked about all of them.
  for (const query of concerned.toSorted((a, b) => Number(isWide(a)) - Number(isWide(b)))) refresh(query);
}

function isWide({ queryKey: [, question] }: Query): boolean {
  return typeof question !== 'object' || question === null || Object.keys(question).length === 0;
}

/** Questions that are asked once more as soon as they are answered. */
const again = new Set<string>();

/**
 * What is looked at is asked anew. One that is being asked is not broken off: while a run tells of every step, its answer would never
 * come; it is asked once more behind it, because what came may be older than the event.
 */
export function refresh(query: Query): void {
  query.invalidate();
  if (!query.isActive()) return;
  const { queryHash, promise } = query;
  if (query.state.fetchStatus !== 'fetching' || promise === undefined) {
    void query.fetch().catch(() => undefined);
    return;
  }
  if (again.has(queryHash)) return;
  again.add(queryHash);
  const next = (): void => {
    again.delete(queryHash);
    refresh(query);
  };
  promise.then(next, next);
}

/** As of a version: never another answer. */
function isFixed(question: unknown): boolean {
  const at = typeof question === 'object' && question !== null && 'at' in question ? question.at : undefined;
  return typeof at === 'string' && /^v\d+$/.test(at);
}
