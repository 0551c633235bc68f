import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import type { EstateView } from '../../../model/estate.ts';
import { readSetHolds } from '../../record-reads.ts';
import { terragruntLayout } from './layout.ts';
import { estateOf, type Files } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

/** Units whose modules are evaluated, with everything that may decide what those read. */
const base: Files = {
  'root.hcl': `remote_state {
  backend = "s3"
  config = {
    bucket = "b"
    key    = "\${path_relative_to_include()}/terraform.tfstate"
  }
}
generate "provider" {
  path      = "provider.tf"
  if_exists = "skip"
  contents  = "provider \\"aws\\" {\\n  region = \\"eu-west-1\\"\\n}\\n"
}
`,
  'live/common.hcl':
    'dependency "net" {\n  config_path = fileexists("${get_terragrunt_dir()}/other") ? "../x" : "${get_terragrunt_dir()}/net"\n}\n',
  'live/net/terragrunt.hcl':
    'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\nterraform {\n  source = "../../modules/net"\n}\ninputs = {\n  env = "live"\n}\n',
  'live/app/terragrunt.hcl': `include "root" {
  path = find_in_parent_folders("root.hcl")
}
locals {
  common = read_terragrunt_config(find_in_parent_folders("common.hcl"))
}
terraform {
  source = "../../modules/app"
  extra_arguments "v" {
    commands           = ["plan"]
    optional_var_files = ["\${get_terragrunt_dir()}/v.tfvars"]
  }
}
inputs = {
  env = "live"
  id  = local.common.dependency.net.outputs.id
}
`,
  'modules/net/main.tf':
    'variable "env" {}\nresource "aws_ssm_parameter" "v" {\n  name  = "/${var.env}/id"\n  value = "v"\n}\noutput "id" {\n  value = 1\n}\n',
  'modules/app/main.tf': 'variable "env" {}\nmodule "read" {\n  source = "../read"\n  name   = "/${var.env}/id"\n}\n',
  'modules/read/main.tf':
    'variable "name" {}\ndata "aws_ssm_parameter" "v" {\n  name = var.name\n}\noutput "v" {\n  value = data.aws_ssm_parameter.v.value\n}\n',
};

function claimsOf(view: EstateView): Map<string, Claim> {
  const open = terragruntLayout.open(view);
  return new Map(open.discover().candidates.map((candidate) => [candidate.id, open.claim(candidate)]));
}

const edit = fc.record({
  path: fc.constantFrom(
    ...Object.keys(base),
    'live/other',
    'live/app/v.tfvars',
    'live/app/terraform.tfvars',
    'live/app/extra.tf',
    'modules/app/provider.tf',
    'modules/app/x.auto.tfvars',
    'modules/read/more.tf',
  ),
  text: fc.constantFrom(undefined, '', 'env = "changed"\n', 'data "vault_kv_secret" "s" {\n  name = "x"\n}\n'),
});

describe('claims of units whose modules are evaluated', () => {
  it('hold as long as nothing that they read has changed', () => {
    const before = claimsOf(estateOf(base));
    expect(before.get('live/app')?.needs.map(({ rule }) => rule)).toEqual(['dependency', 'parameter-read']);
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const files = new Map(Object.entries(base));
        for (const { path, text } of edits) {
          if (text === undefined) files.delete(path);
          else files.set(path, text);
        }
        const view = estateOf(Object.fromEntries(files));
        const after = claimsOf(view);
        for (const [id, claim] of before)
          if (readSetHolds(claim.readSet, view.repos)) expect(after.get(id)).toEqual(claim);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['a file of variables that is named', 'live/app/v.tfvars'],
    ['one that is loaded by its name, copied beside the module', 'live/app/terraform.tfvars'],
    ['one in the module', 'modules/app/x.auto.tfvars'],
  ])('change with %s', (_name, path) => {
    const after = claimsOf(estateOf({ ...base, [path]: 'env = "changed"\n' }));
    const key = after.get('live/app')?.needs.find(({ rule }) => rule === 'parameter-read')?.key;
    expect(key).toContain('/changed/id');
  });

  it.each([
    ['an argument', 'arguments = ["-var", "env=changed"]'],
    ['an argument in one word', 'arguments = ["-var=env=changed"]'],
    ['a file that is an argument', 'arguments = ["-var-file", "${get_terragrunt_dir()}/w.tfvars"]'],
    ['a variable of its environment', 'env_vars = { TF_VAR_env = "changed" }'],
  ])('change with %s', (_name, further) => {
    const app = (base['live/app/terragrunt.hcl'] ?? '').replace('commands           = ["plan"]', further);
    const after = claimsOf(
      estateOf({ ...base, 'live/app/terragrunt.hcl': app, 'live/app/w.tfvars': 'env = "changed"\n' }),
    );
    expect(after.get('live/app')?.needs.find(({ rule }) => rule === 'parameter-read')?.key).toContain('/changed/id');
  });

  it('change with a variable of the environment, which stands over an input', () => {
    const after = claimsOf(estateOf(base, { environment: { TF_VAR_env: 'changed' } }));
    const app = after.get('live/app');
    expect(app?.needs.find(({ rule }) => rule === 'parameter-read')?.key).toContain('/changed/id');
    expect(app?.readSet.environment).toHaveProperty('TF_VAR_env');
  });
});
