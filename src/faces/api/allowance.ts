/** How often one caller may ask: so many requests in a window of so many seconds. */
export interface Allowance {
  readonly requests: number;
  readonly seconds: number;
}

/** What a caller has left. */
export interface Remaining {
  readonly left: number;
  /** Seconds until all of it is there again. */
  readonly seconds: number;
  /** This one was one too many. */
  readonly over: boolean;
}

/** Counts requests by who makes them. Whoever shows no token that opens anything is one caller together with all others like it. */
export class Allowances {
  readonly allowance: Allowance;
  readonly #clock: () => number;
  readonly #windows = new Map<string, { readonly began: number; count: number }>();

  constructor(allowance: Allowance, clock: () => number) {
    this.allowance = allowance;
    this.#clock = clock;
  }

  take(caller: string): Remaining {
    const { requests, seconds } = this.allowance;
    const now = this.#clock();
    const known = this.#windows.get(caller);
    const window = known === undefined || now - known.began >= seconds * 1000 ? { began: now, count: 0 } : known;
    this.#windows.set(caller, window);
    window.count += 1;
    const until = Math.max(1, Math.ceil((window.began + seconds * 1000 - now) / 1000));
    return { left: Math.max(0, requests - window.count), seconds: until, over: window.count > requests };
  }

  /** As draft-ietf-httpapi-ratelimit-headers has them. */
  headers({ left, seconds, over }: Remaining): Readonly<Record<string, string>> {
    return {
      'ratelimit-policy': `"caller";q=${this.allowance.requests};w=${this.allowance.seconds}`,
      ratelimit: `"caller";r=${left};t=${seconds}`,
      ...(over ? { 'retry-after': String(seconds) } : {}),
    };
  }
}
