import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { terragruntJob, terragruntRunner, terragruntWords } from '../../src/run/terragrunt.ts';
import {
  jobIn,
  listening,
  seal,
  temporaryFolder,
  terraform,
  withoutTerraform,
  writeFiles,
} from './real-terraform.fixture.ts';

describe('Terragrunt', () => {
  it('is told to run exactly one command of one unit', () => {
    expect(terragruntWords(['plan', '-out=p'])).toEqual([
      'run',
      '--non-interactive',
      '--no-color',
      '--tf-forward-stdout',
      '--log-level',
      'error',
      '--log-custom-format',
      '%msg()',
      '--',
      'plan',
      '-out=p',
    ]);
  });

  it('decides itself about state, variables, backend and init', () => {
    const job = terragruntJob(jobIn('/x', { variables: { a: 1 }, init: true, backendConfig: { b: 'c' } }));
    expect(job).toMatchObject({ init: false, dataFolder: '' });
    expect(Object.keys(job)).not.toEqual(expect.arrayContaining(['state', 'variables', 'backendConfig']));
  });

  // A stand-in that hands everything behind `--` to Terraform, as Terragrunt does.
  it.skipIf(withoutTerraform)('plans first and applies that plan (needs terraform on PATH)', async () => {
    const root = writeFiles(temporaryFolder(), {
      'module/main.tf': 'resource "terraform_data" "x" { input = 1 }\noutput "v" { value = terraform_data.x.output }',
      terragrunt: `#!/bin/sh\nif [ "$1" = --version ]; then echo "terragrunt version 1.1.3"; exit; fi\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec ${terraform} "$@"\n`,
    });
    chmodSync(join(root, 'terragrunt'), 0o755);
    const runner = terragruntRunner({
      tool: { name: 'terragrunt', program: join(root, 'terragrunt') },
      seal,
      host: 'here',
    });
    const job = terragruntJob(jobIn(root));
    expect(await runner.version()).toBe('terragrunt 1.1.3');
    const plan = await runner.plan(job, { mode: 'apply' }, listening());
    expect((await runner.apply(job, plan, listening())).outputs['v']?.value).toBe(1);
  });
});
