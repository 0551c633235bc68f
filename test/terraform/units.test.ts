import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/run/tool.ts';
import { commitAll, estateMaker, type Files, temporaryFolder, writeFiles } from '../support/estates.ts';
import { git, karma, karmaJson, karmaOk, root } from '../support/karma.ts';
import { terraform } from './real-terraform.fixture.ts';

/**
 * Terragrunt units, run. No package registry has the program, so with the real one these tests run only where somebody has put
 * it on PATH; what Karma decides before it starts it is held with a stand-in everywhere.
 */
const terragrunt = findProgram('terragrunt', process.env['PATH']);
const missing = [terragrunt, terraform].includes(undefined);
if (missing) console.info('units were not run for real: terragrunt or terraform is not on PATH');

interface Deployed {
  readonly members: readonly {
    readonly key: string;
    readonly state: string;
    readonly reason?: string;
    readonly changes?: { readonly add: number; readonly change: number; readonly destroy: number };
  }[];
}

interface Planned {
  readonly plans: readonly { readonly key: string; readonly state: string; readonly unknown?: readonly string[] }[];
}

interface Status {
  readonly components: readonly { readonly component: string; readonly status: string }[];
}

const states = ({ members }: Deployed) => members.map(({ key, state }) => `${key} ${state}`);

const secret = 'planted-secret-unit';

const files: Files = {
  'karma.yaml': 'estate: units\n',
  '.gitignore': '.terragrunt-cache\n*.tfstate*\n.terraform.lock.hcl\n',
  'root.hcl':
    'remote_state {\n  backend = "local"\n  generate = { path = "backend.tf", if_exists = "overwrite" }\n  config = { path = "${get_parent_terragrunt_dir()}/.state/${path_relative_to_include()}/terraform.tfstate" }\n}\n',
  'module/main.tf':
    'variable "in" {}\nvariable "password" {\n  default   = "none"\n  sensitive = true\n}\nresource "terraform_data" "x" {\n  input = var.in\n}\noutput "out" {\n  value = terraform_data.x.output\n}\noutput "hidden" {\n  value     = var.password\n  sensitive = true\n}\n',
  'a/terragrunt.hcl': `include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../module"\n}\ninputs = { in = "hello", password = "${secret}" }\n`,
  'b/terragrunt.hcl':
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../module"\n  extra_arguments "sizes" {\n    commands           = ["plan"]\n    required_var_files = ["${get_terragrunt_dir()}/../sizes.tfvars"]\n  }\n}\ndependency "a" {\n  config_path  = "../a"\n  mock_outputs = { out = "mock", hidden = "mock" }\n}\ninputs = { in = "${dependency.a.outputs.out} b" }\n',
  'sizes.tfvars': 'password = "small"\n',
};

describe('a unit whose dependency has not run', () => {
  const estates = estateMaker();

  it('is not run on mock outputs: planned it waits, deployed it is refused before anything is planned', async () => {
    const estate = estates.repository({
      ...files,
      'karma.yaml': 'estate: units\nterragrunt:\n  binary: ./stand-in\n',
      'stand-in': `#!/bin/sh\nif [ "$1" = --version ]; then echo "terragrunt version 1.1.3"; exit; fi\nwhile [ "$1" != -- ]; do shift; done\necho "$2" >> "$(git rev-parse --show-toplevel)/calls"\n[ "$2" = output ] && echo '{}'\n`,
    });
    chmodSync(join(estate, 'stand-in'), 0o755);
    commitAll(estate, 'a program');
    const { plans } = await karmaJson<Planned>(['plan', 'b', '-C', estate]);
    expect(plans).toMatchObject([{ key: 'b', state: 'waiting', unknown: ['a#/out'] }]);
    const refused = await karma(['deploy', 'b', '--yes', '-C', estate]);
    expect([refused.code, refused.stdout]).toEqual([
      3,
      expect.stringContaining('mock outputs would stand in for a#/out'),
    ]);
    expect(readFileSync(join(estate, 'calls'), 'utf8').split('\n')).not.toContain('plan');
  });
});

describe.skipIf(missing)('units with the real program (needs terragrunt on PATH)', () => {
  describe('the example', () => {
    const estate = join(temporaryFolder(), 'estate');
    const at = ['-C', estate];

    beforeAll(() => {
      cpSync(join(root, 'examples/terragrunt'), estate, { recursive: true });
      git(estate, 'init', '-q', '-b', 'main');
      commitAll(estate, 'one');
    });

    it('is deployed in order, skipped with proof, and found again by status', async () => {
      const first = await karmaJson<Deployed>(['deploy', 'live/dev/**', '--yes', ...at]);
      expect(states(first)).toEqual([
        'live/dev/app finished',
        'live/dev/database finished',
        'live/dev/network finished',
      ]);
      const second = await karmaJson<Deployed>(['deploy', 'live/dev/**', '--yes', ...at]);
      expect(new Set(second.members.map(({ state }) => state))).toEqual(new Set(['skipped']));
      const { components } = await karmaJson<Status>(['status', 'live/dev/**', ...at]);
      expect(components.map(({ status }) => status)).toEqual(['deployed', 'deployed', 'deployed']);
    });

    it('runs units of a stack once they are generated, and says what to do before', async () => {
      const before = await karma(['deploy', 'live/prod/workers/**', '--yes', ...at]);
      expect(before.code).toBe(3);
      expect(before.stdout).toContain('terragrunt stack generate');
      execFileSync(terragrunt ?? '', ['stack', 'generate', '--non-interactive'], {
        cwd: join(estate, 'live/prod/workers'),
        stdio: 'pipe',
      });
      const after = await karmaJson<Deployed>(['deploy', 'live/prod/workers/**', 'live/prod/network', '--yes', ...at]);
      expect(new Set(after.members.map(({ state }) => state))).toEqual(new Set(['finished']));
    });

    it('is destroyed backwards, and refused while somebody reads it', async () => {
      const refused = await karma(['destroy', 'live/dev/network', '--yes', ...at]);
      expect(refused.code).toBe(3);
      const all = await karmaJson<Deployed>(['destroy', 'live/dev/**', '--yes', ...at]);
      expect(new Set(all.members.map(({ state }) => state))).toEqual(new Set(['finished']));
      const { components } = await karmaJson<Status>(['status', 'live/dev/**', ...at]);
      expect(components.map(({ status }) => status)).toEqual(['never run', 'never run', 'never run']);
    });

    it("says Terragrunt's own error", async () => {
      const failed = await karma(['deploy', 'catalog/units/queue', '--yes', ...at]);
      expect([failed.code, failed.stdout]).toEqual([1, expect.stringContaining('Unknown variable')]);
    });
  });

  it('run again for what lies beside them and for files handed on, and for nothing else; no secret is kept', async () => {
    const estate = writeFiles(join(temporaryFolder(), 'estate'), files);
    git(estate, 'init', '-q', '-b', 'main');
    commitAll(estate, 'one');
    const data = join(temporaryFolder(), 'data');
    const at = ['-C', estate, '--data', data];
    const deploy = async () => states(await karmaJson<Deployed>(['deploy', '--all', '--yes', ...at]));
    const word = async (unit: string) => (await karmaJson<Status>(['status', unit, ...at])).components[0]?.status;
    expect(await deploy()).toEqual(['a finished', 'b finished']);
    expect(await deploy()).toEqual(['a skipped', 'b skipped']);

    writeFileSync(join(estate, 'sizes.tfvars'), 'password = "large"\n');
    commitAll(estate, 'larger');
    expect(await word('b')).toBe('stale');
    expect(await deploy()).toEqual(['a skipped', 'b finished']);

    writeFileSync(join(estate, 'a/more.tf'), 'output "more" {\n  value = 1\n}\n');
    commitAll(estate, 'more');
    expect(await word('a')).toBe('stale');
    expect(await deploy()).toEqual(['a finished', 'b skipped']);
    expect(await word('b')).toBe('deployed');

    const found = execFileSync('grep', ['-rlF', secret, data, estate], { encoding: 'utf8' }).trim().split('\n');
    const own = found.filter(
      (file) => !/\/(a\/terragrunt\.hcl|\.git\/.*|\.state\/.*|\.terragrunt-cache\/.*)$/.test(file),
    );
    expect(own.filter((file) => existsSync(file))).toEqual([]);
    const { stdout } = await karmaOk(['log', 'export', ...at]);
    expect(stdout).not.toContain(secret);
  });
});
