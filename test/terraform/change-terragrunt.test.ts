import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ask } from '../../src/engine/verbs/table.ts';
import { findProgram } from '../../src/run/tool.ts';
import { yes } from '../support/applying.ts';
import { changingEstates } from '../support/changing.ts';
import { type Files, writeFiles } from '../support/estates.ts';
import { git } from '../support/karma.ts';
import { sumModule } from '../support/sum-module.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

const terragrunt = findProgram('terragrunt', process.env['PATH']);
const missing = terragrunt === undefined || withoutTerraform;
if (missing) console.info('a change of Terragrunt units was not applied: terragrunt or terraform is not on PATH');

const estates = changingEstates();

const include = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';

const files: Files = {
  '.gitignore': '.terraform/\n.terragrunt-cache/\n.state/\n.terraform.lock.hcl\n',
  'karma.yaml': 'estate: units\n',
  // State beside the estate, as a bucket would be.
  'root.hcl':
    'remote_state {\n  backend  = "local"\n  generate = { path = "backend.tf", if_exists = "overwrite" }\n  config   = { path = "${get_parent_terragrunt_dir()}/.state/${path_relative_to_include()}.tfstate" }\n}\n',
  'modules/base/main.tf': sumModule('', 'var.size'),
  'modules/middle/main.tf': sumModule('variable "below" { type = number }\n', 'var.size + var.below'),
  'live/base/terragrunt.hcl': `${include}terraform {\n  source = "../../modules/base"\n}\ninputs = {\n  size = 1 # one\n}\n`,
  'live/middle/terragrunt.hcl': `${include}terraform {\n  source = "../../modules/middle"\n}\ndependency "base" {\n  config_path = "../base"\n}\ninputs = {\n  size  = 10\n  below = dependency.base.outputs.total\n}\n`,
  'live/side/terragrunt.hcl': `${include}terraform {\n  source = "../../modules/base"\n}\ninputs = { size = 5 }\n`,
};

it.skipIf(missing)(
  'a change of Terragrunt units is applied, fails, is gone on with and taken back (needs terragrunt on PATH)',
  { retry: 0 },
  async () => {
    const { place, context } = estates.make(files);
    const here = { here: { face: yes } };
    const total = (unit: string): unknown =>
      JSON.parse(
        execFileSync(terragrunt ?? '', ['output', '--non-interactive', '--log-level', 'error', '-json'], {
          cwd: join(place, 'live', unit),
          encoding: 'utf8',
        }),
      ).total?.value;
    const propose = async (...sizes: readonly (readonly [string, number])[]) =>
      (
        await ask(context, 'change-propose', {
          reason: 'sizes',
          edits: sizes.map(([unit, size]) => ({ id: `live/${unit}`, set: { size } })),
        })
      ).id as string;
    await ask(context, 'deploy', { all: true }, here);
    const first = await propose(['base', 2]);
    expect(git(place, 'diff', '-U0', 'main', `refs/karma/changes/${first}`)).toContain('+  size = 2 # one');
    const planned = await ask(context, 'change-plan', { id: first }, here);
    expect([planned.plans, planned.notRun.map(({ component }) => component)]).toEqual([
      [],
      ['live/base', 'live/middle'],
    ]);
    expect(planned.notRun[0]?.reason).toMatch(
      /^is run by Terragrunt in the work tree, and another commit .* planned when it is/,
    );
    expect((await ask(context, 'change', { id: first })).change.state).toBe('simulated');
    // Terragrunt runs where people work, so nothing may lie there that the commit does not hold.
    writeFiles(place, { 'live/base/stray.tf': 'x\n' });
    await expect(ask(context, 'change-apply', { id: first }, here)).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: expect.stringContaining('live/base/stray.tf'),
    });
    rmSync(join(place, 'live/base/stray.tf'));
    const done = await ask(context, 'change-apply', { id: first }, here);
    expect(done.outcome).toBe('applied');
    expect(done.deploy?.members.map(({ key }) => key)).toEqual(['live/base', 'live/middle']);
    expect([total('base'), total('middle'), total('side')]).toEqual([2, 12, 5]);
    const second = await propose(['base', 3], ['middle', 500]);
    expect((await ask(context, 'change-apply', { id: second }, here)).outcome).toBe('failed');
    expect((await ask(context, 'change-resume', { id: second }, here)).outcome).toBe('failed');
    expect([total('base'), total('middle')]).toEqual([3, 12]);
    const { id: back = '' } = await ask(context, 'change-revert', { id: second });
    expect((await ask(context, 'change-apply', { id: back }, here)).outcome).toBe('applied');
    expect([total('base'), total('middle'), total('side')]).toEqual([2, 12, 5]);
    expect((await ask(context, 'change', { id: second })).change.state).toBe('reverted');
    expect(git(place, 'status', '--porcelain')).toBe('');
    const { components } = await ask(context, 'status', {});
    expect(components.map(({ drift }) => drift.stale.state)).toEqual(['no', 'no', 'no']);
    expect((await ask(context, 'change-score', { id: first })).scores).toMatchObject([{ precision: 1, recall: 1 }]);
  },
);
