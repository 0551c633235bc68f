/**
 * Every check and test there is; `npm test` and CI run this and nothing else. What needs a program that is not on this
 * machine is fetched where a package registry has it, or skipped with a line that says what is missing; in CI that fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
process.chdir(root);
const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`, CHECKPOINT_DISABLE: '1' };
const results = '.cache/test-results.json';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`the tests need Node 24 and this is ${process.versions.node}: run \`npm ci\` (it brings Node 24 as an optional dependency), then \`npm test\``);
  process.exit(1);
}

let passed = 0;
let failed = 0;

function step(name: string, command: string, args: readonly string[]): boolean {
  const started = Date.now();
  console.log(`\n▸ ${name}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env });
  const ok = status === 0;
  console.log(`${ok ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

function missing(what: string, how: string): void {
  console.log(`${process.env.CI === 'true' ? '✗' : '–'} ${what} is missing: ${how}`);
  if (process.env.CI === 'true') failed += 1;
}

function onPath(program: string): boolean {
  return (env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

mkdirSync('.cache', { recursive: true });
rmSync(results, { force: true });
step('format and lint', 'biome', ['check', '--error-on-warnings', '.']);
step('types', process.execPath, ['node_modules/tsgo/bin/tsc', '-p', '.']);
step('arrows between rooms', 'depcruise', ['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err']);
step('unused code', 'knip', []);
step('bundle', process.execPath, ['scripts/build.ts']);
if (!onPath('terraform')) missing('terraform', 'install it from HashiCorp; the tests that run it are skipped');
if (existsSync('scripts/stand-ins.ts')) step('stand-ins for AWS', process.execPath, ['scripts/stand-ins.ts', 'prepare']);

const vitest = spawnSync('vitest', ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`], { stdio: 'inherit', env });
if (existsSync(results)) {
  const counts = JSON.parse(readFileSync(results, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  if (vitest.status !== 0 && counts.numFailedTests === 0) failed += 1;
} else failed += 1;

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
