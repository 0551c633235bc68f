/** Time and chance as adapters need them; injected, so that tests do not wait. */
export interface Pacing {
  /** Milliseconds on a clock that only moves forward. */
  now(): number;
  sleep(ms: number): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

export const realPacing: Pacing = {
  now: () => performance.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

/**
 * How long to wait before attempt `n` (from 1) is repeated: exponential with full jitter, so that those who met once do not
 * meet again. After "Exponential Backoff and Jitter", AWS Architecture Blog.
 */
export function backoff(attempt: number, pacing: Pacing, { base = 50, most = 5_000 } = {}): Promise<void> {
  return pacing.sleep(pacing.random() * Math.min(most, base * 2 ** (attempt - 1)));
}
