/**
 * Random edits on `sixty`, round after round: a deploy with cutoff must leave what one that runs everything leaves. Needs
 * terraform on PATH.
 *
 *   node bench/cutoff-rounds.ts --rounds 10 --seed 1
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commit, deploy, runtimes } from './deploy-estate.ts';
import { git } from './fast-import.ts';
import { seededRandom } from './random.ts';
import { randomEdit } from './random-edit.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const random = seededRandom(Number(values.seed));
const here = mkdtempSync(join(tmpdir(), 'karma-cutoff-'));
const cut = join(here, 'cut');
const all = join(here, 'all');
let wrong = 0;
try {
  cpSync(join(import.meta.dirname, '../examples/sixty'), cut, { recursive: true });
  git(cut, ['init', '-q', '-b', 'main']);
  commit(cut, 'The estate');
  deploy(cut);
  cpSync(cut, all, { recursive: true });
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    const edits = Array.from({ length: 1 + random.below(3) }, () => randomEdit([cut, all], random));
    for (const estate of [cut, all]) commit(estate, `Round ${round}`);
    const answer = deploy(cut);
    deploy(all, '--no-cutoff');
    const equal = runtimes(cut) === runtimes(all);
    if (!equal) wrong += 1;
    const ran = answer.members.filter(({ state }) => state === 'finished').length;
    console.log(`round ${round}: ${equal ? 'equal' : 'DIFFERENT'}, ${ran} of 60 ran; ${edits.join('; ')}`);
  }
} finally {
  rmSync(here, { recursive: true, force: true });
}
process.exitCode = wrong === 0 ? 0 : 1;
