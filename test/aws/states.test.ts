import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { findProgram } from '../../src/run/tool.ts';
import { commitAll, temporaryFolder, writeFiles } from '../support/estates.ts';
import { git, karma } from '../support/karma.ts';
import { newName, servers, withServer } from './servers.ts';

/** States in S3, which others write too: what Karma did not write is never taken for what it left. */

const program = findProgram('terraform', process.env['PATH']);
const terraform =
  program === undefined
    ? { missing: 'terraform is not on PATH: install it from https://developer.hashicorp.com/terraform/install' }
    : { endpoint: program };

function root(moto: string, bucket: string): string {
  const skipped = [
    'credentials_validation',
    'requesting_account_id',
    'region_validation',
    'metadata_api_check',
    's3_checksum',
  ];
  return `terraform {
  backend "s3" {
    bucket = "${bucket}"
    key    = "app"
    region = "us-east-1"
    use_path_style = true
${skipped.map((name) => `    skip_${name} = true`).join('\n')}
    endpoints = { s3 = "${moto}", sts = "${moto}", iam = "${moto}" }
  }
}
variable "by" { default = "karma" }
resource "terraform_data" "x" { input = var.by }
output "fixed" { value = "same" }
`;
}

/** A program in the place of Terraform, after whose apply somebody else applies at once. */
function hurried(real: string, when: string): string {
  return `#!/bin/sh
"${real}" "$@"
code=$?
if [ "$1" = apply ] && [ -e "${when}" ]; then
  "${real}" apply -auto-approve -input=false -var by=other >/dev/null 2>&1
fi
exit $code
`;
}

withServer('States in S3', servers.moto, ({ endpoint: moto }) => {
  withServer('with Terraform', terraform, ({ endpoint: real }) => {
    const folder = temporaryFolder();
    const estate = join(folder, 'estate');
    const bucket = newName('states');
    const env = () => ({
      PATH: [join(folder, 'bin'), process.env['PATH']].join(delimiter),
      HOME: folder,
      KARMA_DATA: join(folder, 'data'),
      CHECKPOINT_DISABLE: '1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
    const deploy = async () => {
      const answer = await karma(['deploy', '--all', '--yes', '--json'], { cwd: estate, env: env() });
      expect(answer.code, answer.stderr).toBe(0);
      const { members } = JSON.parse(answer.stdout) as { members: { state: string }[] };
      return members.map(({ state }) => state);
    };

    beforeAll(async () => {
      mkdirSync(join(folder, 'bin'));
      writeFileSync(join(folder, 'bin', 'terraform'), hurried(real, join(folder, 'hurry')));
      chmodSync(join(folder, 'bin', 'terraform'), 0o755);
      const scope = 'Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
      const made = await fetch(`${moto}/${bucket}`, {
        method: 'PUT',
        headers: { authorization: `AWS4-HMAC-SHA256 ${scope}` },
      });
      expect(made.ok).toBe(true);
      mkdirSync(estate);
      writeFiles(estate, { 'app/main.tf': root(moto, bucket), '.gitignore': '.terraform\n' });
      git(estate, 'init', '-q', '-b', 'main');
      commitAll(estate, 'one');
    });

    it('are left alone while nobody else writes them', async () => {
      expect(await deploy()).toEqual(['finished']);
      expect(await deploy()).toEqual(['skipped']);
    });

    it('are looked at again once somebody else wrote them', async () => {
      writeFileSync(join(folder, 'hurry'), '');
      writeFiles(estate, { 'app/more.tf': 'resource "terraform_data" "y" { input = 1 }\n' });
      commitAll(estate, 'two');
      expect(await deploy()).toEqual(['finished']);
      writeFileSync(join(folder, 'bin', 'terraform'), `#!/bin/sh\nexec "${real}" "$@"\n`);
      // The other one applied before Karma could look: the state that it found is not the one that it left.
      expect(await deploy()).toEqual(['finished']);
      expect(await deploy()).toEqual(['skipped']);
    });
  });
});
