import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../bench/random.ts';
import { randomEdit } from '../bench/random-edit.ts';
import { commitAll, type Files, temporaryFolder, writeFiles } from './support/estates.ts';
import { entry, environment, git, karma, karmaOk, root } from './support/karma.ts';
import { times } from './support/times.ts';
import { terraform, withoutTerraform } from './terraform/real-terraform.fixture.ts';

/**
 * Whole deploys through the command line with real Terraform: what runs and what is skipped, what a kill or a failure leaves,
 * who may deploy at once, and that no secret is written anywhere.
 */
if (terraform === undefined) console.info('deploys were not tested: terraform is not on PATH');

const folder = mkdtempSync(join(tmpdir(), 'karma-deploy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

let made = 0;

function place(): string {
  made += 1;
  return join(folder, `estate-${made}`);
}

/** An example as a repository with one commit. */
function example(name: string): string {
  const estate = place();
  cpSync(join(root, 'examples', name), estate, { recursive: true });
  return asRepository(estate);
}

function asRepository(estate: string): string {
  git(estate, 'init', '-q', '-b', 'main');
  commitAll(estate, 'one');
  return estate;
}

function smallEstate(files: Files): string {
  return asRepository(writeFiles(place(), { 'karma.yaml': 'estate: small\n', ...files }));
}

function edit(estate: string, path: string, change: (config: Record<string, unknown>) => void): void {
  const file = join(estate, path);
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  change(config);
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`);
  commitAll(estate, `edit ${path}`);
}

interface Member {
  readonly key: string;
  readonly state: string;
  readonly code?: string;
  readonly reason?: string;
  readonly changes?: { readonly add: number; readonly change: number; readonly destroy: number };
  readonly proof?: { readonly record: string; readonly consumed: readonly unknown[] };
  readonly commands: readonly { readonly command: readonly string[] }[];
}

interface Deployed {
  readonly outcome: string;
  readonly members: readonly Member[];
  readonly commit?: string;
  readonly asTheyAre: readonly string[];
  readonly resumed: readonly {
    readonly outcome: string;
    readonly inFlight: readonly string[];
    readonly left: readonly string[];
  }[];
  readonly logs: Readonly<Record<string, string>>;
}

async function deploy(
  estate: string,
  ...args: readonly string[]
): Promise<Deployed & { code: number; stderr: string }> {
  const { code, stdout, stderr } = await karma(['deploy', '--yes', '--json', ...args], { cwd: estate });
  return { ...(JSON.parse(stdout) as Deployed), code, stderr };
}

const ran = ({ members }: Deployed) => members.filter(({ state }) => state === 'finished').map(({ key }) => key);
const skipped = ({ members }: Deployed) => members.filter(({ state }) => state === 'skipped').map(({ key }) => key);

/** Every runtime of an account as it is published. */
async function runtimes(estate: string, binding: string): Promise<Readonly<Record<string, unknown>>> {
  const { stdout } = await karmaOk(['parameter', 'export', '/', '--binding', binding], { cwd: estate });
  const { Parameters } = JSON.parse(stdout) as { Parameters: readonly { Name: string; Value: string }[] };
  return Object.fromEntries(Parameters.map(({ Name, Value }) => [Name, JSON.parse(Value)]));
}

/** A component of one module: what it reads of others, and how long its apply takes. */
/** @param pause seconds that a run takes, or a file that it waits for */
function component(id: string, reads: readonly string[], pause: number | string = 0, more = ''): Files {
  const waits = typeof pause === 'string' ? `until test -e '${pause}'; do sleep 0.1; done` : `sleep ${pause}`;
  const [, type = ''] = id.split('/');
  const named = reads.map((one) => one.split('/')[1] ?? '');
  return {
    [`iac/${id}/config.json`]: JSON.stringify({
      size: 1,
      ...Object.fromEntries(reads.map((one) => [`${one.split('/')[1]}_nickname`, one.split('/')[2]])),
    }),
    [`components/${type}/main.tf`]: `variable "size" { type = number }
variable "nickname" { type = string }
${named.map((name) => `variable "${name}" { type = any }`).join('\n')}
resource "terraform_data" "it" {
  input = join("-", [var.nickname, tostring(var.size), ${named.map((name) => `var.${name}.value`).join(', ')}])
  provisioner "local-exec" { command = "${waits}" }
}
output "value" { value = terraform_data.it.output }
${more}`,
  };
}

function start(estate: string, ...args: readonly string[]): ChildProcess & { said: () => string } {
  const child = spawn(process.execPath, [entry, ...args], { cwd: estate, env: environment(), stdio: 'pipe' });
  let text = '';
  const hear = (bytes: Buffer) => {
    text += bytes.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return Object.assign(child, { said: () => text });
}

async function numberOfEvents(estate: string): Promise<number> {
  const { stdout } = await karmaOk(['log', 'list', '--limit', '1', '--json'], { cwd: estate });
  return (JSON.parse(stdout) as { events: readonly { seq: number }[] }).events[0]?.seq ?? 0;
}

/** As when the machine goes down: what Karma had started dies too. */
function killPrograms(estate: string): void {
  const runs = join(estate, '.git/karma/runs');
  for (const run of readdirSync(runs)) {
    const mark = join(runs, run, 'child.json');
    if (!existsSync(mark)) continue;
    const { pid } = JSON.parse(readFileSync(mark, 'utf8')) as { readonly pid: number };
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

async function until(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

const needs = describe.skipIf(withoutTerraform);

needs('a deploy on the command line', () => {
  it('deploys three, skips them with proof, and runs what a change reaches and no more', async () => {
    const estate = example('three');
    const first = await deploy(estate, '--all');
    expect(first.code).toBe(0);
    expect(ran(first)).toEqual(['dev/database/orders', 'dev/network/main', 'dev/service/shop']);
    expect(first.commit).toMatch(/^[0-9a-f]{40}$/);
    expect(await runtimes(estate, 'three-dev')).toMatchObject({
      '/iac/service/shop/runtime': { url: 'https://shop.example' },
      '/iac/database/orders/runtime': { storage_gb: 20 },
    });
    const again = await deploy(estate, '--all');
    expect(skipped(again)).toHaveLength(3);
    expect(again.members.every(({ proof, commands }) => proof !== undefined && commands.length === 0)).toBe(true);
    // Nobody reads `storage_gb`.
    edit(estate, 'iac/dev/database/orders/config.json', (config) => {
      config['storage_gb'] = 40;
    });
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/database/orders']);
    edit(estate, 'iac/dev/database/orders/config.json', (config) => {
      config['port'] = 6000;
    });
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/database/orders', 'dev/service/shop']);
    // Named one by one it runs whatever the digests say; a selection does not.
    expect(ran(await deploy(estate, 'network/main'))).toEqual(['dev/network/main']);
    expect(ran(await deploy(estate, 'env=dev'))).toEqual([]);
    const status = await karmaOk(['status'], { cwd: estate });
    expect(status.stdout).toMatch(/^3 deployments: 3 deployed/);
    const versions = await karmaOk(['graph', 'versions'], { cwd: estate });
    expect(versions.stdout).toContain('v1');
  });

  it('deploys twelve and, after one edit, runs two and skips ten', async () => {
    const estate = example('twelve');
    expect(ran(await deploy(estate, '--all'))).toHaveLength(12);
    edit(estate, 'iac/prod/rds-postgres/orders/config.json', (config) => {
      config['port'] = 6432;
    });
    const second = await deploy(estate, '--all');
    expect(ran(second)).toEqual(['prod/ecs-service/checkout', 'prod/rds-postgres/orders']);
    expect(skipped(second)).toHaveLength(10);
    const shown = await karmaOk(['deploy', '--all', '--yes'], { cwd: estate });
    expect(shown.stdout).toContain('0 ran, 12 skipped with proof, 0 failed');
    expect(shown.stdout).toMatch(/prod\/rds-postgres\/orders +skipped .*prod\/vpc\/main#\/vpc_id kept its value/);
    const why = await karmaOk(['why', 'prod/ecs-service/checkout'], { cwd: estate });
    expect(why.stdout).toContain('prod/rds-postgres/orders#/endpoint changed');
  });

  it('asks for a selection and a confirmation, and says what a plan would do without doing it', async () => {
    const estate = example('three');
    const none = await karma(['deploy', '--yes'], { cwd: estate });
    expect([none.code, none.stderr]).toEqual([64, expect.stringContaining('which components?')]);
    const unasked = await karma(['deploy', '--all'], { cwd: estate });
    expect(unasked.code).toBe(3);
    expect(unasked.stderr).toMatch(/KARMA_DECLINED .*deploy 3 components in dev[\s\S]*--yes/);
    const nearly = await karma(['deploy', 'dev/network/mian', '--yes'], { cwd: estate });
    expect([nearly.code, nearly.stderr]).toEqual([64, expect.stringContaining('dev/network/main')]);
    const plan = await karmaOk(['plan', '--all'], { cwd: estate });
    expect(plan.stdout).toMatch(/dev\/network\/main +planned +\+1 ~0 -0[\s\S]*create +terraform_data\.network/);
    expect(plan.stdout).toMatch(/dev\/database\/orders +waits +not known yet: dev\/network\/main#\/network_id/);
    const dry = await karmaOk(['deploy', '--all', '--dry-run'], { cwd: estate });
    expect(dry.stdout).toContain('1 planned');
    expect(await runtimes(estate, 'three-dev')).toEqual({});
    const ci = await karma(['deploy', '--all', '--yes'], { cwd: estate, env: { CI: 'true' } });
    expect([ci.code, ci.stderr]).toEqual([3, expect.stringContaining('--data')]);
  });

  it('runs a dirty work tree as it is, and says so; another revision from its commit', async () => {
    const estate = example('three');
    const old = git(estate, 'rev-parse', 'HEAD');
    writeFileSync(join(estate, 'iac/dev/network/main/config.json'), '{ "cidr": "10.9.0.0/16" }');
    const dirty = await deploy(estate, '--all');
    expect(dirty.commit).toBeUndefined();
    expect(dirty.asTheyAre).toEqual([expect.stringContaining('iac/dev/network/main/config.json')]);
    expect(dirty.stderr).toContain('recorded without a commit');
    const before = await runtimes(estate, 'three-dev');
    const back = await deploy(estate, '--all', '--at', old);
    expect(back.commit).toBe(old);
    expect(ran(back)).toContain('dev/network/main');
    expect(await runtimes(estate, 'three-dev')).not.toEqual(before);
  });

  it('stops only what depends on a module that fails, and says where its log is', async () => {
    const broken = 'resource "terraform_data" "bad" {\n  provisioner "local-exec" { command = "exit 7" }\n}\n';
    const estate = smallEstate({
      ...component('dev/a/one', []),
      ...component('dev/b/one', ['dev/a/one'], 0, broken),
      ...component('dev/c/one', ['dev/b/one']),
      ...component('dev/d/one', ['dev/a/one']),
    });
    const answer = await deploy(estate, '--all');
    expect(answer.code).toBe(1);
    expect(Object.fromEntries(answer.members.map(({ key, state }) => [key, state]))).toEqual({
      'dev/a/one': 'finished',
      'dev/b/one': 'failed',
      'dev/c/one': 'discarded',
      'dev/d/one': 'finished',
    });
    expect(readFileSync(answer.logs['dev/b/one'] ?? '', 'utf8')).toContain('exit status 7');
    const shown = await karma(['deploy', '--all', '--yes'], { cwd: estate });
    expect(shown.stdout).toContain('not run because of it: dev/c/one');
    expect(shown.stdout).toContain(`failed: 0 ran, 2 skipped with proof, 1 failed, 1 not run`);
    writeFiles(estate, component('dev/b/one', ['dev/a/one']));
    commitAll(estate, 'mend');
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/b/one', 'dev/c/one']);
  });

  it('refuses to take away what another component reads, unless told to', async () => {
    const estate = example('three');
    await deploy(estate, '--all');
    const module = join(estate, 'components/database/main.tf');
    writeFileSync(module, readFileSync(module, 'utf8').replace('output "endpoint"', 'output "address"'));
    commitAll(estate, 'another name');
    const refused = await deploy(estate, 'database/orders');
    expect(refused.code).toBe(3);
    expect(refused.members[0]?.reason).toContain('/endpoint dropped, read by dev/service/shop');
    expect(await runtimes(estate, 'three-dev')).toMatchObject({ '/iac/database/orders/runtime': { storage_gb: 20 } });
    expect(ran(await deploy(estate, 'database/orders', '--break-contracts'))).toEqual(['dev/database/orders']);
  });

  it('refuses what breaks a reader outside the estate, whether karma.yaml names a component or a pattern', async () => {
    const estate = smallEstate(component('dev/a/one', []));
    const consumers = [
      ['the billing team', 'dev/a/*', '[/value]'],
      ['the reports', 'dev/a/one', '[value]'],
      ['somebody else', 'dev/b/*', '[/value]'],
      ['the archive', 'dev/**', '[]'],
    ].map(([who, reads, consumes]) => `  - { who: ${who}, reads: ${reads}, consumes: ${consumes} }\n`);
    writeFileSync(join(estate, 'karma.yaml'), `estate: small\nconsumers:\n${consumers.join('')}`);
    commitAll(estate, 'consumers');
    expect((await deploy(estate, '--all')).code).toBe(0);
    const module = join(estate, 'components/a/main.tf');
    writeFileSync(module, readFileSync(module, 'utf8').replace('output "value"', 'output "worth"'));
    commitAll(estate, 'another name');
    const refused = await deploy(estate, '--all');
    expect(refused.code).toBe(3);
    expect(refused.members[0]?.reason).toBe(
      'dev/a/one would break what others read: /value dropped, read by the billing team; /value dropped, read by the reports',
    );
    expect(ran(await deploy(estate, '--all', '--break-contracts'))).toEqual(['dev/a/one']);
  });

  it('runs the steps of a type, and leaves alone what others write into its runtime', async () => {
    const estate = smallEstate({
      ...component('dev/a/one', []),
      'components/a/component.yaml': `steps:
  - { name: before, when: before, run: [sh, -c, 'echo before $KARMA_COMPONENT >> "$IAC_NOTES"'] }
  - { name: after, when: after, run: ./after.sh }
also_written_by: { script: [url] }
`,
      'components/a/after.sh': '#!/bin/sh\necho after >> "$IAC_NOTES"\n',
    });
    chmodSync(join(estate, 'components/a/after.sh'), 0o755);
    commitAll(estate, 'may be run');
    const notes = join(folder, 'notes');
    const env = { IAC_NOTES: notes };
    await karmaOk(['deploy', '--all', '--yes'], { cwd: estate, env });
    expect(readFileSync(notes, 'utf8')).toBe('before dev/a/one\nafter\n');
    const runtime = '/iac/a/one/runtime';
    const put = (value: object) =>
      karmaOk(['parameter', 'put', runtime, JSON.stringify(value), '--binding', 'dev'], { cwd: estate });
    await put({ value: 'one-1', url: 'x' });
    const again = await karmaOk(['deploy', '--all', '--yes'], { cwd: estate, env });
    expect(again.stdout).toContain('1 skipped with proof');
    await put({ value: 'edited', url: 'x' });
    const back = await karmaOk(['deploy', '--all', '--yes', '--verbose'], { cwd: estate, env });
    expect(back.stderr).toContain('its output value is not what the last run wrote');
    expect(await runtimes(estate, 'dev')).toEqual({ [runtime]: { value: 'one-1', url: 'x' } });
  });

  it('destroys backwards, refuses what is still consumed, and destroys what is in no config any more', async () => {
    const estate = example('three');
    await deploy(estate, '--all');
    const refused = await karma(['destroy', 'network/main', '--yes'], { cwd: estate });
    expect([refused.code, refused.stderr]).toEqual([
      3,
      expect.stringContaining('still consumed by dev/database/orders'),
    ]);
    rmSync(join(estate, 'iac/dev/service'), { recursive: true });
    rmSync(join(estate, 'components/service'), { recursive: true });
    commitAll(estate, 'the shop is closed');
    const dry = await karmaOk(['destroy', '--all', '--dry-run'], { cwd: estate });
    expect(dry.stdout.split('\n').slice(0, 3)).toEqual([
      '  dev/service/shop',
      '  dev/database/orders',
      '  dev/network/main',
    ]);
    const gone = await karmaOk(['destroy', '--all', '--yes', '--json'], { cwd: estate });
    const { members } = JSON.parse(gone.stdout) as Deployed;
    expect(members.map(({ changes }) => changes?.destroy)).toEqual([1, 1, 1]);
    const again = await karmaOk(['destroy', '--all', '--yes'], { cwd: estate });
    expect(again.stderr).toContain('is destroyed already');
    expect((await karmaOk(['list', '-q'], { cwd: estate })).stdout.trim().split('\n')).toEqual([
      'dev/database/orders',
      'dev/network/main',
    ]);
  });
});

needs('early cutoff', () => {
  it('leaves, after random edits, what a deploy that runs everything leaves; `node bench/cutoff-rounds.ts` goes on', async () => {
    const estate = example('twelve');
    const everything = place();
    expect(ran(await deploy(estate, '--all'))).toHaveLength(12);
    cpSync(estate, everything, { recursive: true });
    const random = seededRandom(7);
    const accounts = readdirSync(join(estate, 'account_environments')).map((name) => name.replace('.json', ''));
    expect(accounts.sort()).toEqual(['shop-dev', 'shop-prod']);
    for (let round = 1; round <= times(2); round += 1) {
      const edits = randomEdit([estate, everything], random);
      for (const one of [estate, everything]) commitAll(one, edits);
      const cut = await deploy(estate, '--all');
      const all = await deploy(everything, '--all', '--no-cutoff');
      expect([cut.code, all.code], edits).toEqual([0, 0]);
      expect(ran(all)).toHaveLength(12);
      expect(ran(cut).length, edits).toBeLessThan(12);
      for (const account of accounts)
        expect(await runtimes(estate, account), `round ${round}: ${edits}`).toEqual(
          await runtimes(everything, account),
        );
    }
  });
});

needs('a deploy that does not end', () => {
  const shop = async (estate: string) => [await runtimes(estate, 'shop-dev'), await runtimes(estate, 'shop-prod')];
  let known: ReturnType<typeof shop> | undefined;
  const undisturbed = () => {
    known ??= (async () => {
      const estate = example('twelve');
      await deploy(estate, '--all');
      return shop(estate);
    })();
    return known;
  };

  it.each([
    ['at once', 0],
    ['near the end', 8],
  ])('killed %s, is told of and resumed to the same outputs', async (_when, lines) => {
    const estate = example('twelve');
    const child = start(estate, 'deploy', '--all', '--yes', '--verbose');
    const outcomes = () =>
      child
        .said()
        .split('\n')
        .filter((line) => line.includes(' finished ')).length;
    await until(() => outcomes() >= lines && child.said().includes('terraform apply'), child);
    child.kill('SIGKILL');
    await ended(child);
    expect(child.signalCode).toBe('SIGKILL');
    const resumed = await deploy(estate, '--all');
    expect(resumed.code).toBe(0);
    expect(resumed.resumed.map(({ outcome }) => outcome)).toEqual(['resumed']);
    expect(resumed.stderr).toContain('did not end');
    expect(await shop(estate)).toEqual(await undisturbed());
    const quiet = await deploy(estate, '--all');
    expect([skipped(quiet).length, quiet.resumed]).toEqual([12, []]);
    expect((await karmaOk(['log', 'verify'], { cwd: estate })).code).toBe(0);
  });

  it('goes on with what is asked for now and with nothing else', async () => {
    const estate = smallEstate({
      ...component('dev/a/one', [], 20),
      ...component('dev/b/one', []),
      ...component('dev/c/one', []),
    });
    const child = start(estate, 'deploy', 'dev/a/one', 'dev/b/one', '--parallelism', '1', '--yes', '--verbose');
    await until(() => child.said().includes('create started'), child);
    child.kill('SIGKILL');
    await ended(child);
    killPrograms(estate);
    writeFiles(estate, component('dev/a/one', [], 0));
    commitAll(estate, 'faster');
    const status = await karmaOk(['status', '--json'], { cwd: estate });
    expect(JSON.parse(status.stdout)).toMatchObject({
      deploys: [{ state: 'interrupted', inFlight: ['dev/a/one'], notStarted: ['dev/b/one'] }],
      components: [{ status: 'interrupted' }, {}, {}],
    });
    expect(readdirSync(join(estate, '.git/karma/checkouts'))).toHaveLength(1);
    const other = await deploy(estate, 'dev/c/one');
    expect(readdirSync(join(estate, '.git/karma/checkouts'))).toEqual([]);
    expect([other.code, ran(other)]).toEqual([0, ['dev/c/one']]);
    expect(other.resumed).toMatchObject([{ outcome: 'settled', left: ['dev/a/one', 'dev/b/one'] }]);
    expect(other.stderr).toMatch(
      /not selected, so not run: dev\/a\/one; dev\/b\/one; `karma deploy dev\/a\/one dev\/b\/one`/,
    );
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/a/one', 'dev/b/one']);
  });

  it('on Ctrl-C lets finish what runs and starts nothing more', async () => {
    const estate = smallEstate({ ...component('dev/a/one', [], 1), ...component('dev/b/one', ['dev/a/one']) });
    const child = start(estate, 'deploy', '--all', '--yes', '--verbose');
    await until(() => child.said().includes('create started'), child);
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    expect(child.said()).toMatch(/what runs is left to finish/);
    expect(child.said()).toMatch(/dev\/a\/one +finished/);
    expect(child.said()).toMatch(/dev\/b\/one +not run +the deploy was interrupted/);
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/b/one']);
  });
});

needs('runs by hand between deploys', () => {
  const applyByHand = (estate: string, size: number) => {
    const run = (...args: readonly string[]) =>
      execFileSync(terraform ?? 'terraform', args, { cwd: join(estate, 'net'), env: environment(), stdio: 'pipe' });
    run('init', '-input=false');
    run('apply', '-input=false', '-auto-approve', `-var=size=${size}`);
  };
  const roots = {
    '.gitignore': '*.tfstate*\n.terraform/\n.terraform.lock.hcl\n',
    'net/main.tf': `terraform {
  backend "local" {}
}
variable "size" { default = 1 }
resource "terraform_data" "hidden" { input = var.size }
output "id" { value = "net-1" }
`,
    'app/main.tf': `terraform {
  backend "local" {}
}
data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "../net/terraform.tfstate" }
}
output "seen" { value = data.terraform_remote_state.net.outputs.id }
`,
  };
  const statusOf = async (estate: string) => {
    const { stdout } = await karmaOk(['status', '--json'], { cwd: estate });
    const { components } = JSON.parse(stdout) as { components: readonly { component: string; status: string }[] };
    return Object.fromEntries(components.map(({ component: id, status }) => [id, status]));
  };

  it('are seen though no output changed: neither deployed nor skipped, also when they were recorded', async () => {
    const estate = smallEstate(roots);
    await deploy(estate, '--all');
    expect(await statusOf(estate)).toEqual({ app: 'deployed', net: 'deployed' });
    applyByHand(estate, 2);
    expect((await statusOf(estate))['net']).toBe('unknown');
    for (const id of ['net', 'app'])
      await karmaOk(['record', `${id}/terraform.tfstate`, '--component', id], { cwd: estate });
    expect((await statusOf(estate))['net']).toBe('unknown');
    const again = await deploy(estate, '--all');
    expect([ran(again), skipped(again)]).toEqual([['net'], ['app']]);
    expect(await statusOf(estate)).toEqual({ app: 'deployed', net: 'deployed' });
  });

  it('and a state that vanished are no proof', async () => {
    const estate = smallEstate(component('dev/a/one', []));
    await deploy(estate, '--all');
    expect(await statusOf(estate)).toEqual({ 'dev/a/one': 'deployed' });
    rmSync(join(estate, '.git/karma/state'), { recursive: true });
    expect(await statusOf(estate)).toEqual({ 'dev/a/one': 'unknown' });
    expect((await deploy(estate, '--all')).members).toMatchObject([{ state: 'failed', code: 'KARMA_REFUSED' }]);
  });
});

needs('why an output is as it is', () => {
  it('names every commit since the run before that reached it, and only those', async () => {
    const root = `terraform {
  backend "local" {}
}
variable "cidr" { default = "10.0.0.0/16" }
resource "terraform_data" "a" { input = var.cidr }
resource "terraform_data" "b" { input = "one" }
module "m" { source = "../mod" }
output "a" { value = terraform_data.a.output }
output "b" { value = terraform_data.b.output }
output "m" { value = module.m.v }
`;
    const estate = smallEstate({
      '.gitignore': '*.tfstate*\n',
      'net/main.tf': root,
      'mod/main.tf': 'output "v" { value = "v1" }\n',
    });
    await deploy(estate, '--all');
    let text = root;
    const change = (from: string, to: string, message: string) => {
      text = text.replace(from, to);
      writeFiles(estate, { 'net/main.tf': text });
      commitAll(estate, message);
    };
    change('10.0', '10.1', 'move the network');
    change('"one"', '"two"', 'change b');
    writeFiles(estate, { 'mod/main.tf': 'output "v" { value = "v2" }\n' });
    commitAll(estate, 'change the module');
    change('10.1', '10.2', 'move it once more');
    writeFiles(estate, { 'net/README.md': 'words\n' });
    commitAll(estate, 'write about it');
    change('variable', '# a comment\nvariable', 'say what it is');
    await deploy(estate, '--all');
    const commitsOf = async (id: string) => {
      const { stdout } = await karmaOk(['why', id], { cwd: estate });
      return [...stdout.matchAll(/module, commit \w+: (.*?) {2}/g)].map(([, message]) => message);
    };
    expect(await commitsOf('net#/a')).toEqual(['move it once more', 'move the network']);
    expect(await commitsOf('net#/b')).toEqual(['change b']);
    expect(await commitsOf('net#/m')).toEqual(['change the module']);
    expect(await commitsOf('net')).toEqual(['move it once more', 'change the module', 'change b', 'move the network']);
  });
});

needs('a plan that was kept', () => {
  it('is applied exactly as it was shown, or refused', async () => {
    const estate = smallEstate({ ...component('dev/a/one', []), ...component('dev/b/one', ['dev/a/one']) });
    const file = join(folder, `plan-${made}.json`);
    const planned = await karmaOk(['plan', '--all', '--out', file], { cwd: estate });
    expect(planned.stdout).toMatch(/input: – → "one-1/);
    expect(statSync(file).mode & 0o077).toBe(0);
    const deployed = await deploy(estate, '--plan', file);
    expect([deployed.code, ran(deployed)]).toEqual([0, ['dev/a/one']]);
    expect(deployed.stderr).toMatch(/input: – → "one-1[\s\S]*dev\/b\/one was not planned: waits for/);
    // What it was planned of is there no more.
    expect((await deploy(estate, '--plan', file)).code).toBe(3);
    await karmaOk(['plan', 'dev/b/one', '--out', file], { cwd: estate });
    edit(estate, 'iac/dev/b/one/config.json', (config) => {
      config['size'] = 2;
    });
    const changed = await deploy(estate, '--plan', file);
    expect([changed.code, changed.members]).toMatchObject([3, [{ code: 'KARMA_REFUSED' }]]);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"anyChange":true', '"anyChange":false'));
    const edited = await karma(['deploy', '--yes', '--plan', file], { cwd: estate });
    expect([edited.code, edited.stderr]).toEqual([3, expect.stringContaining('was edited')]);
    expect((await karma(['deploy', 'dev/a/one', '--yes', '--plan', file], { cwd: estate })).code).toBe(64);
  });
});

needs('a second Ctrl-C', () => {
  it('stops what runs; Terraform keeps what it made, and the next deploy goes on from there', async () => {
    const estate = smallEstate({ ...component('dev/a/one', [], 20), ...component('dev/b/one', ['dev/a/one']) });
    const child = start(estate, 'deploy', '--all', '--yes', '--verbose');
    await until(() => child.said().includes('create started'), child);
    child.kill('SIGINT');
    await until(() => child.said().includes('what runs is left to finish'), child);
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    expect(child.said()).toContain('interrupted');
    writeFiles(estate, component('dev/a/one', [], 0));
    commitAll(estate, 'faster');
    expect(ran(await deploy(estate, '--all'))).toEqual(['dev/a/one', 'dev/b/one']);
  });
});

needs('two deploys at once', () => {
  it('on one environment the second is told who holds it; on another one it goes on', async () => {
    const estate = smallEstate({ ...component('dev/a/one', [], 12), ...component('test/b/one', []) });
    const child = start(estate, 'deploy', 'env=dev', '--yes', '--verbose');
    await until(() => child.said().includes('create started'), child);
    const second = await karma(['deploy', 'env=dev', '--yes'], { cwd: estate });
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(/environment:dev is held by tester \(process \d+ on .*\) since \d{4}-/);
    expect(ran(await deploy(estate, 'env=test'))).toEqual(['test/b/one']);
    expect(child.exitCode).toBeNull();
    expect(await ended(child)).toBe(0);
  });
});

needs('a deploy that ends by itself while somebody waits to take over', () => {
  it('lets the other go on', async () => {
    const estate = smallEstate({ ...component('dev/a/one', [], 4), ...component('dev/b/one', ['dev/a/one']) });
    const child = start(estate, 'deploy', '--all', '--yes', '--verbose');
    try {
      await until(() => child.said().includes('create started'), child);
      expect((await karmaOk(['status'], { cwd: estate })).stdout).toMatch(/running: a deploy by tester/);
      const second = deploy(estate, '--all', '--take-over');
      expect(await ended(child)).toBe(0);
      expect([(await second).code, skipped(await second)]).toEqual([0, ['dev/a/one', 'dev/b/one']]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

needs('a deploy that stands still', () => {
  it('is taken over when asked, its program waited for and its runs settled; then nothing is left to do', async () => {
    const gate = join(temporaryFolder(), 'go-on');
    const estate = smallEstate({ ...component('dev/a/one', [], gate), ...component('dev/b/one', ['dev/a/one']) });
    const child = start(estate, 'deploy', '--all', '--yes', '--verbose');
    try {
      await until(() => child.said().includes('create started'), child);
      child.kill('SIGSTOP');
      expect((await karma(['deploy', '--all', '--yes'], { cwd: estate })).code).toBe(75);
      // Nobody wants to wait a whole lease here.
      const ledger = new DatabaseSync(join(estate, '.git/karma/ledger.db'));
      ledger.exec('UPDATE lease SET ttl = 300');
      ledger.close();
      const taking = start(estate, 'deploy', '--yes', '--json', '--all', '--take-over');
      let answer = '';
      taking.stdout?.on('data', (bytes: Buffer) => {
        answer += bytes.toString();
      });
      await until(() => taking.said().includes('is waited for'), taking);
      writeFileSync(gate, '');
      expect(await ended(taking)).toBe(0);
      const second = { ...(JSON.parse(answer) as Deployed), stderr: taking.said() };
      expect(second.resumed).toMatchObject([
        { outcome: 'resumed', inFlight: ['dev/a/one'], programs: [{ key: 'dev/a/one', was: 'ended' }] },
      ]);
      expect(second.stderr).toMatch(/dev\/a\/one: its program still runs \(process \d+\) and is waited for/);
      // The program of the first one was let finish: nothing is made a second time.
      expect(second.members.map(({ key, changes }) => [key, changes?.add])).toEqual([
        ['dev/a/one', 0],
        ['dev/b/one', 1],
      ]);
      // Going on, the first one notices and writes nothing more: no event, no record, no parameter.
      const events = await numberOfEvents(estate);
      child.kill('SIGCONT');
      expect(await ended(child)).not.toBe(0);
      expect(await numberOfEvents(estate)).toBe(events);
      expect(skipped(await deploy(estate, '--all'))).toEqual(['dev/a/one', 'dev/b/one']);
      expect((await karmaOk(['log', 'verify'], { cwd: estate })).code).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

/** A state store as Terraform's `http` backend knows one. */
async function stateServer(): Promise<{ readonly url: string; readonly states: Map<string, string>; close(): void }> {
  const states = new Map<string, string>();
  const server = createServer((request, response) => {
    const name = request.url ?? '';
    if (request.method === 'GET') {
      const state = states.get(name);
      response.writeHead(state === undefined ? 404 : 200).end(state);
      return;
    }
    let body = '';
    request.on('data', (bytes: Buffer) => {
      body += bytes.toString();
    });
    request.on('end', () => {
      states.set(name, body);
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${port}`, states, close: () => server.close() };
}

needs('root modules', () => {
  it('with states in a store: read to prove that nothing changed, and refused when one is gone', async () => {
    const { url, states, close } = await stateServer();
    try {
      const backend = (name: string) => `terraform {\n  backend "http" { address = "${url}/${name}" }\n}\n`;
      const estate = smallEstate({
        'net/main.tf': `${backend('net')}variable "cidr" { type = string }
resource "terraform_data" "it" { input = var.cidr }
output "id" { value = "net-\${terraform_data.it.output}" }
output "note" { value = "unread" }
`,
        'net/terraform.tfvars': 'cidr = "10"\n',
        'app/main.tf': `${backend('app')}data "terraform_remote_state" "net" {
  backend = "http"
  config  = { address = "${url}/net" }
}
resource "terraform_data" "it" { input = data.terraform_remote_state.net.outputs.id }
output "where" { value = terraform_data.it.output }
`,
      });
      expect(ran(await deploy(estate, '--all'))).toEqual(['app', 'net']);
      expect(JSON.parse(states.get('/app') ?? '{}')).toMatchObject({ outputs: { where: { value: 'net-10' } } });
      expect(skipped(await deploy(estate, '--all'))).toEqual(['app', 'net']);
      writeFileSync(
        join(estate, 'net/main.tf'),
        readFileSync(join(estate, 'net/main.tf'), 'utf8').replace('unread', 'new'),
      );
      commitAll(estate, 'another note');
      expect(ran(await deploy(estate, '--all'))).toEqual(['net']);
      writeFileSync(join(estate, 'net/terraform.tfvars'), 'cidr = "11"\n');
      commitAll(estate, 'another network');
      expect(ran(await deploy(estate, '--all'))).toEqual(['app', 'net']);
      states.delete('/net');
      const lost = await deploy(estate, 'net');
      expect([lost.code, lost.members[0]?.reason]).toEqual([
        3,
        expect.stringContaining('the state found for it is empty'),
      ]);
      expect(ran(await deploy(estate, 'net', '--new-state'))).toEqual(['net']);
    } finally {
      close();
    }
  });

  it.each(['a checkout', 'the work tree'])(
    'applied by hand before: run from %s, their local state stays whole',
    async (from) => {
      const main = (input: string) => `terraform {
  backend "local" {}
}
resource "terraform_data" "it" { input = "${input}" }
output "value" { value = terraform_data.it.output }
`;
      const estate = smallEstate({ '.gitignore': '*.tfstate*\n.terraform/\n', 'live/dev/a/main.tf': main('one') });
      const folder = join(estate, 'live/dev/a');
      const state = () => readFileSync(join(folder, 'terraform.tfstate'), 'utf8');
      for (const verb of [['init'], ['apply', '-auto-approve']])
        execFileSync(terraform ?? '', [...verb, '-input=false'], { cwd: folder, stdio: 'pipe' });
      rmSync(join(folder, '.terraform'), { recursive: true });
      const byHand = state();
      if (from === 'the work tree') writeFileSync(join(folder, 'notes.txt'), 'not committed');
      const first = await deploy(estate, '--all');
      expect(first.members.map(({ state: one, changes }) => [one, changes?.add])).toEqual([['finished', 0]]);
      expect(state()).toBe(byHand);
      writeFileSync(join(folder, 'main.tf'), main('two'));
      if (from === 'a checkout') commitAll(estate, 'two');
      expect(ran(await deploy(estate, '--all'))).toEqual(['live/dev/a']);
      expect(JSON.parse(state())).toMatchObject({ outputs: { value: { value: 'two' } } });
    },
  );

  it('run for the first time from a checkout, leave their local states beside the modules', async () => {
    const root = (more: string) => `terraform {\n  backend "local" {}\n}\n${more}`;
    const estate = smallEstate({
      '.gitignore': '*.tfstate*\n',
      'live/dev/a/main.tf': root('resource "terraform_data" "it" { input = 1 }\noutput "value" { value = "a" }\n'),
      'live/dev/b/main.tf': root(
        'data "terraform_remote_state" "a" {\n  backend = "local"\n  config = { path = "../a/terraform.tfstate" }\n}\noutput "value" { value = data.terraform_remote_state.a.outputs.value }\n',
      ),
    });
    expect(ran(await deploy(estate, '--all'))).toEqual(['live/dev/a', 'live/dev/b']);
    const state = (name: string) => {
      const text = readFileSync(join(estate, 'live/dev', name, 'terraform.tfstate'), 'utf8');
      return JSON.parse(text) as { readonly resources: readonly unknown[] };
    };
    for (const name of ['a', 'b']) expect(state(name)).toMatchObject({ outputs: { value: { value: 'a' } } });
    // Initialised anew, with a state that is there now.
    writeFileSync(join(estate, 'live/dev/a/more.tf'), 'resource "terraform_data" "more" {}\n');
    commitAll(estate, 'more');
    expect(ran(await deploy(estate, '--all'))).toEqual(['live/dev/a']);
    expect(state('a').resources).toHaveLength(2);
    expect(skipped(await deploy(estate, '--all'))).toEqual(['live/dev/a', 'live/dev/b']);
  });

  it('run from a checkout, their local states and workspaces where they always were', async () => {
    const estate = example('terraform');
    writeFileSync(join(estate, '.gitignore'), '.state/\n');
    commitAll(estate, 'keep states out');
    const roots = ['network', 'database', 'app'];
    const vague = await karma(['deploy', 'network', '--yes'], { cwd: estate });
    expect([vague.code, vague.stderr]).toEqual([64, expect.stringContaining('network@dev, network@prod')]);
    const first = await deploy(estate, ...roots.map((name) => `${name}@dev`));
    expect(ran(first)).toEqual(['app@dev', 'database@dev', 'network@dev']);
    expect(first.commit).toBeDefined();
    expect(ran(await deploy(estate, ...roots, '--binding', 'prod'))).toHaveLength(3);
    expect(readdirSync(join(estate, '.state/app')).sort()).toEqual(['dev', 'prod']);
    expect(git(estate, 'status', '--porcelain')).toBe('');
    const again = await deploy(estate, '--filter', '!archive', '--filter', '!reports', '--binding', 'dev');
    expect([ran(again), skipped(again)]).toEqual([[], ['app@dev', 'database@dev', 'network@dev']]);
    // Both, named one after the other; and of each deployment only what is consumed of that very one is held on to.
    expect(ran(await deploy(estate, 'network@dev', 'network@prod'))).toEqual(['network@dev', 'network@prod']);
    const destroy = (...args: readonly string[]) => karma(['destroy', ...args, '--dry-run'], { cwd: estate });
    const consumed = await destroy('network@prod', 'database@dev', 'app@dev');
    expect([consumed.code, consumed.stderr]).toEqual([
      3,
      expect.stringContaining('still consumed by app@prod (of network@prod), database@prod (of network@prod)'),
    ]);
    expect((await destroy('network@dev', 'database@dev', 'app@dev')).code).toBe(0);
    // The estate moves, with its states: what Terraform remembers of where they were does not count.
    const moved = place();
    renameSync(estate, moved);
    writeFileSync(join(moved, 'network/envs/dev.tfvars'), 'environment = "dev"\ncidr = "10.77.0.0/16"\n');
    commitAll(moved, 'another network');
    expect(ran(await deploy(moved, 'network@dev'))).toEqual(['network@dev']);
    renameSync(moved, estate);
    // Somebody else's state is gone: nothing is made twice.
    rmSync(join(estate, '.state/network/dev'), { recursive: true });
    const lost = await deploy(estate, 'network@dev');
    expect(lost.code).toBe(3);
  });
});

needs('secrets', () => {
  it('are in no file that Karma writes, no row, no log and no answer', async () => {
    const planted = 'planted-secret-90210';
    const made = 'made-secret-77123';
    const estate = smallEstate({
      'iac/dev/db/one/config.json': JSON.stringify({ user: 'karma', password: planted }),
      'components/db/main.tf': `variable "user" { type = string }
variable "password" {
  type      = string
  sensitive = true
}
locals { token = "${made}" }
resource "terraform_data" "it" {
  input = { user = var.user, password = var.password }
  provisioner "local-exec" { command = "echo it is \${var.password}" }
}
output "user" { value = var.user }
output "password" {
  value     = var.password
  sensitive = true
}
output "token" {
  value     = sensitive(local.token)
  sensitive = true
}
output "url" { value = nonsensitive("db://\${var.user}:\${var.password}@db") }
`,
    });
    const heard: string[] = [];
    for (const args of [
      ['plan', '--all', '--verbose'],
      ['plan', '--all', '--json'],
      ['deploy', '--all', '--yes', '--verbose'],
      ['deploy', 'db/one', '--yes', '--json'],
      ['status', '--json'],
      ['why', 'dev/db/one', '--json'],
      ['log', 'export'],
      ['parameter', 'export', '/', '--binding', 'dev'],
      ['outputs', 'dev/db/one', '--json'],
    ]) {
      const { code, stdout, stderr } = await karma(args, { cwd: estate });
      expect(code, stderr).toBe(0);
      heard.push(stdout, stderr);
    }
    expect(
      heard.some((text) =>
        text.includes(JSON.stringify({ Value: '{"user":"karma"}' }).slice(1, -1).replace(':', ': ')),
      ),
    ).toBe(true);
    for (const secret of [planted, made]) {
      expect(heard.filter((text) => text.includes(secret))).toEqual([]);
      expect(filesWith(join(estate, '.git/karma'), secret)).toEqual([]);
    }
  });
});

/** Files that Karma wrote and that hold a text. Terraform's own states hold values in clear, wherever they lie. */
function filesWith(data: string, text: string): string[] {
  expect(existsSync(join(data, 'ledger.db'))).toBe(true);
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !/\.tfstate(\.backup)?$/.test(one.name))
    .map((one) => join(one.parentPath, one.name))
    .filter((file) => !file.includes('/checkouts/') && readFileSync(file).includes(text));
}
