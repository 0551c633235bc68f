/**
 * Random pairs of changes of generated estates of all layouts: whoever is said to commute comes to one tree in either order, and does on
 * top of the other exactly what it does alone. Says as well how many were kept apart without need.
 *
 *   node bench/commuting.ts --pairs 500 --seed 1 --show
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadGrammar } from '../src/hcl/parse.ts';
import { lookAtPairs } from './commuting/pairs.ts';
import { layouts } from './oracle/layouts/layouts.ts';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    layout: { type: 'string' },
    show: { type: 'boolean', default: false },
  },
});
await loadGrammar();
const all = Object.keys(layouts) as (keyof typeof layouts)[];
const names = values.layout === undefined ? all : all.filter((one) => one === values.layout);
const sum = { looked: 0, commuting: 0, clashing: 0, needless: 0, wrong: 0 };
for (let seed = Number(values.seed); sum.looked < Number(values.pairs) && names.length > 0; seed += 1) {
  const layout = names[seed % names.length] ?? 'terraform';
  const place = mkdtempSync(join(tmpdir(), 'karma-commuting-'));
  try {
    const env = { PATH: process.env['PATH'] ?? '', HOME: place, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C.UTF-8' };
    const found = await lookAtPairs({ layout, seed, changes: 12, pairs: 40, place, env });
    for (const words of found.wrong) console.log(`WRONG --layout ${layout} --seed ${seed}: ${words}`);
    if (values.show) for (const words of found.needless) console.log(`needless ${layout} ${seed}: ${words}`);
    sum.looked += found.looked;
    sum.commuting += found.commuting;
    sum.clashing += found.clashing;
    sum.needless += found.needless.length;
    sum.wrong += found.wrong.length;
    console.error(`seed ${seed} (${layout}): ${JSON.stringify(sum)}`);
  } finally {
    rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  }
}
console.log(JSON.stringify(sum));
process.exitCode = sum.wrong === 0 ? 0 : 1;
