import type { KarmaError } from '../../../model/errors.ts';
import { backoff, type Pacing, realPacing } from '../../aws/pacing.ts';
import { type Fault, faultError, faultOfAnswer, faultOfConnection, faultOfCutBody } from './faults.ts';
import type { RequestSigner } from './signing.ts';

export interface NeptuneEndpoints {
  /** The cluster endpoint: the writer. `https://….neptune.amazonaws.com:8182`. */
  readonly endpoint: string;
  /** The reader endpoint; replicas lag, so only what names its version is asked there. */
  readonly readerEndpoint?: string;
}

export interface NeptuneClientOptions extends NeptuneEndpoints {
  /** Without one, requests are not signed: a cluster without IAM authentication. */
  readonly signer?: RequestSigner;
  /** Sent in the body; Neptune knows one language and no such field, Gremlin Server needs it. */
  readonly language?: 'gremlin-lang';
  readonly pacing?: Pacing;
  readonly fetch?: typeof fetch;
  /** Requests tried before giving up. */
  readonly attempts?: number;
}

/** The answer without types: whole numbers arrive as such, since Karma writes none beyond 2^53. */
const untyped = 'application/vnd.gremlin-v3.0+json;types=false';

/** Longer than Neptune's own query timeout of 120 s, so that its answer comes first. In milliseconds. */
const patience = 130_000;

/** Gremlin over HTTPS: one request, one transaction. Repeats what may pass, since every write of Karma may be sent twice. */
export class NeptuneClient {
  readonly #options: NeptuneClientOptions;
  readonly #pacing: Pacing;

  constructor(options: NeptuneClientOptions) {
    this.#options = options;
    this.#pacing = options.pacing ?? realPacing;
  }

  get hasReader(): boolean {
    return this.#options.readerEndpoint !== undefined;
  }

  get pacing(): Pacing {
    return this.#pacing;
  }

  /** Asks the writer: sees every write that was answered. */
  async gremlin(query: string, on: 'writer' | 'reader' = 'writer'): Promise<readonly unknown[]> {
    const { language } = this.#options;
    const body = JSON.stringify(language === undefined ? { gremlin: query } : { gremlin: query, language });
    const answer = await this.#repeated(this.#url('/gremlin', on), { body, accept: untyped });
    const data = (answer as { readonly result?: { readonly data?: unknown } }).result?.data;
    return Array.isArray(data) ? data : [];
  }

  /** openCypher, for questions passed through. */
  async cypher(query: string, on: 'writer' | 'reader' = 'writer'): Promise<readonly unknown[]> {
    const body = JSON.stringify({ query });
    const answer = await this.#repeated(this.#url('/opencypher', on), { body });
    const { results } = answer as { readonly results?: unknown };
    return Array.isArray(results) ? results : [];
  }

  #url(path: string, on: 'writer' | 'reader'): URL {
    const { endpoint, readerEndpoint } = this.#options;
    return new URL(path, on === 'reader' ? (readerEndpoint ?? endpoint) : endpoint);
  }

  async #repeated(url: URL, request: { readonly body: string; readonly accept?: string }): Promise<object> {
    const { attempts = 10 } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(url, request);
      if ('value' in answer) return answer.value;
      if (!answer.fault.retry || attempt >= attempts) throw this.#error(answer.fault, url);
      await backoff(attempt, this.#pacing);
    }
  }

  #error(fault: Fault, url: URL): KarmaError {
    return faultError(fault, url.origin);
  }

  async #once(
    url: URL,
    { body, accept }: { readonly body: string; readonly accept?: string },
  ): Promise<{ readonly value: object } | { readonly fault: Fault }> {
    const headers = { 'content-type': 'application/json', ...(accept === undefined ? {} : { accept }) };
    const signed = (await this.#options.signer?.({ url, headers, body })) ?? headers;
    let response: Response;
    let text: string;
    try {
      const send = this.#options.fetch ?? fetch;
      response = await send(url, { method: 'POST', headers: signed, body, signal: AbortSignal.timeout(patience) });
      text = await response.text();
    } catch (error) {
      return { fault: faultOfConnection(error) };
    }
    if (!response.ok) return { fault: faultOfAnswer(response.status, response.headers.get('x-amzn-errortype'), text) };
    try {
      const value: unknown = JSON.parse(text);
      return value !== null && typeof value === 'object' ? { value } : { fault: faultOfCutBody(text) };
    } catch {
      return { fault: faultOfCutBody(text) };
    }
  }
}
