/**
 * Every check and test there is; `npm test` and CI run this and nothing else. Servers that stand in for AWS are fetched once.
 * What needs a program that is not on this machine is skipped with a line that says what is missing; in CI that fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { packAndInstall, remove } from '../test/packed/packing.ts';
import { env, everyCheck, path, root, runSteps, tellStep } from './steps.ts';

process.chdir(root);
const results = '.cache/test-results.json';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `the tests need Node 24 and this is ${process.versions.node}: run \`npm ci\` (it brings Node 24 as an optional dependency), then \`npm test\``,
  );
  process.exit(1);
}

let passed = 0;
let failed = 0;

function isThere(...programs: readonly string[]): boolean {
  return path.split(delimiter).some((folder) => programs.some((program) => existsSync(join(folder, program))));
}

const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser that pages are looked at in: where the tests may install programs, a container most often, they do. */
function bringBrowser(): void {
  if (isThere(...browsers) || process.getuid?.() !== 0 || !isThere('apt-get')) return;
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']])
    spawnSync('apt-get', args, { stdio: 'ignore', env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
}

function need(program: string, how: string, others: readonly string[] = []): void {
  if (isThere(program, ...others)) return;
  const inCi = process.env.CI === 'true';
  console.log(
    `${inCi ? '✗' : '–'} ${program} is missing, tests that run it are ${inCi ? 'failed' : 'skipped'}: ${how}`,
  );
  if (inCi) failed += 1;
}

mkdirSync('.cache', { recursive: true });
rmSync(results, { force: true });
const checked = await runSteps([
  ...everyCheck,
  ['servers that stand in for AWS', process.execPath, ['scripts/stand-ins.ts', 'fetch']],
]);
passed += checked.passed;
failed += checked.failed;
need('terraform', 'install it from https://developer.hashicorp.com/terraform/install');
need('java', 'install a JRE; it runs the Gremlin Server that stands in for Neptune');
bringBrowser();
need('chromium', 'install Chromium or Chrome; the pages are looked at in it', browsers);
need('python3', 'install Python 3 with venv; it runs moto, which stands in for Systems Manager and DynamoDB');

// Scenarios ask what is shipped, packed and installed once for all of them.
const started = Date.now();
const installed = packAndInstall();
tellStep('packed and installed', true, started);
passed += 1;
const asked = { ...env, KARMA_TEST_INSTALLED: JSON.stringify(installed), KARMA_TEST_PROGRAM: installed.program };
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const { status } = spawnSync('vitest', ['run', ...reporters], { stdio: 'inherit', env: asked });
remove(installed);
if (existsSync(results)) {
  const counts = JSON.parse(readFileSync(results, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  if (status !== 0 && counts.numFailedTests === 0) failed += 1;
} else failed += 1;

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
