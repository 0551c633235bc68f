import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pacing } from './pacing.ts';
import { TokenBucket } from './token-bucket.ts';

/** A clock that only sleeping moves. */
function stoppedClock(): Pacing & { time: number } {
  const clock = {
    time: 0,
    now: () => clock.time,
    sleep: async (ms: number) => {
      clock.time += ms;
    },
    random: () => 0,
  };
  return clock;
}

describe('TokenBucket', () => {
  it('lets calls pass at its rate, in the order of asking', async () => {
    const clock = stoppedClock();
    const bucket = new TokenBucket({ perSecond: 20 }, clock);
    const passed: [number, number][] = [];
    await Promise.all([0, 1, 2, 3].map((n) => bucket.take().then(() => passed.push([n, Math.round(clock.time)]))));
    expect(passed).toEqual([
      [0, 0],
      [1, 50],
      [2, 100],
      [3, 150],
    ]);
  });

  it('saves up no more than its burst', async () => {
    const clock = stoppedClock();
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 }, clock);
    clock.time = 60_000;
    for (let n = 0; n < 4; n += 1) await bucket.take();
    expect(Math.round(clock.time)).toBe(60_200);
  });

  it('never exceeds rate × time + burst, whenever it is asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 10 }),
        fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 40 }),
        async (perSecond, burst, pauses) => {
          const clock = stoppedClock();
          const bucket = new TokenBucket({ perSecond, burst }, clock);
          const passed: number[] = [];
          for (const pause of pauses) {
            clock.time += pause;
            await bucket.take();
            passed.push(clock.time);
          }
          for (const [i, from] of passed.entries()) {
            for (const [j, to] of passed.entries()) {
              if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(((to - from) / 1000) * perSecond + burst + 1e-6);
            }
          }
        },
      ),
    );
  });
});
