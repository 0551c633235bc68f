import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { FileView } from '../../../model/file-view.ts';
import { terragruntLayout } from './layout.ts';
import { estateOf, type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const attributesIn = (files: Files, id: string) => readEstate(files).claims.get(id)?.component.attributes;

describe('where the resources of a unit are', () => {
  const root = `generate "provider" {
  path     = "provider.tf"
  if_exists = "overwrite"
  contents = <<-EOT
    provider "aws" {
      region              = var.region
      allowed_account_ids = ["111111111111"]
    }
    provider "aws" {
      alias  = "certificates"
      region = "us-east-1"
      assume_role {
        role_arn = "arn:aws:iam::222222222222:role/x"
      }
    }
  EOT
}
`;
  const include = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';

  it('is what its provider without an alias says, with the inputs of the unit', () => {
    const files = { 'root.hcl': root, 'app/terragrunt.hcl': `${include}inputs = {\n  region = "eu-west-1"\n}\n` };
    expect(attributesIn(files, 'app')).toMatchObject({ region: 'eu-west-1', account: '111111111111' });
  });

  it('is read of JSON too', () => {
    const json = `generate "p" {\n  path = "p.tf.json"\n  if_exists = "overwrite"\n  contents = jsonencode({ provider = { aws = [{ alias = "x", region = "us-east-1" }, { region = "eu-west-1" }] } })\n}\n`;
    expect(attributesIn({ 'app/terragrunt.hcl': json }, 'app')).toMatchObject({ region: 'eu-west-1' });
  });

  it('is not known where only another provider says it', () => {
    const files = { 'root.hcl': root, 'net/terragrunt.hcl': include };
    expect(attributesIn(files, 'net')).not.toHaveProperty('region');
  });
});

describe('where the state of a unit is', () => {
  it.each([
    ['backend "s3" {\n  bucket = "b"\n  key = "k"\n}', 's3://b/k'],
    ['backend "gcs" {\n  bucket = "b"\n  prefix = "p"\n}', 'gcs://b/p'],
    ['backend "oci" {\n  namespace = "n"\n  bucket = "b"\n  key = "k"\n}', 'oci://n/b/k'],
    ['cloud {\n  organization = "o"\n  workspaces {\n    name = "w"\n  }\n}', 'remote://app.terraform.io/o/w'],
  ])('is read of a generated file, nested blocks included: %s', (backend, state) => {
    const contents = `terraform {\n${backend}\n}`;
    const files = {
      'app/terragrunt.hcl': `generate "backend" {\n  path = "backend.tf"\n  if_exists = "overwrite"\n  contents = <<-EOT\n${contents}\n  EOT\n}\n`,
    };
    expect(attributesIn(files, 'app')).toMatchObject({ state });
  });

  it('is known as far as its settings evaluate', () => {
    const files = {
      'app/terragrunt.hcl':
        'remote_state {\n  backend = "s3"\n  config = {\n    bucket = get_env("NOT_SET")\n    key = "app/terraform.tfstate"\n  }\n}\n',
    };
    const kept = readEstate(files)
      .claims.get('app')
      ?.provides.find(({ addresses }) => addresses !== undefined);
    expect(JSON.stringify(kept?.addresses)).toContain('app/terraform.tfstate');
  });
});

describe("the repository's own folder", () => {
  const unit = `remote_state {
  backend = "s3"
  config = {
    bucket = "b"
    key    = "\${basename(get_repo_root())}/\${get_path_from_repo_root()}/terraform.tfstate"
  }
}
inputs = {
  above = basename(dirname(get_repo_root()))
  here  = get_terragrunt_dir()
}
`;
  const claimIn = (place: { repository: string; folder: string } | undefined, up: number) => {
    const view = estateOf({ 'live/app/terragrunt.hcl': unit }, { settings: place === undefined ? {} : { place } });
    const main: FileView = { ...view.main, repoRoot: Array.from({ length: up }, () => '..').join('/') };
    const open = terragruntLayout.open({ ...view, main });
    return open.discover().candidates.map((candidate) => open.claim(candidate))[0];
  };

  it('has the name that it has, and the estate its folder in it', () => {
    expect(claimIn({ repository: 'infra', folder: '' }, 0)?.component.attributes.state).toBe(
      's3://b/infra/live/app/terraform.tfstate',
    );
    expect(claimIn({ repository: 'infra', folder: 'cloud/aws' }, 2)?.component.attributes.state).toBe(
      's3://b/infra/cloud/aws/live/app/terraform.tfstate',
    );
  });

  it('is not known where nobody says it: no word is made up', () => {
    for (const claim of [claimIn(undefined, 0), claimIn(undefined, 1)]) {
      expect(claim?.component.attributes).not.toHaveProperty('state');
      expect(claim?.provides.filter(({ key }) => key.startsWith('state:'))).toEqual([]);
    }
  });

  it('never has a folder above it that is known, and what is evaluated is the same wherever it lies', () => {
    const here = claimIn({ repository: 'infra', folder: '' }, 0);
    const there = claimIn({ repository: 'another', folder: '' }, 0);
    for (const claim of [here, there])
      expect(claim?.evaluated?.inputs).toMatchObject({
        above: { $unknown: expect.any(String) },
        here: '/estate/live/app',
      });
  });
});
