/** What a person runs before each commit, under a minute: every check, then the unit tests. `npm test` runs everything. */
import { spawnSync } from 'node:child_process';
import { env, everyCheck, root, runSteps } from './steps.ts';

process.chdir(root);
const { failed } = await runSteps(everyCheck);
if (failed > 0) {
  console.error(`\n${failed} of ${everyCheck.length} checks failed; the unit tests were not run`);
  process.exit(1);
}
process.exit(
  spawnSync('vitest', ['run', '--project', 'unit', '--reporter=dot'], { stdio: 'inherit', env }).status ?? 1,
);
