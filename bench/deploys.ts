/**
 * What Karma itself costs in a deploy, and how near a deploy comes to the shortest possible. Writes DEPLOYS.md. Needs terraform
 * on PATH.
 *
 *   npm run build && node bench/deploys.ts [--print]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type DeployedAnswer, deploy, karma } from './deploy-estate.ts';
import { makeRepository } from './fast-import.ts';
import { machineLine } from './machine.ts';
import { seededRandom } from './random.ts';

const { values } = parseArgs({ options: { print: { type: 'boolean', default: false } } });
const here = mkdtempSync(join(tmpdir(), 'karma-deploys-'));

const plainModule = `variable "nickname" { type = string }
variable "size" { type = number }
resource "terraform_data" "it" { input = "\${var.nickname}-\${var.size}" }
output "value" { value = terraform_data.it.output }
`;

interface Overhead {
  readonly runs: number;
  /** Milliseconds a run, least and median. */
  readonly own: { readonly min: number; readonly median: number };
  readonly terraform: number;
  readonly skip: number;
}

/**
 * Independent components, one after the other: a run's own time is what is above the same three programs run by hand. By hand and
 * deployed in turn, so often, and the least of each: what is above it is the machine's other work.
 */
function overhead(): Overhead {
  const [runs, rounds] = [24, 5];
  const estate = join(here, 'overhead');
  const files = new Map([
    ['karma.yaml', 'estate: overhead\n'],
    ['components/plain/main.tf', plainModule],
    ...names(runs).map((name) => [`iac/dev/plain/${name}/config.json`, '{ "size": 1 }\n'] as const),
  ]);
  makeRepository(estate, files);
  const bare: number[] = [];
  const all: number[] = [];
  const skipped: number[] = [];
  const milliseconds = ({ members }: DeployedAnswer) => members.map(({ seconds }) => seconds * 1000);
  for (let round = 0; round < rounds; round += 1) {
    bare.push(...names(runs).map((name) => byHand(estate, name)));
    all.push(...milliseconds(deploy(estate, '--parallelism', '1')));
    skipped.push(...milliseconds(deploy(estate, '--parallelism', '1')));
    karma(estate, 'destroy', '--all', '--yes');
    rmSync(join(here, 'by-hand'), { recursive: true, force: true });
  }
  const at = (list: readonly number[], part: number) =>
    list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) * part)] ?? 0;
  return {
    runs: runs * rounds,
    own: { min: at(all, 0) - at(bare, 0), median: at(all, 0.5) - at(bare, 0.5) },
    terraform: at(bare, 0),
    skip: at(skipped, 0),
  };
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_, at) => `c${at}`);
}

/** The same three programs as a run starts, in milliseconds. */
function byHand(estate: string, name: string): number {
  const folder = join(here, 'by-hand', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'v.tfvars.json'), JSON.stringify({ nickname: name, size: 1 }));
  const state = `-state=${join(folder, 'terraform.tfstate')}`;
  const plan = join(folder, 'plan');
  const start = performance.now();
  for (const args of [
    [
      'plan',
      '-json',
      '-input=false',
      '-detailed-exitcode',
      `-var-file=${join(folder, 'v.tfvars.json')}`,
      state,
      `-out=${plan}`,
    ],
    ['show', '-json', plan],
    ['apply', '-json', '-input=false', state, plan],
  ])
    spawnSync('terraform', args, {
      cwd: join(estate, 'components/plain'),
      env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_DATA_DIR: join(folder, 'data') },
    });
  return performance.now() - start;
}

interface Makespan {
  readonly components: number;
  readonly parallelism: number;
  readonly seconds: number;
  /** No order can be shorter than the longest chain, nor than all work spread evenly. */
  readonly bound: number;
}

/** A random graph whose runs mostly sleep, so that the order counts and not the cores. */
function makespan(): Makespan {
  const random = seededRandom(3);
  const components = 40;
  const parallelism = 8;
  const estate = join(here, 'makespan');
  const reads = names(components).map((_, at) => {
    const before = Array.from({ length: Math.min(at, random.below(3)) }, () => random.below(at));
    return [...new Set(before)];
  });
  const files = new Map<string, string>([['karma.yaml', 'estate: makespan\n']]);
  for (const [at, name] of names(components).entries()) {
    const from = (reads[at] ?? []).map((one) => `c${one}`);
    const config = { size: 1, ...Object.fromEntries(from.map((one) => [`${one}_nickname`, 'one'])) };
    files.set(`iac/dev/${name}/one/config.json`, JSON.stringify(config));
    files.set(
      `components/${name}/main.tf`,
      `variable "nickname" { type = string }
variable "size" { type = number }
${from.map((one) => `variable "${one}" { type = any }\n`).join('')}resource "terraform_data" "it" {
  input = join("-", [tostring(var.size), ${from.map((one) => `var.${one}.value`).join(', ')}])
  provisioner "local-exec" { command = "sleep ${(0.3 + random.below(12) / 10).toFixed(1)}" }
}
output "value" { value = sha1(terraform_data.it.output) }
`,
    );
  }
  makeRepository(estate, files);
  // The second deploy knows how long each took, and begins with what much waits for.
  deploy(estate, '--parallelism', String(parallelism));
  karma(estate, 'destroy', '--all', '--yes', '--parallelism', String(parallelism));
  const answer = deploy(estate, '--parallelism', String(parallelism));
  return { components, parallelism, seconds: span(answer), bound: boundOf(answer, reads, parallelism) };
}

function span({ seconds }: DeployedAnswer): number {
  return seconds;
}

function boundOf({ members }: DeployedAnswer, reads: readonly (readonly number[])[], parallelism: number): number {
  const seconds = new Map(members.map((one) => [one.key, one.seconds]));
  const chains: number[] = [];
  let sum = 0;
  for (const [at, from] of reads.entries()) {
    const own = seconds.get(`dev/c${at}/one`) ?? 0;
    sum += own;
    chains.push(own + Math.max(0, ...from.map((one) => chains[one] ?? 0)));
  }
  return Math.max(...chains, sum / parallelism);
}

try {
  const own = overhead();
  const order = makespan();
  const ratio = order.seconds / order.bound;
  const report = `# Deploys

Real Terraform, built-in provider. Made by \`node bench/deploys.ts\`; judged by the least.

${machineLine()}.

| what | figure | aim |
| --- | --- | --- |
| Karma's own time a run, beside its three programs, ms (least / median of ${own.runs}; the programs alone ${own.terraform.toFixed(0)}) | ${own.own.min.toFixed(0)} / ${own.own.median.toFixed(0)} | ${own.own.min <= 25 ? '≤ 25' : '**missed** 25'} |
| a component skipped with proof, ms | ${own.skip.toFixed(1)} | |
| ${order.components} components, ${order.parallelism} at once: time against the shortest possible | ${order.seconds.toFixed(1)} s / ${order.bound.toFixed(1)} s = ${ratio.toFixed(2)} | ${ratio <= 1.1 ? '≤ 1.10' : '**missed** 1.10'} |

The shortest possible is the longest chain of runs, or all runs spread evenly, whichever is longer. Two more scripts hold
deploys to what they leave, not to the clock: \`bench/cutoff-rounds.ts\` and \`bench/kill-deploys.ts\`.
`;
  if (values.print) console.log(report);
  else writeFileSync(resolve(import.meta.dirname, 'DEPLOYS.md'), report);
} finally {
  rmSync(here, { recursive: true, force: true });
}
