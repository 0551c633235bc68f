import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const template = `terraform {
  source = "\${get_repo_root()}/modules/\${values.module}"
}
dependency "net" {
  config_path = values.net
}
dependency "gone" {
  config_path = "../gone"
}
inputs = {
  x = values.x
}
`;

describe('a unit that nobody runs from where it lies', () => {
  it('has no findings of runs and no blind spots when stacks are made from it, and those that are made have', () => {
    const { claims, findings } = readEstate({
      'modules/m/main.tf': '',
      'units/u/terragrunt.hcl': template,
      'live/terragrunt.stack.hcl':
        'unit "a" {\n  source = "../units/u"\n  path   = "a"\n  values = { module = "m", net = "../net", x = 1 }\n}\n',
    });
    expect(claims.get('units/u')?.blindSpots).toEqual([]);
    expect(findings.filter((one) => one.includes(' units/u '))).toEqual([]);
    expect(findings.filter((one) => one.includes('/a '))).toEqual([
      'dangling-reference live/.terragrunt-stack/a unit:live/.terragrunt-stack/gone',
      'dangling-reference live/.terragrunt-stack/a unit:live/.terragrunt-stack/net',
    ]);
  });

  it('writes and reads nothing, so that what is made from it is the only one that does', () => {
    const unit = (module: string) =>
      `terraform {\n  source = "\${get_repo_root()}/modules/${module}"\n}\ninputs = {\n  x = values.x\n}\n`;
    const made = (name: string) =>
      `unit "${name}" {\n  source = "../units/${name}"\n  path   = "${name}"\n  values = { x = 1 }\n}\n`;
    const { edges } = readEstate({
      'modules/writer/main.tf':
        'variable "x" {}\nresource "aws_ssm_parameter" "p" {\n  name  = "/p"\n  value = "v"\n}\n',
      'modules/reader/main.tf': 'variable "x" {}\ndata "aws_ssm_parameter" "p" {\n  name = "/p"\n}\n',
      'units/writer/terragrunt.hcl': unit('writer'),
      'units/reader/terragrunt.hcl': unit('reader'),
      'live/terragrunt.stack.hcl': made('writer') + made('reader'),
    });
    expect(edges).toEqual(['live/.terragrunt-stack/reader -> live/.terragrunt-stack/writer']);
  });

  it('is one that can do without values only where stacks are made from it', () => {
    const unit = 'dependency "x" {\n  config_path = try(values.path, run_cmd("where"))\n}\n';
    const alone = readEstate({ 'units/u/terragrunt.hcl': unit });
    expect(alone.claims.get('units/u')?.blindSpots.map(({ code }) => code)).toEqual(['unknown-path', 'file-outside']);
    const stack = 'unit "a" {\n  source = "../units/u"\n  path   = "a"\n  values = { path = "../b" }\n}\n';
    const template = readEstate({ 'units/u/terragrunt.hcl': unit, 'live/terragrunt.stack.hcl': stack });
    expect(template.claims.get('units/u')?.blindSpots).toEqual([]);
  });

  it('is run where its values lie beside it', () => {
    const { findings } = readEstate({
      'units/u/terragrunt.hcl': template,
      'units/u/terragrunt.values.hcl': 'module = "gone"\nnet = "../net"\nx = 1\n',
    });
    expect(findings).toContain('module-missing units/u modules/gone');
  });

  it.each(['skip = true\n', 'exclude {\n  if      = true\n  actions = ["all"]\n}\n'])(
    'may skip itself and be there for others to include: %j',
    (skips) => {
      const root = `${skips}terraform {\n  source = "\${get_repo_root()}/modules/\${basename(get_original_terragrunt_dir())}"\n}\n`;
      const { claims, findings } = readEstate({
        'modules/net/main.tf': '',
        'live/terragrunt.hcl': root,
        'live/net/terragrunt.hcl': 'include "root" {\n  path = find_in_parent_folders()\n}\n',
        'live/lost/terragrunt.hcl': 'include "root" {\n  path = find_in_parent_folders()\n}\n',
      });
      expect(findings).toEqual(['module-missing live/lost modules/lost']);
      expect(claims.get('live')?.blindSpots).toEqual([]);
    },
  );
});
