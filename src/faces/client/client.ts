import type { AnswerOf, QueryOf, VerbName } from '../../engine/verbs/table.ts';
import { type ErrorCode, errorKinds, KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { largestAnswer, largestProblem, textOf } from './bounded-body.ts';
import { eventsIn } from './server-sent.ts';

export { KarmaError };

export interface ClientOptions {
  /** Where the service is: `http://127.0.0.1:7575`. */
  readonly url: string;
  /** What `karma token create` gave. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch;
}

export interface AskOptions {
  readonly signal?: AbortSignal;
  /** Told of what an answer does not say itself: a column that no component has. */
  readonly note?: (text: string) => void;
  /** The same key is done once, however often it is sent. For verbs that write. */
  readonly idempotencyKey?: string;
  /** The trace that this belongs to (W3C Trace Context). */
  readonly traceparent?: string;
}

/** Asks a service what the command line asks an estate: the same verbs, the same answers, the same errors. Needs fetch alone. */
export class KarmaClient {
  readonly #base: URL;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #fetch: typeof fetch;

  constructor({ url, token, fetch: given = fetch }: ClientOptions) {
    this.#base = addressOf(url);
    this.#headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    this.#fetch = given;
  }

  /** @throws KarmaError with the code that the service gave; KARMA_UPSTREAM where it does not answer */
  async ask<Name extends VerbName>(
    verb: Name,
    query: QueryOf<Name>,
    options: AskOptions = {},
  ): Promise<AnswerOf<Name>> {
    const response = await this.#send('v1/ask', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': JSON.stringify(options.idempotencyKey) }),
        ...(options.traceparent === undefined ? {} : { traceparent: options.traceparent }),
      },
      body: JSON.stringify({ verb, query }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const { answer, notes } = objectIn(await this.#told(response, options.signal));
    if (answer === null || typeof answer !== 'object') throw this.#foreign(response);
    for (const note of Array.isArray(notes) ? notes : []) if (typeof note === 'string') options.note?.(note);
    return answer as AnswerOf<Name>;
  }

  /** Events of the ledger as they happen, after a place; goes on by itself where the connection ends, until it is aborted. */
  async *events({
    after,
    signal,
  }: {
    readonly after?: number;
    readonly signal?: AbortSignal;
  } = {}): AsyncGenerator<LedgerEvent> {
    let last = after;
    for (let heard = true; signal?.aborted !== true; ) {
      // One who only hangs up is not asked again at once.
      if (!heard) await pause(signal);
      heard = false;
      const response = await this.#send('v1/log/stream', {
        headers: last === undefined ? {} : { 'last-event-id': String(last) },
        ...(signal === undefined ? {} : { signal }),
      });
      try {
        for await (const { id, data } of eventsIn(response)) {
          if (id === undefined || data === '' || !/^\d{1,15}$/.test(id)) continue;
          const { event } = objectIn(data);
          if (event === null || typeof event !== 'object') throw this.#foreign(response);
          last = Number(id);
          heard = true;
          yield event as LedgerEvent;
        }
      } catch (error) {
        // Whoever listens has had enough; or the connection broke, and the next one goes on behind the last event.
        if (!(error instanceof Error) || error instanceof KarmaError) throw error;
      }
    }
  }

  async #send(
    path: string,
    init: RequestInit & { readonly headers: Readonly<Record<string, string>> },
  ): Promise<Response> {
    let response: Response;
    try {
      response = await this.#fetch(new URL(path, this.#base), {
        ...init,
        // A service answers where it is. What is asked, and the token, are for nobody that it points to.
        redirect: 'manual',
        headers: { ...this.#headers, ...init.headers },
      });
    } catch (cause) {
      if (cause instanceof Error && cause.name === 'AbortError')
        throw new KarmaError('KARMA_INTERRUPTED', 'the question was given up', { cause });
      throw new KarmaError('KARMA_UPSTREAM', `the service at ${this.#base.origin} does not answer`, {
        hint: 'is it running, and is the address right?',
        cause,
      });
    }
    if (response.ok) return response;
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400))
      throw new KarmaError(
        'KARMA_UPSTREAM',
        `the service at ${this.#base.origin} points elsewhere, and nothing was sent there`,
        {
          hint: 'give the address at which it answers itself',
        },
      );
    throw await errorOf(response, this.#base.origin);
  }

  /** @throws KARMA_UPSTREAM where the answer breaks off, KARMA_INTERRUPTED */
  async #told(response: Response, signal: AbortSignal | undefined): Promise<string> {
    try {
      return await textOf(response, largestAnswer);
    } catch (cause) {
      if (cause instanceof KarmaError) throw cause;
      if (signal?.aborted === true) throw new KarmaError('KARMA_INTERRUPTED', 'the question was given up', { cause });
      throw new KarmaError('KARMA_UPSTREAM', `the answer of the service at ${this.#base.origin} broke off`, {
        hint: 'ask again; what it was to do may have been done: `karma log list` tells',
        cause,
      });
    }
  }

  #foreign({ status }: Response): KarmaError {
    return new KarmaError(
      'KARMA_UPSTREAM',
      `what answers at ${this.#base.origin} is no Karma, or another version of it`,
      {
        hint: `it answered with status ${status}`,
      },
    );
  }
}

/** In milliseconds. */
const between = 1_000;

function pause(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, between);
    signal?.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
  });
}

/** @throws KARMA_USAGE */
function addressOf(url: string): URL {
  const address = URL.parse(url.endsWith('/') ? url : `${url}/`);
  if (address !== null && (address.protocol === 'http:' || address.protocol === 'https:') && address.username === '')
    return address;
  throw new KarmaError('KARMA_USAGE', 'the address of the service is none', {
    hint: 'write it like http://127.0.0.1:7575; a token stands beside it, in KARMA_TOKEN',
  });
}

/** The error that a problem document tells of: the code that the command line would have left with. */
async function errorOf(response: Response, origin: string): Promise<KarmaError> {
  const text = await textOf(response, largestProblem).catch(() => '');
  const { code, detail, hint, details } = objectIn(text);
  if (typeof code === 'string' && Object.hasOwn(errorKinds, code))
    return new KarmaError(code as ErrorCode, typeof detail === 'string' ? detail : '', {
      ...(typeof hint === 'string' ? { hint } : {}),
      ...(details !== null && typeof details === 'object' ? { details: details as Record<string, unknown> } : {}),
    });
  return new KarmaError('KARMA_UPSTREAM', `what answers at ${origin} is no Karma, or another version of it`, {
    hint: `it answered with status ${response.status}`,
  });
}

/** Nothing of what is no JSON object. */
function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const problem: unknown = JSON.parse(text);
    return problem !== null && typeof problem === 'object' ? (problem as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
