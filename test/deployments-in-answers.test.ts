import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commitAll, writeFiles } from './support/estates.ts';
import { git, karma, karmaOk } from './support/karma.ts';

/** Root modules with a file of variables for each environment: one component in several deployments, in every answer. */
const folder = mkdtempSync(join(tmpdir(), 'karma-deployments-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const where = join(folder, 'estate');
const root = (variables: string) => `terraform {\n  backend "local" {}\n}\n${variables}output "id" { value = "x" }\n`;

beforeAll(() => {
  writeFiles(where, {
    'karma.yaml': 'estate: roots\n',
    'net/main.tf': root(
      'variable "cidr" { type = string }\nvariable "zones" {\n  type    = number\n  default = 2\n}\n',
    ),
    'net/envs/dev.tfvars': 'cidr = "10.1.0.0/16"\n',
    'net/envs/prod.tfvars': 'cidr  = "10.1.0.0/16"\nzones = 2\n',
    'app/main.tf': `${root('variable "size" { type = number }\n')}data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "../net/terraform.tfstate" }
}
output "net" { value = data.terraform_remote_state.net.outputs.id }
`,
    'app/envs/dev.tfvars': 'size = 1\n',
    'app/envs/prod.tfvars': 'size = 3\n',
    'tool/main.tf': root(''),
  });
  git(where, 'init', '-q', '-b', 'main');
  commitAll(where, 'one');
});

const json = async <T>(...args: readonly string[]) =>
  JSON.parse((await karmaOk([...args, '--json'], { cwd: where })).stdout) as T;

describe('a component in several deployments', { retry: 0 }, () => {
  it('is in the environment of each, in the overview and in a selection', async () => {
    const { environments, unplaced } = await json<{ environments: object; unplaced?: string }>();
    expect(environments).toEqual([
      { name: 'dev', components: 2 },
      { name: 'prod', components: 2 },
      { name: '', components: 1 },
    ]);
    expect(unplaced).toBe('tool');
    const { components } = await json<{ components: readonly { id: string }[] }>('list', 'env=prod');
    expect(components.map(({ id }) => id)).toEqual(['app', 'net']);
  });

  it('has no difference where one file says what is the default in the other', async () => {
    type Diff = { compared: readonly { object: string; differences: readonly { key: string; expected?: string }[] }[] };
    const { compared } = await json<Diff>('env', 'diff', 'dev', 'prod');
    const keys = compared.map(({ object, differences }) => [
      object,
      differences.filter(({ expected }) => expected === undefined).map(({ key }) => key),
    ]);
    expect(keys).toEqual([
      ['app', ['/variables/size']],
      ['net', []],
    ]);
    const { code, stderr } = await karma(['diff', 'dev..prod', '--modulo-environment'], { cwd: where });
    expect([code, stderr]).toEqual([64, expect.stringContaining('karma env diff dev prod')]);
  });

  it('is named with its deployment where a range changes it', async () => {
    writeFileSync(join(where, 'net/envs/prod.tfvars'), 'cidr  = "10.2.0.0/16"\nzones = 2\n');
    const { stdout } = await karmaOk(['impact', '--since', 'HEAD'], { cwd: where });
    expect(stdout).toMatch(/^ {2}net in prod$/m);
    expect(stdout).toContain('/variables/cidr: 10.1.0.0/16 → 10.2.0.0/16');
    expect((await karmaOk(['impact', '--since', 'HEAD', '--output', 'atlantis'], { cwd: where })).stdout).toContain(
      'net-prod',
    );
    expect((await karmaOk(['impact', '--since', 'HEAD', '--output', 'matrix'], { cwd: where })).stdout).toContain(
      '"deployment":"prod"',
    );
    const digger = parse((await karmaOk(['impact', '--since', 'HEAD', '--output', 'digger'], { cwd: where })).stdout);
    expect(digger).toMatchObject({
      projects: [{ name: 'net-prod', dir: 'net', workspace: 'prod', workflow: 'net-prod', layer: 0 }],
      workflows: {
        'net-prod': {
          plan: { steps: [{ init: null }, { plan: null, extra_args: ['-var-file=envs/prod.tfvars'] }] },
          apply: { steps: [{ init: null }, { apply: null }] },
        },
      },
    });
  });

  it('is named with its deployment where two revisions or two versions differ, and no file of variables is code', async () => {
    expect((await karmaOk(['diff', 'HEAD..'], { cwd: where })).stdout).toMatch(/^ {2}~ net in prod {2}config$/m);
    await karmaOk(['build'], { cwd: where });
    commitAll(where, 'another range for prod');
    await karmaOk(['build'], { cwd: where });
    const { diff } = await json<{ diff: { changed: readonly object[] } }>('diff', 'v1..v2');
    expect(diff.changed).toEqual([{ id: 'net', deployments: ['prod'], fields: ['config'] }]);
    writeFileSync(
      join(where, 'net/main.tf'),
      `${root('variable "cidr" {}\nvariable "zones" { default = 2 }\n')}# other\n`,
    );
    const code = await json<{ diff: { changed: readonly object[] } }>('diff', 'HEAD..');
    expect(code.diff.changed).toEqual([{ id: 'net', deployments: ['dev', 'prod'], fields: ['module'] }]);
    git(where, 'checkout', '-q', '.');
  });

  it('is named with its deployment where a change of it is proposed', async () => {
    const { code, stderr } = await karma(['change', 'propose', 'net', '--set', 'cidr=10.3.0.0/16', '--reason', 'x'], {
      cwd: where,
    });
    expect([code, stderr]).toEqual([64, expect.stringContaining('net@dev, net@prod')]);
    const told = async (...words: readonly string[]) => {
      const said = await json<{
        diff: string;
        simulation: { comparison: { changed: readonly { deployments: object }[] } };
      }>('change', 'propose', ...words, '--reason', 'another range', '--dry-run');
      const files = [...said.diff.matchAll(/^\+\+\+ b\/(.*)$/gm)].map(([, file]) => file);
      return [files, said.simulation.comparison.changed.map(({ deployments }) => deployments)];
    };
    expect(await told('net@prod', '--set', 'cidr=10.3.0.0/16')).toEqual([['net/envs/prod.tfvars'], [['prod']]]);
    expect(await told('net', '--in', 'dev', '--set', 'cidr=10.3.0.0/16')).toEqual([['net/envs/dev.tfvars'], [['dev']]]);
    const both = ['--set', 'net@dev#zones=1', '--set', 'net@prod#zones=3'];
    expect(await told(...both)).toEqual([['net/envs/dev.tfvars', 'net/envs/prod.tfvars'], [['dev', 'prod']]]);
  });
});
