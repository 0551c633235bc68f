import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RuntimeLookup, readPointer } from '../../src/consequence/digests.ts';
import { systemClock } from '../../src/deploy/clock.ts';
import { deploySet } from '../../src/deploy/deploy.ts';
import { interruptedDeploys, settleDeploy } from '../../src/deploy/resume.ts';
import type { DeployEvent, DeployPorts, DeployResult, DeploySet, SetMember } from '../../src/deploy/set.ts';
import { byCodeUnit, digestOf } from '../../src/model/digest.ts';
import { readMark } from '../../src/run/job-files.ts';
import { markOfFile } from '../../src/run/state-mark.ts';
import { runStep } from '../../src/run/steps.ts';
import { terraformRunner } from '../../src/run/terraform.ts';
import { thisHost } from '../../src/stores/ledger/liveness.ts';
import { openSqliteLedger } from '../../src/stores/ledger/sqlite/ledger.ts';
import { openSqliteParameters } from '../../src/stores/parameters/sqlite/parameter-store.ts';
import { jobIn, seal, terraform, writeFiles } from './real-terraform.fixture.ts';

/**
 * An estate on disk for tests with real Terraform and real stores, in which several processes can deploy one after the other:
 * `size` components, each with a module that reads outputs of two before it, and a config in a file.
 */
export interface RealEstate {
  readonly ports: DeployPorts;
  readonly set: (id: string) => DeploySet;
  readonly runtimes: () => Promise<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

export function providersOf(at: number): readonly number[] {
  return [...new Set([Math.floor((at - 1) / 2), at - 2])].filter((one) => one >= 0 && one < at);
}

export function makeRealEstate(root: string, size: number, pause: number): string {
  writeModules(root, size, pause);
  for (let at = 0; at < size; at += 1) setConfig(root, at, `v${at}`);
  mkdirSync(join(root, 'data'));
  return root;
}

export function makeModulesQuick(root: string, size: number): void {
  writeModules(root, size, 0);
}

function writeModules(root: string, size: number, pause: number): void {
  for (let at = 0; at < size; at += 1) {
    const from = providersOf(at).map((one) => `c${one}`);
    const read = from.map((one) => `var.${one}.value`).join(', ');
    writeFiles(root, {
      [`c${at}/module/main.tf`]: [
        ...['config', ...from].map((name) => `variable "${name}" {}`),
        `resource "terraform_data" "x" {\n  input = join("-", [${[`"c${at}"`, 'var.config', read].filter((one) => one !== '').join(', ')}])`,
        `  provisioner "local-exec" { command = "sleep ${pause}" }\n}`,
        'output "value" { value = sha256(terraform_data.x.output) }',
        'output "parity" { value = length(var.config) % 2 }',
      ].join('\n'),
    });
  }
}

export function setConfig(root: string, at: number, value: string): void {
  writeFileSync(join(root, `c${at}`, 'config'), value);
}

export function openRealEstate(root: string, size: number, listen: (event: DeployEvent) => void): RealEstate {
  const { host } = thisHost();
  const ledger = openSqliteLedger({ file: join(root, 'data', 'ledger.db') });
  const key = () => ({ id: 'k1', digest: (text: string) => seal(text) });
  const store = openSqliteParameters({ file: join(root, 'data', 'parameters.db'), binding: 'prod', key });
  const runner = terraformRunner({ tool: { name: 'terraform', program: terraform ?? 'terraform' }, seal, host });
  const names = Array.from({ length: size }, (_, at) => `c${at}`);
  let runs = 0;
  const runtimeOf = async (name: string) => {
    const text = (await store.get(name))?.value;
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  };
  const work: DeployPorts['work'] = async ({ component }) => {
    const from = providersOf(names.indexOf(component)).map((one) => `c${one}`);
    const runtimes = new Map(
      await Promise.all([component, ...from].map(async (one) => [one, await runtimeOf(one)] as const)),
    );
    const lookup: RuntimeLookup = (provider) => {
      const value = runtimes.get(provider);
      return value === undefined ? null : { value, sensitive: [] };
    };
    const config = readFileSync(join(root, component, 'config'), 'utf8');
    const own = runtimes.get(component) ?? {};
    return {
      inputs: {
        component,
        deployment: '',
        config: digestOf(config),
        module: { digest: digestOf('module'), pinned: true },
        lockFile: 'not-needed',
        binary: 'terraform',
        variables: digestOf(''),
        consumed: from
          .map((provider) => readPointer({ provider, runtime: provider, pointer: '/value' }, lookup, seal))
          .sort((a, b) => byCodeUnit(a.provider, b.provider)),
        cloud: [],
        orderOnly: [],
        unseen: [],
        blindSpots: [],
      },
      runner,
      job: {
        ...jobIn(join(root, component)),
        variables: { config, ...Object.fromEntries(from.map((one) => [one, runtimes.get(one)])) },
      },
      outputsNow: Object.fromEntries(Object.entries(own).map(([name, value]) => [name, digestOf(value)])),
      stateNow: async () => markOfFile(jobIn(join(root, component)).state ?? ''),
      runtimeExists: Object.keys(own).length > 0,
      publish: { store, name: component },
    };
  };
  const ports: DeployPorts = {
    ledger,
    clock: systemClock,
    runId: () => {
      runs += 1;
      return `r${process.pid}-${runs}`;
    },
    runFolder: (run) => join(root, 'data', 'runs', run),
    work,
    runStep,
    listen,
    holder: { id: `p${process.pid}`, host, pid: process.pid, actor: 'ted', since: systemClock.now() },
    actor: 'ted',
    door: 'cli',
  };
  const members: SetMember[] = names.map((component, at) => ({
    component,
    deployment: '',
    environment: 'prod',
    selected: false,
    dependsOn: providersOf(at).map((one) => `c${one}`),
  }));
  return {
    ports,
    set: (id) => ({ id, components: members }),
    runtimes: async () => Object.fromEntries(await Promise.all(names.map(async (one) => [one, await runtimeOf(one)]))),
    close: async () => {
      await ledger.close();
      await store.close();
    },
  };
}

/** What the next `karma deploy` does: settle what a killed process left, and go on with it. */
export async function resume(estate: RealEstate, living: 'wait' | 'interrupt'): Promise<readonly DeployResult[]> {
  const { ports } = estate;
  const runner = terraformRunner({
    tool: { name: 'terraform', program: terraform ?? 'terraform' },
    seal,
    host: ports.holder.host,
    grace: { interrupt: 20_000, terminate: 5000 },
  });
  const control = { listen: () => undefined, signal: new AbortController().signal };
  const results: DeployResult[] = [];
  for (const interrupted of await interruptedDeploys(ports.ledger, () => false)) {
    const settled = await settleDeploy(interrupted, ports, { living, markOf: readMark, runner, control });
    results.push(await deploySet(settled.set, ports, { parallelism: 2, alreadyDone: settled.alreadyDone }));
  }
  return results;
}
