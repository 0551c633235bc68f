import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const unit = (module: string, inputs = '', more = ''): string =>
  `terraform {\n  source = "\${get_repo_root()}/modules/${module}"\n}\n${more}\ninputs = {\n${inputs}\n}\n`;

const writer =
  'variable "env" {}\nresource "aws_ssm_parameter" "v" {\n  name  = "/${var.env}/net/vpc_id"\n  value = "v"\n}\n';
const reader =
  'variable "env" {}\ndata "aws_ssm_parameter" "v" {\n  name = "/${var.env}/net/vpc_id"\n}\noutput "v" {\n  value = data.aws_ssm_parameter.v.value\n}\n';

const estate: Files = { 'modules/net/main.tf': writer, 'modules/app/main.tf': reader };

describe("what a unit's module reads of others", () => {
  it('a parameter of which both names rest on inputs', () => {
    const { edges } = readEstate({
      ...estate,
      'live/net/terragrunt.hcl': unit('net', 'env = "live"'),
      'live/app/terragrunt.hcl': unit('app', 'env = "live"'),
      'test/net/terragrunt.hcl': unit('net', 'env = "test"'),
    });
    expect(edges).toEqual(['live/app -> live/net *']);
  });

  it('files of variables, which stand over inputs', () => {
    const vars = `terraform {
  source = "\${get_repo_root()}/modules/app"
  extra_arguments "v" {
    commands           = ["plan", "apply"]
    required_var_files = ["\${get_terragrunt_dir()}/v.tfvars"]
  }
}
inputs = {
  env = "test"
}
`;
    const { edges } = readEstate({
      ...estate,
      'live/net/terragrunt.hcl': unit('net', 'env = "live"'),
      'live/app/terragrunt.hcl': vars,
      'live/app/v.tfvars': 'env = "live"\n',
    });
    expect(edges).toEqual(['live/app -> live/net *']);
  });

  it('the state of another unit, by the address that its remote_state gives it', () => {
    const remote = `remote_state {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "\${path_relative_to_include()}/terraform.tfstate"
  }
}
`;
    const include = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';
    const { edges } = readEstate({
      'root.hcl': remote,
      'modules/net/main.tf': 'output "vpc_id" {\n  value = "v"\n}\n',
      'modules/app/main.tf': `variable "state" {}
data "terraform_remote_state" "net" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = var.state
  }
}
output "v" {
  value = data.terraform_remote_state.net.outputs.vpc_id
}
`,
      'live/net/terragrunt.hcl': unit('net', '', include),
      'live/app/terragrunt.hcl': unit('app', 'state = "live/net/terraform.tfstate"', include),
    });
    expect(edges).toEqual(['live/app -> live/net /vpc_id']);
  });

  it('blocks in generated files, cited where those are written', () => {
    const generated = `generate "reads" {
  path      = "reads.tf"
  if_exists = "overwrite"
  contents  = <<-EOT
    data "aws_ssm_parameter" "v" {
      name = "/live/net/vpc_id"
    }
    output "v" {
      value = data.aws_ssm_parameter.v.value
    }
  EOT
}
`;
    const { edges, claims } = readEstate({
      ...estate,
      'modules/empty/main.tf': '',
      'live/net/terragrunt.hcl': unit('net', 'env = "live"'),
      'live/app/terragrunt.hcl': unit('empty', '', generated),
      'live/off/terragrunt.hcl': unit('empty', '', generated.replace('path ', 'disable = true\n  path ')),
    });
    expect(edges).toEqual(['live/app -> live/net *']);
    expect(claims.get('live/app')?.needs[0]?.evidence).toMatchObject({ file: 'live/app/terragrunt.hcl', line: 7 });
  });

  it('what cannot be followed is a blind spot, as in every layout', () => {
    const module = `module "far" {
  source = "terraform-aws-modules/vpc/aws"
}
data "vault_generic_secret" "s" {
  path = "x"
}
data "external" "p" {
  program = ["x"]
}
data "aws_ssm_parameter" "p" {
  name = data.external.p.result.name
}
data "aws_cloudformation_export" "e" {
  name = "x"
}
`;
    const { claims, findings } = readEstate({
      'modules/app/main.tf': module,
      'live/app/terragrunt.hcl': unit('app'),
      'live/other/terragrunt.hcl': unit('app'),
    });
    expect(claims.get('live/app')?.blindSpots.map(({ code }) => code)).toEqual([
      'module-not-read',
      'foreign-read',
      'program-unread',
      'foreign-read',
    ]);
    expect(findings.filter((one) => one.startsWith('module-not-read'))).toEqual([
      'module-not-read type modules/app modules/app far',
    ]);
  });

  it('names that a generated file declares are declared', () => {
    const generated =
      'generate "v" {\n  path = "v.tf"\n  if_exists = "overwrite"\n  contents = "variable \\"region\\" {}"\n}\n';
    const { findings } = readEstate({
      'modules/app/main.tf': 'output "r" {\n  value = "${var.region} ${var.gone}"\n}\n',
      'live/app/terragrunt.hcl': unit('app', '', generated),
    });
    expect(findings).toEqual(['hcl-undeclared-reference type modules/app modules/app var.gone']);
  });

  it('a generated file of which nothing is known may read anything, one that is known in part reads what it says', () => {
    const generate = (contents: string) =>
      `generate "g" {\n  path = "g.tf"\n  if_exists = "overwrite"\n  contents = ${contents}\n}\n`;
    const { claims, edges } = readEstate({
      ...estate,
      'modules/empty/main.tf': '',
      'live/net/terragrunt.hcl': unit('net', 'env = "live"'),
      'live/hidden/terragrunt.hcl': unit('empty', '', generate('run_cmd("x")')),
      'live/part/terragrunt.hcl': unit(
        'empty',
        '',
        generate(
          '"provider \\"aws\\" {\\n  profile = \\"${get_aws_account_id()}\\"\\n}\\ndata \\"aws_ssm_parameter\\" \\"v\\" {\\n  name = \\"/live/net/vpc_id\\"\\n}\\n"',
        ),
      ),
    });
    expect(claims.get('live/hidden')?.blindSpots.map(({ code }) => code)).toEqual([
      'evaluation-failed',
      'file-outside',
    ]);
    expect(claims.get('live/part')?.blindSpots).toEqual([]);
    expect(edges).toEqual(['live/part -> live/net']);
  });
});
