import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estateMaker } from '../support/estates.ts';
import { karmaOk } from '../support/karma.ts';

const { repository } = estateMaker();

/** Texts that the strict reader leaves to the grammar, each where a reference hangs on it. */
const modules: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a file that is broken behind what counts': {
    'components/app/main.tf':
      'data "aws_ssm_parameter" "vpc" {\n  name = "/iac/vpc/${local.config.vpc_nickname}/runtime"\n}\nlocals {\n  config = jsondecode(data.aws_ssm_parameter.config.value)\n  id = jsondecode(data.aws_ssm_parameter.vpc.value).id\n}\ndata "aws_ssm_parameter" "config" {\n  name = "/iac/app/${var.nickname}/config"\n}\nvariable "nickname" {}\noutput "id" {\n  value = local.id\n}\nresource "x" {\n',
  },
  'templates in JSON syntax': {
    'components/app/main.tf.json': JSON.stringify({
      variable: { nickname: {} },
      data: {
        aws_ssm_parameter: {
          config: { name: '/iac/app/${var.nickname}/config' },
          vpc: { name: '/iac/vpc/${jsondecode(data.aws_ssm_parameter.config.value).vpc_nickname}/runtime' },
        },
      },
      output: { id: { value: '${jsondecode(data.aws_ssm_parameter.vpc.value).id}' } },
    }),
  },
  'a template file': {
    'components/app/main.tf':
      'variable "nickname" {}\ndata "aws_ssm_parameter" "config" {\n  name = "/iac/app/${var.nickname}/config"\n}\ndata "aws_ssm_parameter" "vpc" {\n  name = templatefile("${path.module}/name.tftpl", { vpc = jsondecode(data.aws_ssm_parameter.config.value).vpc_nickname })\n}\noutput "id" {\n  value = jsondecode(data.aws_ssm_parameter.vpc.value).id\n}\n',
    'components/app/name.tftpl': '/iac/vpc/%{ if vpc != "" }${vpc}%{ endif }/runtime',
  },
};

describe('a change that only the grammar can read', () => {
  it.each(Object.entries(modules))('is followed as a fresh process reads it: %s', async (_what, files) => {
    const estate = repository({
      'iac/dev/vpc/main/config.json': '{}',
      'iac/dev/vpc/other/config.json': '{}',
      'iac/dev/app/web/config.json': '{"vpc_nickname": "main"}',
      'components/vpc/main.tf':
        'resource "aws_ssm_parameter" "runtime" {\n  name = "/iac/vpc/${var.nickname}/runtime"\n  value = jsonencode({ id = "x" })\n}\nvariable "nickname" {}\n',
      ...files,
    });
    const first = await karmaOk(['export', '-C', estate]);
    expect(first.stdout).toContain('"to":"dev/vpc/main"');
    writeFileSync(join(estate, 'iac/dev/app/web/config.json'), '{"vpc_nickname": "other"}');
    const followed = await karmaOk(['export', '-C', estate]);
    const elsewhere = mkdtempSync(join(tmpdir(), 'karma-fresh-'));
    try {
      const fresh = await karmaOk(['export', '-C', estate, '--data', elsewhere]);
      expect(followed.stdout).toBe(fresh.stdout);
      expect(followed.stdout).toContain('"to":"dev/vpc/other"');
    } finally {
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});
