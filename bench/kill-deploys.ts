/**
 * Deploys `sixty`, kills Karma with `kill -9` at a random point, resumes, and compares what is left with an undisturbed deploy;
 * so many times. Every other time the programs it had started are killed too, as when a machine goes down. Needs terraform on
 * PATH.
 *
 *   node bench/kill-deploys.ts --times 10 --seed 1
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commit, deploy, karma, program, runtimes } from './deploy-estate.ts';
import { git } from './fast-import.ts';
import { seededRandom } from './random.ts';

const { values } = parseArgs({
  options: { times: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } },
});
const random = seededRandom(Number(values.seed));
const here = mkdtempSync(join(tmpdir(), 'karma-kill-'));
let wrong = 0;
try {
  const undisturbed = estateIn('undisturbed');
  const begun = performance.now();
  deploy(undisturbed);
  const whole = performance.now() - begun;
  const wanted = runtimes(undisturbed);
  for (let time = 1; time <= Number(values.times); time += 1) {
    const estate = estateIn(`estate-${time}`);
    const after = Math.round(200 + (random.below(1000) / 1000) * (whole - 300));
    const programsToo = time % 2 === 0;
    await killed(estate, after, programsToo);
    const resumed = deploy(estate);
    const again = deploy(estate);
    const equal = runtimes(estate) === wanted;
    const quiet = again.members.every(({ state }) => state === 'skipped');
    const sound = karma(estate, 'log', 'verify').length > 0;
    if (!equal || !quiet || !sound || resumed.outcome !== 'finished') wrong += 1;
    const count = (state: string) => resumed.members.filter((one) => one.state === state).length;
    const was = resumed.resumed.flatMap(({ inFlight }) => inFlight).length;
    console.log(
      `${time}: killed after ${after} ms${programsToo ? ' with its programs' : ''}, ${was} in flight; resumed: ${count('finished')} ran, ${count('skipped')} skipped; ${equal && quiet ? 'equal' : 'DIFFERENT'}`,
    );
    rmSync(estate, { recursive: true, force: true });
  }
} finally {
  rmSync(here, { recursive: true, force: true });
}
process.exitCode = wrong === 0 ? 0 : 1;

function estateIn(name: string): string {
  const estate = join(here, name);
  cpSync(join(import.meta.dirname, '../examples/sixty'), estate, { recursive: true });
  git(estate, ['init', '-q', '-b', 'main']);
  commit(estate, 'The estate');
  return estate;
}

async function killed(estate: string, after: number, programsToo: boolean): Promise<void> {
  const child = spawn(process.execPath, [program, 'deploy', '--all', '--yes', '--quiet'], {
    cwd: estate,
    stdio: 'ignore',
  });
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill('SIGKILL');
  await new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(undefined);
    else child.once('exit', resolve);
  });
  if (programsToo) killPrograms(estate);
}

function killPrograms(estate: string): void {
  const runs = join(estate, '.git/karma/runs');
  // Killed before the first run there is no such folder.
  for (const run of existsSync(runs) ? readdirSync(runs) : []) {
    try {
      const { pid } = JSON.parse(readFileSync(join(runs, run, 'child.json'), 'utf8')) as { pid: number };
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It never started a program, or the program has ended.
    }
  }
}
