/**
 * Measures inference on real estates against known right answers, and writes the table into README.md.
 *
 *   node bench/accuracy.ts --truth DIR --estates DIR            the table, on the screen
 *   node bench/accuracy.ts --truth DIR --estates DIR --write    into README.md
 *   node bench/accuracy.ts … --only forms --show                one estate, with what is missing and extra
 *
 * DIR of truth holds files of the shape of `bench/accuracy/truth.ts`; DIR of estates a clone of each repository, named
 * like its truth file or like the repository, at the commit that the truth names.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, type Score, score } from './accuracy/score.ts';
import { type EstateTruth, type Origin, readTruth, type Truth } from './accuracy/truth.ts';

const { values } = parseArgs({
  options: {
    truth: { type: 'string' },
    estates: { type: 'string' },
    only: { type: 'string' },
    show: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
if (values.truth === undefined || values.estates === undefined) {
  console.error('usage: node bench/accuracy.ts --truth DIR --estates DIR [--only NAME] [--show] [--write]');
  process.exit(64);
}
const truthFolder = resolve(values.truth);
const estatesFolder = resolve(values.estates);
const program = resolve(import.meta.dirname, '../src/faces/cli/main.ts');
const scratch = mkdtempSync(join(tmpdir(), 'karma-accuracy-'));
const rows: string[] = [];
let notes = '';

function references(folder: string, others: readonly string[], env: Readonly<Record<string, string>>): Answer[] {
  const data = mkdtempSync(join(scratch, 'data-'));
  const args = ['export', '--format', 'jsonl', '--data', data, ...others.flatMap((other) => ['--repo', other])];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  rmSync(data, { recursive: true, force: true });
  if (status !== 0) throw new Error(`karma export in ${folder} ended with ${status}: ${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{"kind":"reference"'));
  return lines.map((line) => JSON.parse(line) as Answer);
}

/** The clone of an origin; one that stands at another commit would be measured against the wrong truth. */
function cloneOf({ repo, commit }: Origin, name: string): string {
  const names = [name, repo.replace('/', '__'), basename(repo)];
  const folder = names.map((one) => join(estatesFolder, one)).find((path) => existsSync(path));
  if (folder === undefined) {
    throw new Error(
      `no clone of ${repo} in ${estatesFolder}: git clone https://github.com/${repo} there, at ${commit}`,
    );
  }
  const head = spawnSync('git', ['-C', folder, 'rev-parse', 'HEAD'], { encoding: 'utf8' }).stdout.trim();
  if (head !== commit) throw new Error(`${folder} is at ${head}, its truth at ${commit}`);
  return folder;
}

function estateRow(estate: EstateTruth, file: string): string {
  const folder = cloneOf(estate.origin, file);
  const others = estate.others.map((other) => cloneOf(other, basename(other.repo)));
  const result = score(estate, references(folder, others, estate.env));
  tell(estate, result);
  const setting = Object.entries(estate.env).map(([name, value]) => `${name}=${value} `);
  const repositories = estate.others.map(({ repo }) => ` --repo ../${repo.split('/')[1]}`);
  const { repo, commit } = estate.origin;
  const link = `[${repo}](https://github.com/${repo}/tree/${commit})`;
  const command = `${setting.join('')}karma export${repositories.join('')}`;
  return tableRow([link, `\`${commit.slice(0, 8)}\``], result, `\`${command}\``);
}

/** Each fixture is made a repository of its own, as its truth was. */
function fixturesRow(fixtures: readonly Truth[]): string {
  const sources = join(estatesFolder, 'terragrunt-src', 'test', 'fixtures');
  if (!existsSync(sources)) throw new Error(`no clone of gruntwork-io/terragrunt as ${sources}`);
  const results = fixtures.map((truth) => {
    const folder = mkdtempSync(join(scratch, 'fixture-'));
    cpSync(join(sources, truth.name), folder, { recursive: true, verbatimSymlinks: true });
    for (const args of [
      ['init', '-q'],
      ['add', '-A', '-f'],
      [...somebody, 'commit', '-qm', 'fixture'],
    ]) {
      spawnSync('git', args, { cwd: folder });
    }
    const result = score(truth, references(folder, [], {}));
    rmSync(folder, { recursive: true, force: true });
    tell(truth, result);
    return { truth, result, equal: result.missing.length + result.extra.length === 0 };
  });
  const differ = results.filter(({ equal }) => !equal);
  const generated = differ.filter(({ result }) => result.missing.length === 0 && result.extra.every(isGenerated));
  notes =
    `Of the ${results.length} fixtures ${results.length - differ.length} give exactly Terragrunt's references. ` +
    `${differ.length} differ, ${generated.length === differ.length ? 'all' : generated.length} of them only in that Karma reads stacks without generating them, where ` +
    'the reference sees none of the units that a stack would generate.';
  const link = '[gruntwork-io/terragrunt](https://github.com/gruntwork-io/terragrunt/tree/v1.1.3/test/fixtures)';
  return tableRow(
    [`${link}, ${results.length} fixtures`, '`v1.1.3`'],
    sum(results.map(({ result }) => result)),
    '`karma export` in each',
  );
}

const somebody = ['-c', 'user.name=x', '-c', 'user.email=x@example.com'];
const isGenerated = (key: string): boolean => key.includes('.terragrunt-stack/');

function sum(scores: readonly Score[]): Score {
  const total = (pick: (one: Score) => number) => scores.reduce((count, one) => count + pick(one), 0);
  return {
    edges: total((one) => one.edges),
    answered: total((one) => one.answered),
    hit: total((one) => one.hit),
    sound: total((one) => one.sound),
    tight: total((one) => one.tight),
    missing: scores.flatMap((one) => one.missing),
    extra: scores.flatMap((one) => one.extra),
  };
}

function tableRow(start: readonly string[], one: Score, command: string): string {
  const cells = [
    ...start,
    String(one.edges),
    rate(one.hit, one.edges),
    rate(one.hit, one.answered),
    `${rate(one.sound, one.hit)} / ${rate(one.tight, one.hit)}`,
    command,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** In percent, rounded down, so that 100 means all. */
function rate(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.floor((part * 1000) / whole) / 10} %`;
}

function tell({ name }: Truth, { edges, answered, hit, missing, extra }: Score): void {
  console.error(`${name}: ${hit} of ${edges}, ${answered} answered`);
  if (!values.show) return;
  for (const key of missing) console.error(`  missing  ${key}`);
  for (const key of extra) console.error(`  extra    ${key}`);
}

try {
  for (const file of readdirSync(truthFolder).sort()) {
    const [, name] = /^(.+)\.json(?:\.gz)?$/.exec(file) ?? [];
    if (name === undefined || !name.includes(values.only ?? '')) continue;
    const truth = readTruth(join(truthFolder, file));
    rows.push(truth.kind === 'fixtures' ? fixturesRow(truth.fixtures) : estateRow(truth.estate, name));
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const table = [
  '| estate | commit | references | recall | precision | outputs sound / tight | command |',
  '| --- | --- | ---: | ---: | ---: | ---: | --- |',
  ...rows,
  ...(notes === '' ? [] : ['', notes]),
].join('\n');
if (values.write) {
  const readme = resolve(import.meta.dirname, '../README.md');
  const marked = /(<!-- accuracy: begin[^>]*-->\n)[\s\S]*(\n<!-- accuracy: end -->)/;
  writeFileSync(
    readme,
    readFileSync(readme, 'utf8').replace(marked, (_, begin, end) => `${begin}\n${table}\n${end}`),
  );
} else console.log(table);
