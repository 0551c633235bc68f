import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estateMaker, type Files } from '../support/estates.ts';
import { karma, karmaJson, karmaOk } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

interface Planned {
  readonly plans: readonly { readonly key: string; readonly state: string; readonly unknown?: readonly string[] }[];
}

interface Deployed {
  readonly members: readonly { readonly key: string; readonly state: string; readonly reason?: string }[];
}

const network = (output: string) => `
terraform {
  backend "local" {}
}
variable "password" {
  default   = "hidden-in-network"
  sensitive = true
}
resource "terraform_data" "x" {
  input = "net"
}
output "id" {
  value = terraform_data.x.output
}
${output}`;

const password = 'output "password" {\n  value     = var.password\n  sensitive = true\n}\n';

const app = `
terraform {
  backend "local" {}
}
data "terraform_remote_state" "network" {
  backend = "local"
  config  = { path = "../network/terraform.tfstate" }
}
resource "terraform_data" "x" {
  input = [data.terraform_remote_state.network.outputs.id, sensitive(data.terraform_remote_state.network.outputs.password)]
}
`;

const roots: Files = {
  'karma.yaml': 'estate: roots\n',
  '.gitignore': '*.tfstate*\n',
  'network/main.tf': network(password),
  'app/main.tf': app,
};

/** A type whose module has no outputs, and one that waits for it by its whole runtime. */
const silent: Files = {
  'karma.yaml': 'estate: silent\n',
  'iac/dev/marker/main/config.json': '{}',
  'iac/dev/site/main/config.json': '{ "marker_nickname": "main" }',
  'components/marker/main.tf': 'resource "terraform_data" "x" {\n  input = "made"\n}\n',
  'components/site/main.tf':
    'variable "marker" {}\nresource "terraform_data" "x" {\n  input = keys(var.marker)\n}\noutput "seen" {\n  value = length(var.marker)\n}\n',
  'components/site/component.yaml': 'references:\n  marker: { type: marker, by: marker_nickname }\n',
};

describe.skipIf(withoutTerraform)('what comes first (needs terraform on PATH)', () => {
  const estates = estateMaker();
  const states = ({ members }: Deployed) => members.map(({ key, state }) => `${key} ${state}`);

  it('is waited for where it has not run, also when it is not in the set', async () => {
    const estate = estates.repository(roots);
    const { plans } = await karmaJson<Planned>(['deploy', 'app', '--dry-run', '-C', estate]);
    expect(plans).toMatchObject([{ key: 'app', state: 'waiting', unknown: ['network#/id', 'network#/password'] }]);
    const said = await karma(['deploy', 'app', '--yes', '-C', estate]);
    expect([said.code, said.stdout]).toEqual([1, expect.stringContaining('Unable to find remote state')]);
  });

  it('keeps a sensitive output that others read from its state; only one that goes breaks them', async () => {
    const estate = estates.repository(roots);
    await karmaOk(['deploy', '--all', '--yes', '-C', estate]);
    const again = await karmaJson<Deployed>(['deploy', 'network', '--yes', '-C', estate]);
    expect(states(again)).toEqual(['network finished']);
    writeFileSync(join(estate, 'network/main.tf'), network(''));
    const refused = await karma(['deploy', 'network', '--yes', '-C', estate]);
    expect(refused.code).toBe(3);
    expect(refused.stdout).toContain('/password dropped, read by app');
  });

  it('may have no outputs at all; destroyed, it is missing', async () => {
    const estate = estates.repository(silent);
    const before = await karmaJson<Planned>(['deploy', 'dev/site/main', '--dry-run', '-C', estate]);
    expect(before.plans.map(({ state }) => state)).toEqual(['waiting']);
    const first = await karmaJson<Deployed>(['deploy', '--all', '--yes', '-C', estate]);
    expect(states(first)).toEqual(['dev/marker/main finished', 'dev/site/main finished']);
    const second = await karmaJson<Deployed>(['deploy', '--all', '--yes', '-C', estate]);
    expect(states(second)).toEqual(['dev/marker/main skipped', 'dev/site/main skipped']);
    await karmaOk(['destroy', '--all', '--yes', '-C', estate]);
    const alone = await karma(['deploy', 'dev/site/main', '--yes', '-C', estate]);
    expect(alone.code).toBe(3);
    expect(alone.stdout).toContain('there is no such runtime');
  });

  it('lists with the proof of a skip what nothing in the estate influences', async () => {
    const clock = 'locals {\n  made = timestamp()\n}\n';
    const estate = estates.repository({ ...roots, 'network/more.tf': clock });
    await karmaOk(['deploy', 'network', '--yes', '-C', estate]);
    const { members } = await karmaJson<Deployed>(['deploy', '--all', '--yes', '-C', estate]);
    expect(members[1]).toMatchObject({ state: 'skipped', proof: { unseen: ['timestamp() (network/more.tf)'] } });
    const again = await karmaOk(['deploy', '--all', '--yes', '-C', estate]);
    expect(again.stdout).toMatch(/network +skipped .*not looked at: timestamp\(\) \(network\/more\.tf\)/);
    expect((await karmaOk(['log', 'export', '-C', estate])).stdout).toContain('timestamp() (network/more.tf)');
  });
});
