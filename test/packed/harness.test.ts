import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { harnesses } from '../../bench/harness/all.ts';
import { Product } from '../../bench/harness/product.ts';
import { seededRandom } from '../../bench/random.ts';
import { temporaryFolder } from '../support/estates.ts';
import type { Installed } from './packing.ts';

/**
 * A few rounds of each harness; `node bench/harness.ts` goes on. `KARMA_SEED` takes another seed.
 */
const { program } = inject('installed') as Installed;
const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const rounds: Readonly<Record<string, number>> = {
  kill: 1,
  race: 1,
  fuzz: 12,
  tamper: 4,
  escapes: 4,
  secrets: 2,
  doors: 30,
};
const seed = Number(process.env['KARMA_SEED'] ?? 1);

it.each(Object.entries(harnesses))(`%s breaks nothing of the installed product (seed ${seed})`, async (name, run) => {
  const product = new Product(program, join(folder, 'home'));
  const world = {
    product,
    random: seededRandom(seed),
    folder: join(folder, name),
    faults: [] as string[],
    say: () => undefined,
  };
  await run(world, rounds[name] ?? 1);
  product.end();
  expect(world.faults).toEqual([]);
});
