/**
 * Generated estates under random edits: what Karma proves untouched must plan to nothing with real Terraform. Needs terraform
 * on PATH; no provider.
 *
 *   node bench/oracle.ts --edits 5000 --seed 1
 *   node bench/oracle.ts --edits 5000 --plans 1     # of the roots proved untouched one an edit, by chance
 *   node bench/oracle.ts --edits 20 --seed 17 --only value,argument --show
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadGrammar } from '../src/hcl/parse.ts';
import { playHistory } from './oracle/history.ts';

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** Edits of one estate. */
    each: { type: 'string', default: '25' },
    only: { type: 'string' },
    plans: { type: 'string' },
    show: { type: 'boolean', default: false },
    /** Leaves the estates of wrong answers where they are. */
    keep: { type: 'boolean', default: false },
  },
});
await loadGrammar();
const [edits, each] = [Number(values.edits), Number(values.each)];
const counts = { edits: 0, refused: 0, ran: 0, needless: 0, skipped: 0, planned: 0, wrong: 0 };
for (let seed = Number(values.seed); counts.edits < edits; seed += 1) {
  const place = mkdtempSync(join(tmpdir(), 'karma-oracle-'));
  let wrongHere = 0;
  const plans = values.plans === undefined ? {} : { plans: Number(values.plans) };
  const options = { seed, edits: Math.min(each, edits - counts.edits), place, ...plans };
  let at = 0;
  for await (const step of playHistory(
    values.only === undefined ? options : { ...options, only: values.only.split(',') },
  )) {
    at += 1;
    counts.edits += 1;
    if (step.refused) counts.refused += 1;
    counts.ran += step.ran;
    counts.skipped += step.skipped;
    counts.planned += step.planned;
    counts.needless += step.needless.length;
    if (values.show)
      console.log(`${seed}/${at} ${step.edit}\n  ran ${step.ran}, needless ${step.needless.join(' ') || 'none'}`);
    for (const { root, text } of step.wrong) {
      wrongHere += 1;
      console.log(`WRONG seed ${seed}, edit ${at} (${step.edit}): ${root} was proved untouched\n${text}`);
    }
  }
  counts.wrong += wrongHere;
  if (wrongHere > 0 && values.keep) console.log(`kept in ${place}`);
  else rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  console.error(`seed ${seed}: ${JSON.stringify(counts)}`);
}
console.log(JSON.stringify(counts));
process.exitCode = counts.wrong === 0 ? 0 : 1;
