/**
 * Times the built bundle on generated estates and writes RESULTS.md. Each figure is a whole process.
 *
 *   npm run build && node bench/run.ts                      the estates that the goals are about
 *   node bench/run.ts --only adage-1000 --runs 5 --print    one estate, on the screen
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adageEstate, type GeneratedEstate, withHistory } from './adage-estate.ts';
import { makeRepository } from './fast-import.ts';
import type { InProcess } from './in-process.ts';
import { machineLine } from './machine.ts';
import { measure, type Timing } from './measure.ts';
import { type BenchEstate, scenarios } from './scenarios.ts';
import { terragruntEstate } from './terragrunt-estate.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    runs: { type: 'string', default: '7' },
    print: { type: 'boolean', default: false },
    /** Another entry than this checkout's bundle. */
    program: { type: 'string' },
    /** Also 100,000 components: reported, not aimed at. */
    large: { type: 'boolean', default: false },
  },
});

const program = resolve(values.program ?? join(import.meta.dirname, '../dist/main.js'));
const adage = (components: number) => adageEstate({ seed: 1, components, environments: 2, types: 40, references: 3 });
const makers: Readonly<Record<string, () => GeneratedEstate>> = {
  'adage-1000': () => adage(1000),
  'adage-10000': () => adage(10_000),
  'terragrunt-1000': () => terragruntEstate({ seed: 1, units: 1000 }),
  'terragrunt-10000': () => terragruntEstate({ seed: 1, units: 10_000 }),
  // Beside `adage-1000`: the same with a past.
  'commits-5000': () => withHistory(adage(1000), 5000),
  ...(values.large ? { 'adage-100000': () => adage(100_000) } : {}),
};

interface Line {
  readonly estate: string;
  readonly scenario: string;
  readonly goal: number | undefined;
  readonly timing: Timing;
}

if (!existsSync(program)) throw new Error(`${program} is not there: \`npm run build\` makes the bundle`);

const lines: Line[] = [];
const resident: InProcess[] = [];
const failures: string[] = [];
const here = mkdtempSync(join(tmpdir(), 'karma-bench-'));
try {
  const version = measure(program, { args: ['--version'], cwd: here }, 20);
  lines.push({ estate: '–', scenario: '`karma --version`', goal: 60, timing: version });
  const help = measure(program, { args: ['--help'], cwd: here }, 20);
  lines.push({ estate: '–', scenario: '`karma --help`', goal: undefined, timing: help });
  for (const [name, make] of Object.entries(makers)) {
    if (values.only !== undefined && values.only !== name) continue;
    runEstate(name, make());
  }
} finally {
  rmSync(here, { recursive: true, force: true });
}

function runEstate(name: string, generated: GeneratedEstate): void {
  const folder = join(here, name);
  makeRepository(folder, generated.files, generated.later === undefined ? {} : { later: generated.later });
  const estate: BenchEstate = { name, folder, data: join(here, `${name}-data`), estate: generated };
  for (const scenario of scenarios) {
    try {
      const timing = measure(program, scenario.command(estate), scenario.runs ?? Number(values.runs));
      lines.push({ estate: name, scenario: scenario.name, goal: scenario.goal?.(estate), timing });
      console.error(`${name}: ${scenario.name}: ${timing.min.toFixed(0)} / ${timing.median.toFixed(0)} ms`);
    } catch (error) {
      failures.push(`${name}, ${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  checkCounts(estate);
  if (name === 'adage-10000') inProcess(estate);
}

/** In a process of its own, so that the memory is its own too. From the sources: nothing here waits for a program to start. */
function inProcess({ folder, data, estate }: BenchEstate): void {
  const words = ['--estate', folder, '--data', data, '--file', estate.configFile];
  const child = spawnSync(process.execPath, [join(import.meta.dirname, 'in-process.ts'), ...words], {
    encoding: 'utf8',
  });
  if (child.status === 0) resident.push(...(JSON.parse(child.stdout) as InProcess[]));
  else failures.push(`in process: ${child.stderr}`);
}

function inProcessTable(): string {
  if (resident.length === 0) return '';
  const rows = resident.map(({ what, p50, p99, resident: mb, goal }) => {
    const [share, most] = goal ?? [];
    const reached =
      share === undefined || most === undefined ? '' : (share === 'p50' ? p50 : p99) <= most ? '≤' : '**missed**';
    const verdict = goal === undefined ? '' : `${reached} ${most} (${share})`;
    return `| ${what} | ${p50.toFixed(2)} / ${p99.toFixed(2)} | ${mb.toFixed(0)} | ${verdict} |`;
  });
  return `
## In one process that stays

adage-10000, milliseconds, median / 99th percentile; memory after it.

| what | ms | MB | goal |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

/** A fast wrong answer is no answer: the graph must be the one that was generated. */
function checkCounts({ name, folder, data, estate }: BenchEstate): void {
  const child = spawnSync(process.execPath, [program, 'export', '--format', 'jsonl', '--data', data], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const kinds = child.stdout.split('\n').map((line) => /^\{"kind":"(\w+)"/.exec(line)?.[1]);
  const components = kinds.filter((kind) => kind === 'component').length;
  const references = kinds.filter((kind) => kind === 'reference').length;
  if (components !== estate.components || references !== estate.references) {
    failures.push(
      `${name}: ${components} components and ${references} references instead of ${estate.components} and ${estate.references}`,
    );
  }
}

function report(): string {
  const rows = lines.map(({ estate, scenario, goal, timing }) => {
    const verdict = goal === undefined ? '' : timing.min <= goal ? `≤ ${goal}` : `**missed** ${goal}`;
    const figures = `${timing.min.toFixed(0)} / ${timing.median.toFixed(0)}`;
    const [cpu, memory] = [timing.cpu.toFixed(0), timing.peakMb.toFixed(0)];
    return `| ${estate} | ${scenario} | ${figures} | ${cpu} | ${memory} | ${verdict} |`;
  });
  return `# Results

Whole processes on the built bundle, milliseconds, least / median; judged by the least. CPU is that of
the Node process, all its threads, in the run that took least; memory is its peak in MB. Generated estates (\`bench/generate.ts\`, seed 1). Made by \`node bench/run.ts\`.

${machineLine()}.

| estate | what | ms | CPU | MB | goal |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
${inProcessTable()}${failures.length === 0 ? '' : `\nNot measured, or wrong:\n\n${failures.map((one) => `- ${one.split('\n')[0]}`).join('\n')}\n`}`;
}

if (values.print) console.log(report());
else writeFileSync(resolve(import.meta.dirname, 'RESULTS.md'), report());
for (const failure of failures) console.error(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
