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
