import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type RuntimeLookup, readPointer } from '../../src/consequence/digests.ts';
import { systemClock } from '../../src/deploy/clock.ts';
import { deploySet } from '../../src/deploy/deploy.ts';
import { destroySet } from '../../src/deploy/destroy.ts';
import type { DeployPorts, SetMember } from '../../src/deploy/set.ts';
import { byCodeUnit, digestOf } from '../../src/model/digest.ts';
import { markOfFile } from '../../src/run/state-mark.ts';
import { runStep } from '../../src/run/steps.ts';
import { terraformRunner } from '../../src/run/terraform.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { openSqliteLedger } from '../../src/stores/ledger/sqlite/ledger.ts';
import { openSqliteParameters } from '../../src/stores/parameters/sqlite/parameter-store.ts';
import { jobIn, seal, temporaryFolder, terraform, withoutTerraform, writeFiles } from './real-terraform.fixture.ts';

/** Real Terraform, real SQLite, three components in one module each: what the simulation promises, once for real. */
const nobody = { outside: [], references: [], alsoDeployed: [], counterpart: () => '' };

const secret = 'planted-secret-4411';

const modules: Readonly<Record<string, string>> = {
  vpc: `variable "config" {}
resource "terraform_data" "x" { input = var.config.cidr }
output "id" { value = "vpc-\${terraform_data.x.output}" }
output "label" { value = lookup(var.config, "label", "none") }`,
  db: `variable "vpc" {}
variable "password" { sensitive = true }
resource "terraform_data" "x" { input = [var.vpc.id, var.password] }
output "url" { value = "db.\${var.vpc.id}" }
output "password" {
  value     = var.password
  sensitive = true
}`,
  web: `variable "db" {}
resource "terraform_data" "x" { input = var.db.url }
output "site" { value = "https://\${terraform_data.x.output}" }`,
};

const reads: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  vpc: [],
  db: [['vpc', '/id']],
  web: [['db', '/url']],
};

function estate(configs: Record<string, Record<string, string>>) {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(modules)) writeFiles(root, { [`${name}/module/main.tf`]: text });
  mkdirSync(join(root, 'data'));
  const ledger = openSqliteLedger({ file: join(root, 'data', 'ledger.db') });
  const key = () => ({ id: 'k1', digest: (text: string) => seal(text) });
  const store = openSqliteParameters({ file: join(root, 'data', 'parameters.db'), binding: 'prod', key });
  const runner = terraformRunner({
    tool: { name: 'terraform', program: terraform ?? 'terraform' },
    seal,
    host: 'here',
  });
  let runs = 0;
  const work: DeployPorts['work'] = async ({ component }) => {
    const runtimes = new Map<string, unknown>();
    for (const one of Object.keys(modules)) runtimes.set(one, JSON.parse((await store.get(one))?.value ?? 'null'));
    const lookup: RuntimeLookup = (provider) => {
      const value = runtimes.get(provider) ?? null;
      return value === null ? null : { value, sensitive: [] };
    };
    const own = runtimes.get(component) as Record<string, unknown> | null;
    const variables = {
      ...(component === 'vpc' ? { config: configs['vpc'] } : {}),
      ...(component === 'db' ? { password: secret } : {}),
      ...Object.fromEntries((reads[component] ?? []).map(([from]) => [from, runtimes.get(from)])),
    };
    return {
      inputs: {
        component,
        deployment: '',
        config: digestOf(configs[component]),
        module: { digest: digestOf(modules[component]), pinned: true },
        lockFile: 'not-needed',
        binary: await runner.version(),
        variables: seal(component === 'db' ? secret : ''),
        consumed: (reads[component] ?? []).map(([provider, pointer]) =>
          readPointer({ provider, runtime: provider, pointer }, lookup, seal),
        ),
        cloud: [],
        orderOnly: [],
        unseen: [],
        blindSpots: [],
      },
      runner,
      job: { ...jobIn(join(root, component)), variables, sensitive: ['password'] },
      outputsNow: Object.fromEntries(Object.entries(own ?? {}).map(([name, value]) => [name, digestOf(value)])),
      stateNow: async () => markOfFile(jobIn(join(root, component)).state ?? ''),
      runtimeExists: own !== null && Object.keys(own).length > 0,
      publish: { store, name: component },
    };
  };
  const ports: DeployPorts = {
    ledger,
    clock: systemClock,
    runId: () => `r${++runs}`,
    runFolder: (run) => join(root, 'data', 'runs', run),
    work,
    runStep,
    listen: () => undefined,
    holder: { id: 'test', host: 'here', pid: process.pid, actor: 'ted', since: 'now' },
    actor: 'ted',
    door: 'cli',
  };
  const members: SetMember[] = Object.keys(modules).map((component) => ({
    component,
    deployment: '',
    environment: 'prod',
    selected: false,
    dependsOn: (reads[component] ?? []).map(([from]) => from),
  }));
  return { root, ledger, store, ports, set: (id: string) => ({ id, components: members }) };
}

/** Everything that Karma itself wrote. */
function writtenByKarma(root: string): string {
  const data = join(root, 'data');
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'))
    .sort(byCodeUnit)
    .join('\n');
}

describe.skipIf(withoutTerraform)('a deploy for real (needs terraform on PATH)', () => {
  it('deploys, cuts off, runs what a change reaches, destroys; no planted secret is written anywhere', async () => {
    const configs: Record<string, Record<string, string>> = { vpc: { cidr: '10' } };
    const { root, ledger, store, ports, set } = estate(configs);
    const states = async (id: string) => {
      const { members } = await deploySet(set(id), ports, { parallelism: 2 });
      return Object.fromEntries(members.map((one) => [one.key, one.reason ?? one.state]));
    };
    expect(await states('d1')).toEqual({ vpc: 'finished', db: 'finished', web: 'finished' });
    expect((await store.get('web'))?.value).toBe('{"site":"https://db.vpc-10"}');
    expect((await store.get('db'))?.value).toBe('{"url":"db.vpc-10"}');
    expect(await states('d2')).toEqual({ vpc: 'skipped', db: 'skipped', web: 'skipped' });
    // An output that nobody reads: only its owner runs.
    configs['vpc'] = { cidr: '10', label: 'new' };
    expect(await states('d3')).toEqual({ vpc: 'finished', db: 'skipped', web: 'skipped' });
    configs['vpc'] = { cidr: '11', label: 'new' };
    expect(await states('d4')).toEqual({ vpc: 'finished', db: 'finished', web: 'finished' });
    expect((await verifyLedger(ledger)).sound).toBe(true);
    const gone = await destroySet(set('x1'), ports, { parallelism: 2 }, nobody);
    expect(gone.members.map((one) => one.state)).toEqual(['finished', 'finished', 'finished']);
    expect((await store.get('web'))?.value).toBe('{}');
    expect(writtenByKarma(root)).not.toContain(secret);
    await ledger.close();
    await store.close();
  });
});
