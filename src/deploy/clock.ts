import { setTimeout as sleep } from 'node:timers/promises';

/** Time, injected: what is shown and stored, and what is measured, are two different things. */
export interface Clock {
  /** ISO 8601, UTC. */
  now(): string;
  /** Milliseconds that only ever grow; it goes on while the process is stopped. */
  monotonic(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date().toISOString(),
  monotonic: () => performance.now(),
  sleep: async (ms, signal) => {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      // Aborted: whoever waits looks at the signal.
    }
  },
};
