/**
 * Holds the packed product to what nothing may break: killed at random, raced, given broken and hostile estates, its own records
 * edited. Short in CI (`test/packed/harness.test.ts`), here as long as one likes.
 *
 *   node bench/harness.ts kill --rounds 100 --seed 7        # or race, fuzz, tamper, escapes, secrets, doors, all
 *   node bench/harness.ts fuzz --rounds 1000 --program ./dist/main.js --show
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { packAndInstall } from '../test/packed/packing.ts';
import { harnesses } from './harness/all.ts';
import { Product } from './harness/product.ts';
import { seededRandom } from './random.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    /** Instead of packing and installing. */
    program: { type: 'string' },
    show: { type: 'boolean', default: false },
    /** Leaves everything where it is. */
    keep: { type: 'boolean', default: false },
  },
});
const [kind = 'all'] = positionals;
const chosen = Object.entries(harnesses).filter(([name]) => kind === 'all' || kind === name);
if (chosen.length === 0) {
  console.error(`usage: node bench/harness.ts ${Object.keys(harnesses).join('|')}|all --rounds N --seed S`);
  process.exit(64);
}
const installed = values.program === undefined ? packAndInstall() : undefined;
const program = installed?.program ?? resolve(values.program ?? '');
const folder = mkdtempSync(join(tmpdir(), 'karma-harness-'));
let faults = 0;
try {
  for (const [name, run] of chosen) {
    const product = new Product(program, join(folder, 'home'));
    const world = {
      product,
      random: seededRandom(Number(values.seed)),
      folder: join(folder, name),
      faults: [] as string[],
      say: (text: string) => {
        if (values.show) console.error(text);
        for (const fault of world.faults.slice(faults)) console.log(`FAULT ${fault}`);
        faults = world.faults.length;
      },
    };
    faults = 0;
    await run(world, Number(values.rounds));
    product.end();
    for (const fault of world.faults.slice(faults)) console.log(`FAULT ${fault}`);
    console.log(`${name}: ${values.rounds} rounds, seed ${values.seed}, ${world.faults.length} faults`);
    if (world.faults.length > 0) process.exitCode = 1;
  }
} finally {
  if (values.keep) console.log(`kept in ${folder}`);
  else
    for (const place of [folder, installed?.folder ?? folder])
      rmSync(place, { recursive: true, force: true, maxRetries: 3 });
}
