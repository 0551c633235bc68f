import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { karmaJson, karmaOk, root } from '../support/karma.ts';
import { temporaryFolder, terraform, withoutTerraform } from './real-terraform.fixture.ts';

interface Status {
  readonly components: readonly {
    readonly component: string;
    readonly deployment: string;
    readonly status: string;
    readonly reasons: readonly string[];
  }[];
}

/** An estate that people apply by hand: its states are Terraform's own, and nothing of Karma's ever ran. */
describe.skipIf(withoutTerraform)('states that Terraform left (needs terraform on PATH)', () => {
  const folder = temporaryFolder();
  const estate = join(folder, 'estate');
  const data = ['-C', estate, '--data', join(folder, 'data')];
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (module: string, ...args: readonly string[]) =>
    execFileSync(terraform ?? 'terraform', [`-chdir=${join(estate, module)}`, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
    });
  const apply = (module: string) => run(module, 'apply', '-auto-approve', '-input=false', '-var-file=envs/dev.tfvars');
  const words = async (...args: readonly string[]) => {
    const { components } = await karmaJson<Status>(['status', 'network', 'database', 'app', ...args, ...data]);
    return Object.fromEntries(
      components.map((one) => [`${one.component}@${one.deployment}`, [one.status, ...one.reasons]]),
    );
  };

  beforeAll(() => {
    cpSync(join(root, 'examples/terraform'), estate, { recursive: true });
    for (const module of ['network', 'database', 'app']) {
      run(module, 'init', '-input=false');
      run(module, 'workspace', 'new', 'dev');
      apply(module);
    }
  });

  it('are found by workspace; nothing is green, and what was never applied is told', async () => {
    const found = await words();
    expect(Object.entries(found).map(([name, [word]]) => [name, word])).toEqual([
      ['app@dev', 'unknown'],
      ['app@prod', 'never run'],
      ['database@dev', 'unknown'],
      ['database@prod', 'never run'],
      ['network@dev', 'unknown'],
      ['network@prod', 'never run'],
    ]);
    expect(found['app@dev']?.[1]).toContain('proves nothing');
  });

  it('prove which readers are stale, down to the output, and no longer once they are applied', async () => {
    writeFileSync(join(estate, 'network/envs/dev.tfvars'), 'environment = "dev"\ncidr = "10.99.0.0/16"\n');
    apply('network');
    const stale = await words();
    expect(stale['database@dev']).toEqual(['stale', 'network#/subnet_ids changed']);
    expect(stale['app@dev']).toEqual(['stale', 'network#/subnet_ids/0 changed']);
    apply('database');
    apply('app');
    const after = await words();
    expect(after['database@dev']?.[0]).toBe('unknown');
    expect(after['app@dev']?.[0]).toBe('unknown');
  });

  it('and plans are recorded as Terraform prints them', async () => {
    run('app', 'plan', '-input=false', '-var-file=envs/dev.tfvars', '-out=p.bin');
    const plan = run('app', 'show', '-json', 'p.bin');
    const { stdout } = await karmaOk(['record', '-', '--component', 'app@dev', ...data], { input: plan });
    expect(stdout).toContain('recorded  app@dev  plan  2 values consumed, 1 output');
  });
});
