import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { playHistory } from '../../bench/oracle/history.ts';
import { layouts } from '../../bench/oracle/layouts/layouts.ts';
import { loadGrammar } from '../../src/hcl/parse.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

beforeAll(loadGrammar);

const { terragrunt } = layouts;
// No package registry has the program, so its layout is asked about here only where somebody has put it on PATH.
const left = terragrunt.missing.includes('terragrunt') ? 'terragrunt' : undefined;
if (left !== undefined) console.info('edits of Terragrunt estates were not tried: terragrunt is not on PATH');

/** A short run of `bench/oracle.ts`, which goes on for as long as one likes. */
describe.skipIf(withoutTerraform)('what a range leaves alone, and what a deploy skips', () => {
  const short = [
    { layout: 'terraform', seed: 1, deploys: false, edits: 14 },
    { layout: 'terraform', seed: 2, deploys: true, edits: 8 },
    { layout: 'adage', seed: 3, deploys: false, edits: 14 },
    { layout: 'adage', seed: 4, deploys: true, edits: 8 },
    { layout: 'terragrunt', seed: 5, deploys: false, edits: 6 },
  ] as const;
  it.each(short.filter(({ layout }) => layout !== left))(
    'plans to nothing with the real programs, whatever was edited: $layout, seed $seed',
    async ({ layout, seed, deploys, edits }) => {
      const place = mkdtempSync(join(tmpdir(), 'karma-oracle-'));
      try {
        let steps = 0;
        for await (const { edit, wrong, planned } of playHistory({ layout, seed, edits, place, deploys, plans: 2 })) {
          expect(wrong, edit).toEqual([]);
          steps += planned;
        }
        expect(steps).toBeGreaterThan(edits);
      } finally {
        rmSync(place, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  );
});
