import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll, estateMaker } from '../support/estates.ts';
import { karma, karmaOk } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

const module = (value: string) =>
  `terraform {\n  backend "local" {}\n}\nresource "terraform_data" "x" {\n  input = "${value}"\n}\noutput "id" {\n  value = terraform_data.x.output\n}\n`;

describe.skipIf(withoutTerraform)('what is not there any more (needs terraform on PATH)', () => {
  const estates = estateMaker();

  it('is told of while it is deployed, can be destroyed, and its causes are still known', async () => {
    const estate = estates.repository({
      'karma.yaml': 'estate: gone\n',
      '.gitignore': '*.tfstate*\n',
      'live/network/main.tf': module('net'),
      'live/app/main.tf': module('app'),
    });
    const at = ['-C', estate];
    const empty = await karmaOk(['log', 'list', ...at]);
    expect(empty.stderr).toContain('karma build');
    await karmaOk(['deploy', '--all', '--yes', ...at]);
    rmSync(join(estate, 'live/app/main.tf'));
    commitAll(estate, 'without the app');

    const status = await karmaOk(['status', ...at]);
    expect(status.stderr).toMatch(/still deployed, .*: live\/app;/);
    expect(status.stdout).toMatch(/2 deployments: 1 orphaned, 1 deployed/);
    expect((await karmaOk(['status', 'app', ...at])).stdout).toMatch(/live\/app +orphaned/);
    expect((await karma(['status', '--exit-code', ...at])).code).toBe(2);
    expect((await karmaOk(['why', 'app', ...at])).stdout).toMatch(/live\/app: run \w+, the first on record/);

    await karmaOk(['destroy', 'live/app', '--yes', ...at]);
    const why = (await karmaOk(['why', 'live/app#/id', ...at])).stdout.split('\n');
    expect(why[1]).toMatch(/live\/app: run \w+ destroyed it/);
    expect(why.join('\n')).toMatch(/live\/app: run \w+, the first on record/);
    expect((await karmaOk(['status', ...at])).stderr).not.toContain('still deployed');
    expect((await karmaOk(['status', ...at])).stdout).toMatch(/1 deployment: 1 deployed/);

    const unknown = await karma(['why', 'nothing', ...at]);
    expect([unknown.code, unknown.stderr]).toEqual([64, expect.stringContaining('KARMA_NOT_FOUND')]);
    const narrowed = await karmaOk(['log', 'list', '--action', 'run.nothing', ...at]);
    expect(narrowed.stderr).toContain('without the options');
  });
});
