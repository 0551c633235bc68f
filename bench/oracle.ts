/**
 * Generated estates of all layouts under random edits: what Karma proves untouched, or skips in a deploy, must plan to nothing
 * with the real programs. Needs terraform on PATH, and terragrunt for its layout; no provider.
 *
 *   node bench/oracle.ts --edits 5000 --seed 1
 *   node bench/oracle.ts --edits 5000 --plans 1     # of what was proved untouched one an edit, by chance
 *   node bench/oracle.ts --edits 5000 --layout terraform,adage,terraform,adage,terragrunt    # as often as each is named
 *   node bench/oracle.ts --layout adage --edits 20 --seed 17 --only value,argument --show
 *   node bench/oracle.ts --edits 500 --before dist/main.js    # another build is asked the same, to compare the noise
 *
 * A seed is one estate and its history. Every fourth is deployed by Karma, with cutoff; the oracle runs the others, which is faster.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadGrammar } from '../src/hcl/parse.ts';
import { playHistory } from './oracle/history.ts';
import { layouts } from './oracle/layouts/layouts.ts';
import { Tally } from './oracle/tally.ts';

const { values } = parseArgs({
  options: {
    edits: { type: 'string', default: '100' },
    seed: { type: 'string', default: '1' },
    /** Edits of one estate. */
    each: { type: 'string', default: '25' },
    layout: { type: 'string' },
    only: { type: 'string' },
    plans: { type: 'string' },
    before: { type: 'string' },
    show: { type: 'boolean', default: false },
    /** Leaves the estates of wrong answers where they are. */
    keep: { type: 'boolean', default: false },
  },
});
await loadGrammar();
const [edits, each] = [Number(values.edits), Number(values.each)];
const all = Object.keys(layouts) as (keyof typeof layouts)[];
const wanted = values.layout?.split(',').flatMap((name) => all.find((one) => one === name) ?? []) ?? all;
const able = wanted.filter((name) => layouts[name].missing.length === 0);
for (const name of new Set(wanted))
  if (!able.includes(name)) console.log(`${name} is left out: ${layouts[name].missing.join(', ')} is not on PATH`);
const tally = new Tally();
// What is known by then is worth seeing too.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    console.log(tally.table());
    process.exit(130);
  });
for (let seed = Number(values.seed); tally.all.edits < edits && able.length > 0; seed += 1) {
  const layout = able[seed % able.length] ?? 'terraform';
  const place = mkdtempSync(join(tmpdir(), 'karma-oracle-'));
  let wrongHere = 0;
  let at = 0;
  for await (const step of playHistory({
    layout,
    seed,
    edits: Math.min(each, edits - tally.all.edits),
    place,
    // By Terragrunt a deploy costs as much as ten edits.
    deploys: seed % (layout === 'terragrunt' ? 12 : 4) === 1,
    ...(values.plans === undefined ? {} : { plans: Number(values.plans) }),
    ...(values.only === undefined ? {} : { only: values.only.split(',') }),
    ...(values.before === undefined ? {} : { program: resolve(values.before) }),
  })) {
    at += 1;
    tally.add(layout, step);
    if (values.show)
      console.log(
        `${seed}/${at} ${step.kind}: ${step.edit}\n  ${step.moved} to do, needless ${step.whys.join(', ') || 'none'}${step.refused ? ', refused' : ''}`,
      );
    for (const { component, said, text } of step.wrong) {
      wrongHere += 1;
      console.log(
        `WRONG --layout ${layout} --seed ${seed}, edit ${at} (${step.kind}: ${step.edit}): ${component} was ${said}\n${text}`,
      );
    }
  }
  if (wrongHere > 0 && values.keep) console.log(`kept in ${place}`);
  else rmSync(place, { recursive: true, force: true, maxRetries: 3 });
  console.error(`seed ${seed} (${layout}): ${JSON.stringify(tally.all)} ${tally.edits()}`);
}
console.log(tally.table());
process.exitCode = tally.all.wrong === 0 ? 0 : 1;
