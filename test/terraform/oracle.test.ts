import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { playHistory } from '../../bench/oracle/history.ts';
import { loadGrammar } from '../../src/hcl/parse.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

beforeAll(loadGrammar);

/** A short run of `bench/oracle.ts`, which goes on for as long as one likes. */
describe.skipIf(withoutTerraform)('what a range leaves alone', () => {
  it.each([1, 2])('plans to nothing with real Terraform, whatever was edited (seed %i)', async (seed) => {
    const place = mkdtempSync(join(tmpdir(), 'karma-oracle-'));
    try {
      for await (const { edit, wrong, skipped, ran } of playHistory({ seed, edits: 12, place })) {
        expect(wrong, edit).toEqual([]);
        expect(skipped + ran, edit).toBeGreaterThan(0);
      }
    } finally {
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
    }
  });
});
