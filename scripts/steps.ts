/**
 * What needs no test to be told: format, types, arrows, unused code, generated pages. Steps do not need each other, so as many go
 * at a time as there are cores; each says what it had to say when it is over.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
/** Programs of the checkout come first. */
export const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`;
export const env = { ...process.env, PATH: path, CHECKPOINT_DISABLE: '1' };

export type Step = readonly [name: string, program: string, args: readonly string[]];

const types = 'node_modules/tsgo/bin/tsc';

/** What the last run found out of files that are what they were is kept under `.cache`. */
const typesOf = (project: string, name: string) =>
  [types, '-p', project, '--incremental', '--tsBuildInfoFile', `.cache/${name}.tsbuildinfo`] as const;

export const everyCheck: readonly Step[] = [
  ['types', process.execPath, typesOf('.', 'types')],
  [
    'arrows between rooms',
    'depcruise',
    [
      ...['src', '--config', '.dependency-cruiser.mjs', '--output-type', 'err'],
      ...['--cache', '.cache/arrows', '--cache-strategy', 'content'],
    ],
  ],
  ['format and lint', 'biome', ['check', '--error-on-warnings', '.']],
  ['unused code', 'knip', ['--cache', '--cache-location', '.cache/knip']],
  [
    'code that only tests use',
    'knip',
    [
      ...['--production', '--config', 'knip.production.json', '--include', 'files,exports,types'],
      ...['--cache', '--cache-location', '.cache/knip-of-what-ships'],
    ],
  ],
  ['types of the web', process.execPath, typesOf('web', 'types-of-the-web')],
  ['generated pages', process.execPath, ['scripts/docs.ts', '--check']],
  ['schemas of answers', process.execPath, ['scripts/schemas.ts', '--check']],
];

/** How many of the steps went well, and how many did not. */
export async function runSteps(all: readonly Step[]): Promise<{ readonly passed: number; readonly failed: number }> {
  const left = [...all];
  let passed = 0;
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) if (await runStep(next)) passed += 1;
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return { passed, failed: all.length - passed };
}

async function runStep([name, program, args]: Step): Promise<boolean> {
  const started = Date.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const said: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
  child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
  const done = await new Promise<boolean>((resolve) => {
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
  tellStep(name, done, started, Buffer.concat(said).toString('utf8'));
  return done;
}

export function tellStep(name: string, done: boolean, started: number, said = ''): void {
  console.log(`\n${said}${done ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}
