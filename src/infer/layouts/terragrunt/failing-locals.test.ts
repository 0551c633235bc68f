import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

/** A file of locals, one of which needs what is set only where it is run. */
const files = {
  'env.hcl': 'locals {\n  name  = "x"\n  token = get_env("TOKEN_SET_NOWHERE")\n}\n',
  'x/terragrunt.hcl': '',
};

describe('a local that fails takes nothing with it that does not use it', () => {
  it.each([
    ['of a configuration that is read', 'read_terragrunt_config("../env.hcl")', 'local.vars.locals.name'],
    ['of its locals alone', 'read_terragrunt_config("../env.hcl").locals', 'local.vars.name'],
    ['handed on in a list', '[read_terragrunt_config("../env.hcl").locals]', 'local.vars[0].name'],
    ['handed on in an object', '{ env = read_terragrunt_config("../env.hcl") }', 'local.vars.env.locals.name'],
    ['tried, with something behind it', 'try(read_terragrunt_config("../env.hcl").locals, {})', 'local.vars.name'],
  ])('%s', (_where, vars, name) => {
    const unit = `locals {\n  vars = ${vars}\n}\ndependency "x" {\n  config_path = "../\${${name}}"\n}\n`;
    expect(readEstate({ ...files, 'a/terragrunt.hcl': unit })).toMatchObject({ edges: ['a -> x'], findings: [] });
  });

  it('and is named where it is used', () => {
    const unit = `locals {
  vars = read_terragrunt_config("../env.hcl").locals
}
dependency "x" {
  config_path = "../\${local.vars.token}"
}
`;
    expect(readEstate({ ...files, 'a/terragrunt.hcl': unit }).findings).toEqual([
      'evaluation-failed a dependency.x.config_path',
    ]);
  });

  it('nor does a try in a try take what fails for what is there', () => {
    const unit = `locals {
  vars = read_terragrunt_config("../env.hcl").locals
}
dependency "x" {
  config_path = try("../\${local.vars.token}", "../x")
}
`;
    expect(readEstate({ ...files, 'a/terragrunt.hcl': unit }).edges).toEqual(['a -> x']);
  });
});

describe('what fails is told, whoever uses it', () => {
  const unit = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n';
  const told = (root: string, more: Readonly<Record<string, string>> = {}) => {
    const { findings, claims } = readEstate({ 'root.hcl': root, 'a/terragrunt.hcl': unit, ...more });
    const spots = claims
      .get('a')
      ?.blindSpots.map(({ code, on }) => `${code}${on?.length === 0 ? ' hides nothing' : ''}`);
    return { findings, spots };
  };

  it.each([
    'file("nowhere.txt")',
    'yamldecode("a: [")',
    'yamldecode("")',
    'yamldecode("a: !Ref b")',
    'yamldecode("a: 1\\n---\\nb: 2")',
    'jsondecode("{")',
    'nosuch(1)',
    'upper(["a"])',
    'local.nope',
    'get_env()',
    'get_terragrunt_dir("x")',
    'plantimestamp()',
    'true ? [1] : "a"',
    'true ? {a = 1} : {a = [1]}',
    'true ? 1 : true',
    'read_terragrunt_config("nowhere.hcl")',
  ])('a local of an include that nobody uses: %s', (expression) => {
    expect(told(`locals {\n  unused = ${expression}\n}\n`)).toEqual({
      findings: ['evaluation-failed a root.hcl local.unused'],
      spots: ['evaluation-failed hides nothing'],
    });
  });

  it.each([
    'get_env("TOKEN_SET_NOWHERE")',
    'file("../../outside.txt")',
    'try(file("nowhere.txt"), 1)',
    'yamldecode("a: 1\\na: 2")',
    'true ? [1] : [1, 2]',
    'true ? "a" : true',
    'true ? null : [1]',
    'find_in_parent_folders("${get_repo_root()}/root.hcl")',
  ])('but not what another machine may have, and what Terragrunt takes: %s', (expression) => {
    expect(told(`locals {\n  unused = ${expression}\n}\n`).findings).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['inputs that are replaced', 'inputs = {\n  x = file("nowhere.txt")\n}\n', 'inputs.x'],
    ['a setting', 'iam_role = file("nowhere.txt")\n', 'iam_role'],
    [
      'a block',
      'remote_state {\n  backend = "s3"\n  config = {\n    key = file("nowhere.txt")\n  }\n}\n',
      'remote_state.config.key',
    ],
  ])('%s', (_what, root, site) => {
    const { findings } = told(root, { 'a/terragrunt.hcl': `${unit}inputs = {\n  x = 1\n}\n` });
    expect(findings).toEqual([`evaluation-failed a root.hcl ${site}`]);
  });

  it('a local that reads a dependency, which is not there yet', () => {
    const { findings } = readEstate({
      'x/terragrunt.hcl': '',
      'a/terragrunt.hcl': `locals {
  early = dependency.x.outputs.y
  tried = try(dependency.x.outputs.y, 1)
}
dependency "x" {
  config_path = "../x"
}
inputs = { y = dependency.x.outputs.y }
`,
    });
    expect(findings).toEqual(['evaluation-failed a local.early']);
  });

  it('of a configuration that is read, once for all that fails of it', () => {
    const root =
      'locals {\n  vars = read_terragrunt_config("../vars.hcl")\n}\ninputs = {\n  x = local.vars.locals.y\n}\n';
    expect(told(root, { 'vars.hcl': 'locals {\n  x = file("nowhere.txt")\n  y = local.x\n}\n' }).findings).toEqual([
      'evaluation-failed a vars.hcl local.x',
    ]);
  });

  it('of one that cannot be read, as what may hide something', () => {
    const root = 'locals {\n  vars = read_terragrunt_config("../vars.hcl")\n}\n';
    expect(told(root, { 'vars.hcl': 'locals {\n  x = \n}\n' })).toEqual({
      findings: ['hcl-unreadable a vars.hcl#0'],
      spots: ['hcl-unreadable'],
    });
  });
});
