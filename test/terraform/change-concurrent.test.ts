import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../bench/random.ts';
import { crowd } from '../../bench/random-changes/run.ts';
import { temporaryFolder } from '../support/estates.ts';
import { environment } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/**
 * Several people change one estate at once, each in a process that is killed now and then. The end equals what one after the other
 * would have come to, and nothing that somebody agreed to was more when it happened. `node bench/random-changes.ts` goes on;
 * `KARMA_ROUNDS` says how many changes, `KARMA_SEED` which.
 */
const changes = Number(process.env['KARMA_ROUNDS'] ?? 8);
const seed = Number(process.env['KARMA_SEED'] ?? 1);

describe.skipIf(withoutTerraform)('people who change one estate at once (needs terraform on PATH)', () => {
  it(`come to what one after the other would have come to, though they are killed (seed ${seed})`, {
    retry: 0,
  }, async () => {
    const folder = temporaryFolder();
    try {
      const env = environment();
      const how = { folder, random: seededRandom(seed), changes, people: 2, killed: 0.02, env, say: () => undefined };
      const { faults, states, kills } = await crowd(how);
      expect(faults).toEqual([]);
      expect(states['applied'] ?? 0).toBeGreaterThan(0);
      // Nothing is left open, and somebody was killed or what is said above is not shown.
      expect(Object.keys(states).sort()).not.toContain('failed');
      expect(kills).toBeGreaterThan(0);
    } finally {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
