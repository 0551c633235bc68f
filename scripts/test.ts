/**
 * Every check and test there is; `npm test` and CI run this and nothing else. Servers that stand in for AWS are fetched once.
 * What needs a program that is not on this machine is skipped with a line that says what is missing; in CI that fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
const env = { ...process.env, PATH: path, CHECKPOINT_DISABLE: '1' };
const results = '.cache/test-results.json';

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(
    `the tests need Node 24 and this is ${process.versions.node}: run \`npm ci\` (it brings Node 24 as an optional dependency), then \`npm test\``,
  );
  process.exit(1);
}

let passed = 0;
let failed = 0;

function step(name: string, program: string, args: readonly string[]): void {
  const started = Date.now();
  console.log(`\n▸ ${name}`);
  const { status } = spawnSync(program, args, { stdio: 'inherit', env });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${status === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (status === 0) passed += 1;
  else failed += 1;
}

function need(program: string, how: string): void {
  if (path.split(delimiter).some((folder) => existsSync(join(folder, program)))) return;
  const inCi = process.env.CI === 'true';
  console.log(
    `${inCi ? '✗' : '–'} ${program} is missing, tests that run it are ${inCi ? 'failed' : 'skipped'}: ${how}`,
  );
  if (inCi) failed += 1;
}

mkdirSync('.cache', { recursive: true });
rmSync(results, { force: true });
step('format and lint', 'biome', ['check', '--error-on-warnings', '.']);
step('types', process.execPath, ['node_modules/tsgo/bin/tsc', '-p', '.']);
step('types of the web', process.execPath, ['node_modules/tsgo/bin/tsc', '-p', 'web']);
step('arrows between rooms', 'depcruise', ['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err']);
step('unused code', 'knip', []);
step('generated pages', process.execPath, ['scripts/docs.ts', '--check']);
step('schemas of answers', process.execPath, ['scripts/schemas.ts', '--check']);
step('bundle', process.execPath, ['scripts/build.ts']);
need('terraform', 'install it from https://developer.hashicorp.com/terraform/install');
need('java', 'install a JRE; it runs the Gremlin Server that stands in for Neptune');
need('python3', 'install Python 3 with venv; it runs moto, which stands in for Systems Manager and DynamoDB');
step('servers that stand in for AWS', process.execPath, ['scripts/stand-ins.ts', 'fetch']);

const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
const { status } = spawnSync('vitest', ['run', ...reporters], { stdio: 'inherit', env });
if (existsSync(results)) {
  const counts = JSON.parse(readFileSync(results, 'utf8')) as { numPassedTests: number; numFailedTests: number };
  passed += counts.numPassedTests;
  failed += counts.numFailedTests;
  if (status !== 0 && counts.numFailedTests === 0) failed += 1;
} else failed += 1;

console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
