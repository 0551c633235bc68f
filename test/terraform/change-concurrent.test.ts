import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/random.ts';
import { crowd } from '../../bench/random-changes/run.ts';
import { temporaryFolder } from '../support/estates.ts';
import { environment } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/**
 * Several people change one estate at once, each in a process that is killed now and then; the first always is, with its commit made
 * and nothing deployed. The end equals what one after the other would have come to, and nothing that somebody agreed to was more when
 * it happened. `node bench/random-changes.ts` goes on; `KARMA_ROUNDS` says how many changes, `KARMA_SEED` which.
 */
const changes = Number(process.env['KARMA_ROUNDS'] ?? 6);
const isOver = ['applied', 'reverted', 'cancelled', 'rejected'];
const seed = Number(process.env['KARMA_SEED'] ?? 1);

describe.skipIf(withoutTerraform)('people who change one estate at once (needs terraform on PATH)', () => {
  it(`come to what one after the other would have come to, though they are killed (seed ${seed})`, {
    retry: 0,
  }, async () => {
    const folder = temporaryFolder();
    try {
      const env = environment();
      const how = { folder, random: seededRandom(seed), changes, people: 2, killed: 0.05, env, say: () => undefined };
      const { faults, states, kills } = await crowd(how);
      expect(faults).toEqual([]);
      expect(kills).toBeGreaterThan(0);
      expect((states['applied'] ?? 0) + (states['reverted'] ?? 0)).toBeGreaterThan(0);
      // Nothing is left open, whoever was killed when.
      expect(Object.keys(states).filter((state) => !isOver.includes(state))).toEqual([]);
      expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(changes);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
