/**
 * Hundreds of random changes on one estate, proposed, revised, agreed to, applied, taken back and cancelled by several people at
 * once, whose processes are killed with `kill -9`; somebody pushes from elsewhere meanwhile, the branch is protected now and then,
 * its history is rewritten, and towards the end a team merges pull requests, in all three ways. Real Git with a bare repository
 * between them, real Terraform, and workers who take what is asked for. At the end the branch is some order of what was applied, nobody agreed to less than what happened, no event
 * is lost, and Git, parameters, graph, states and ledger agree. Needs terraform on PATH. A short form runs with the tests.
 *
 *   node bench/random-changes.ts --changes 300 --people 3 --workers 4 --seed 1
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from './random.ts';
import { crowd } from './random-changes/run.ts';

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '300' },
    people: { type: 'string', default: '3' },
    /** Processes that take what is asked for. */
    workers: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    /** Of a thousand words to the ledger, before and after which a process is killed. */
    killed: { type: 'string', default: '6' },
    /** Leaves everything where it is. */
    keep: { type: 'boolean', default: false },
  },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const folder = mkdtempSync(join(tmpdir(), 'karma-crowd-'));
try {
  const { faults, states, kills, commits, refused } = await crowd({
    folder,
    random: seededRandom(Number(values.seed)),
    changes: Number(values.changes),
    people: Number(values.people),
    workers: Number(values.workers),
    killed: Number(values.killed) / 1000,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      LC_ALL: 'C.UTF-8',
      NODE_COMPILE_CACHE: join(import.meta.dirname, '../.cache/compiled'),
    },
    say: (text) => console.error(text),
  });
  for (const fault of faults) console.log(`FAULT ${fault}`);
  console.log(
    `${Object.entries(states)
      .map(([state, count]) => `${count} ${state}`)
      .join(', ')}; ${commits} commits, ${kills} killed; refused: ${JSON.stringify(refused)}; ${faults.length} faults`,
  );
  if (faults.length > 0) process.exitCode = 1;
} finally {
  if (values.keep) console.log(`kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
