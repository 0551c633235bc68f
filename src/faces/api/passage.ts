import type { IdentityIssuer } from '../../engine/access/grants.ts';
import type { EngineContext } from '../../engine/context.ts';
import { isKarmaError, KarmaError } from '../../model/errors.ts';
import type { WebFiles } from '../service/web-files.ts';
import { type Caller, TokenAccess } from './access.ts';
import { type Allowance, Allowances, type Remaining } from './allowance.ts';
import { longestUrl } from './answering.ts';
import type { Denials } from './denials.ts';
import { type Loopback, mustBeLocal } from './guard.ts';
import type { Counters } from './metrics.ts';
import { isPage, wantsPage } from './pages.ts';
import type { Requested } from './requested.ts';
import { type Trace, traceOf } from './trace.ts';
import { hookPaths } from './webhooks.ts';

export interface PassageOptions {
  readonly context: EngineContext;
  readonly loopback: Loopback | 'tokens';
  readonly issuer: IdentityIssuer | undefined;
  readonly allowance: Allowance | undefined;
  readonly web: WebFiles | undefined;
  readonly clock: () => number;
  readonly counters: Counters;
  readonly denials: Denials;
  readonly told: ((line: RequestLine) => void) | undefined;
  /** The path as a route has it, so that a thousand changes are one line of the metrics. */
  readonly formOf: (path: string) => string | undefined;
}

export interface RequestLine {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
  /** The trace that it belongs to, where who asked named one. */
  readonly trace?: string;
}

/** What is known of a request on its way. */
export interface Passing {
  readonly path: string;
  readonly began: number;
  readonly trace: Trace | undefined;
  caller: Caller | undefined;
  remaining: Remaining | undefined;
}

/** What every request passes on its way in and out: who asks is known before anything is looked at, and it is counted and told of. */
export class Passage {
  readonly #options: PassageOptions;
  readonly #tokens: TokenAccess;
  readonly #allowances: Allowances | undefined;

  constructor(options: PassageOptions) {
    this.#options = options;
    this.#tokens = new TokenAccess(options.context, options.denials, options.issuer);
    const { allowance, clock } = options;
    this.#allowances = allowance === undefined ? undefined : new Allowances(allowance, clock);
  }

  begin(request: Requested, path: string): Passing {
    const trace = traceOf(request, this.#options.context.newId);
    return { path, began: this.#options.clock(), trace, caller: undefined, remaining: undefined };
  }

  /** @throws KARMA_USAGE, KARMA_UNKNOWN_CALLER, KARMA_FORBIDDEN, KARMA_REFUSED, KARMA_TOO_MANY */
  async admit(request: Requested, passing: Passing): Promise<void> {
    const { loopback, web, context } = this.#options;
    const { path } = passing;
    if (request.url.length > longestUrl) throw new KarmaError('KARMA_USAGE', 'the question is too long for a URL');
    if (loopback !== 'tokens') {
      await this.#localOnly(request, path, loopback);
      // Nobody needs one here; whoever shows one asks as who it names, and may do what it may.
      if (request.headers.has('authorization')) passing.caller = await this.#tokens.callerOf(request, path);
      this.#count(passing, passing.caller?.actor ?? context.actor);
      return;
    }
    if (wantsPage(request, path, web)) return;
    const caller = await this.#tokens.callerOf(request, path).catch((error: unknown) => {
      this.#count(passing, '');
      throw error;
    });
    if (caller !== undefined) {
      passing.caller = caller;
      this.#count(passing, caller.actor);
      await caller.must('viewer');
    } else if (Object.hasOwn(hookPaths, path)) this.#count(passing, 'a webhook');
  }

  /** Counts and tells of what was answered. @returns the headers of every answer, where it has none of the name itself */
  end({ method }: Pick<Requested, 'method'>, passing: Passing, status: number): Readonly<Record<string, string>> {
    const { clock, counters, told, formOf } = this.#options;
    const { path, began, trace, remaining } = passing;
    const milliseconds = clock() - began;
    counters.count(formOf(path) ?? 'other', status, milliseconds);
    told?.({ method, path, status, milliseconds, ...(trace === undefined ? {} : { trace: trace.id }) });
    if (trace === undefined && remaining === undefined) return safe;
    return {
      ...safe,
      ...(trace === undefined ? {} : { traceparent: trace.header }),
      ...(remaining === undefined ? {} : this.#allowances?.headers(remaining)),
    };
  }

  #count(passing: Passing, who: string): void {
    const remaining = this.#allowances?.take(who);
    passing.remaining = remaining;
    if (remaining?.over === true) throw askedTooOften(remaining);
  }

  async #localOnly(request: Requested, path: string, loopback: Loopback): Promise<void> {
    try {
      mustBeLocal(request, loopback, { goesToPage: isPage(request, path) });
    } catch (error) {
      if (isKarmaError(error)) await this.#options.denials.tell({ actor: '', path, reason: error.message });
      throw error;
    }
  }
}

function askedTooOften({ seconds }: Remaining): KarmaError {
  return new KarmaError('KARMA_TOO_MANY', 'more requests than one caller may make in a while', {
    hint: `ask again in ${seconds} s; the RateLimit headers say how many are left`,
    details: { seconds },
  });
}

/** What a browser may do with an answer: nothing but show it to this origin. */
const safe: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
