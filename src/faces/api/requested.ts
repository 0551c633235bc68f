import type { IncomingMessage, ServerResponse } from 'node:http';

/** What of a request is looked at on its way to an answer, whoever brought it. */
export interface Requested {
  readonly method: string;
  /** With the host that it names. */
  readonly url: string;
  readonly headers: Pick<Headers, 'get' | 'has'>;
  /** Given up by whoever asked. */
  readonly signal: AbortSignal;
}

/** A question that needs nothing but its line and its headers, as Node has it: no object is made of what few look at. */
export class PlainRequest implements Requested {
  readonly method = 'GET';
  readonly url: string;
  readonly headers: Requested['headers'];
  readonly #response: ServerResponse;
  #signal: AbortSignal | undefined;

  private constructor(url: string, headers: ReadonlyMap<string, string>, response: ServerResponse) {
    this.url = url;
    this.headers = { get: (name) => headers.get(name) ?? null, has: (name) => headers.has(name) };
    this.#response = response;
  }

  /** Undefined for what others have to look at: with a body, of two minds about a header, or to another service. */
  static of({ method, url = '', rawHeaders }: IncomingMessage, response: ServerResponse): PlainRequest | undefined {
    if (method !== 'GET' || !url.startsWith('/') || url.startsWith('//')) return undefined;
    const headers = new Map<string, string>();
    for (let at = 0; at < rawHeaders.length; at += 2) {
      const name = (rawHeaders[at] ?? '').toLowerCase();
      if (headers.has(name) || notPlain.has(name)) return undefined;
      headers.set(name, rawHeaders[at + 1] ?? '');
    }
    const host = headers.get('host');
    return host === undefined || !/^[\w.:[\]-]+$/.test(host)
      ? undefined
      : new PlainRequest(`http://${host}${url}`, headers, response);
  }

  get signal(): AbortSignal {
    if (this.#signal !== undefined) return this.#signal;
    const given = new AbortController();
    this.#response.once('close', () => {
      if (!this.#response.writableFinished) given.abort();
    });
    this.#signal = given.signal;
    return given.signal;
  }
}

const notPlain: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'expect', 'upgrade']);
