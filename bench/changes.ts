/**
 * What it costs to find out what a change of one config would do: in a process that stays, and as a command. CPU time (user and
 * system, children included where a command is run), the least and the middle of several; clocks say little on a busy machine.
 *
 *   npm run build && node bench/changes.ts --components 1000 --rounds 9
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ask } from '../src/engine/verbs/table.ts';
import { version } from '../src/faces/cli/version.ts';
import { openEngine } from '../src/wiring/open.ts';
import { adageEstate } from './adage-estate.ts';
import { makeRepository } from './fast-import.ts';

const { values } = parseArgs({
  options: {
    components: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '9' },
    program: { type: 'string', default: 'dist/main.js' },
  },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(join(tmpdir(), 'karma-bench-changes-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
const components = Number(values.components);
const estate = adageEstate({ seed: 1, components, environments: 2, types: 40, references: 3 });
const place = join(folder, 'estate');
const data = join(folder, 'data');
makeRepository(place, estate.files, { bare: false });

const context = openEngine({
  options: { dir: place, data },
  env: process.env,
  version,
  stays: true,
}).as({ door: 'cli' });
/** No two are the same, else the answer would be kept. */
let number = 0;
const proposal = (id: string) => ({
  reason: 'measured',
  edits: [{ id, set: { measured: `${process.pid}-${number++}` } }],
  dryRun: true,
});
await ask(context, 'change-propose', proposal(estate.leaf));
await ask(context, 'change-propose', proposal(estate.root));
const lines = [
  await staying('of a component that little rests on', estate.leaf),
  await staying('of one that much rests on', estate.root),
];
await context.stores.close();
const program = resolve(values.program);
if (existsSync(program))
  lines.push(
    asCommand('of a component that little rests on', estate.leaf),
    asCommand('of one that much rests on', estate.root),
  );
console.log(`${components} components, ${rounds} rounds, CPU ms (least, middle)\n${lines.join('\n')}`);

async function staying(what: string, id: string): Promise<string> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await ask(context, 'change-propose', proposal(id));
    const { user, system } = process.cpuUsage(before);
    took.push((user + system) / 1000);
  }
  return said(`in a process that stays, ${what} (without git's own)`, took);
}

function asCommand(what: string, id: string): string {
  const took: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const set = `${id}#measured=${process.pid}-${number++}`;
    const args = [
      program,
      'change',
      'propose',
      '--set',
      set,
      '--reason',
      'measured',
      '--dry-run',
      '--json',
      '-C',
      place,
      '--data',
      data,
    ];
    const child = spawnSync(
      '/bin/sh',
      ['-c', 'times_of() { "$@" >/dev/null; times; }; times_of "$@"', 'sh', process.execPath, ...args],
      {
        encoding: 'utf8',
      },
    );
    if (child.status !== 0) throw new Error(child.stderr);
    // The last line of `times`: user and system of the children.
    const [user = '', system = ''] = (child.stdout.trim().split('\n').at(-1) ?? '').split(' ');
    took.push(milliseconds(user) + milliseconds(system));
  }
  return said(`as a command, ${what} (git included)`, took);
}

/** `0m1.234s` */
function milliseconds(text: string): number {
  const [, minutes = '0', seconds = '0'] = /^(\d+)m([\d.]+)s$/.exec(text) ?? [];
  return Number(minutes) * 60_000 + Number(seconds) * 1000;
}

function said(what: string, took: number[]): string {
  const sorted = took.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `  ${what}: ${(sorted[0] ?? 0).toFixed(0)}, ${middle.toFixed(0)}`;
}
