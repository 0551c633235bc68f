import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

describe('blocks that stand twice', () => {
  it('two dependencies of one label are both waited for, and either may be read', () => {
    const { edges, findings } = readEstate({
      'a/terragrunt.hcl': '',
      'b/terragrunt.hcl': '',
      'app/terragrunt.hcl':
        'dependency "x" {\n  config_path = "../a"\n}\ndependency "x" {\n  config_path = "../b"\n}\ninputs = {\n  id = dependency.x.outputs.id\n}\n',
    });
    expect(edges).toEqual(['app -> a /id', 'app -> b /id']);
    expect(findings).toEqual(['block-twice app app/terragrunt.hcl dependency.x']);
  });

  it('of two includes with one label the last one is meant, and both are merged', () => {
    const { edges, findings } = readEstate({
      'first.hcl': 'locals {\n  to = "../a"\n}\ninputs = {\n  first = 1\n}\n',
      'second.hcl': 'locals {\n  to = "../b"\n}\ninputs = {\n  second = 1\n}\n',
      'a/terragrunt.hcl': '',
      'b/terragrunt.hcl': '',
      'app/terragrunt.hcl':
        'include "x" {\n  path = "../first.hcl"\n  expose = true\n}\ninclude "x" {\n  path = "../second.hcl"\n  expose = true\n}\ndependencies {\n  paths = [include.x.locals.to]\n}\n',
    });
    expect(edges).toEqual(['app -> b']);
    expect(findings).toEqual(['block-twice app app/terragrunt.hcl include.x']);
  });

  it.each([
    ['locals', 'locals {\n  a = 1\n}\nlocals {\n  b = 1\n}\n'],
    ['dependencies', 'dependencies {\n  paths = ["../a"]\n}\ndependencies {\n  paths = ["../a"]\n}\n'],
    ['terraform', 'terraform {\n}\nterraform {\n}\n'],
    ['remote_state', 'remote_state {\n  backend = "local"\n}\nremote_state {\n  backend = "local"\n}\n'],
    ['include', 'include {\n  path = "../r.hcl"\n}\ninclude {\n  path = "../r.hcl"\n}\n'],
    ['generate.g', 'generate "g" {\n  path = "g"\n}\ngenerate "g" {\n  path = "h"\n}\n'],
  ])('%s is refused by Terragrunt, which is an error', (site, app) => {
    const { findings } = readEstate({ 'a/terragrunt.hcl': '', 'r.hcl': '', 'app/terragrunt.hcl': app });
    expect(findings).toContain(`block-twice app app/terragrunt.hcl ${site}`);
  });

  it('units of one name in a stack are refused too, across its includes', () => {
    const unit = 'unit "u" {\n  source = "../u"\n  path = "u"\n}\n';
    const { findings } = readEstate({
      'u/terragrunt.hcl': '',
      'more.hcl': unit,
      's/terragrunt.stack.hcl': `include "more" {\n  path = "../more.hcl"\n}\n${unit}`,
    });
    expect(findings).toEqual(['block-twice s/terragrunt.stack.hcl unit.u']);
  });
});

it('a config_path that names a file is read and not waited for', () => {
  const { edges, findings } = readEstate({
    'a/terragrunt.hcl': '',
    'app/terragrunt.hcl':
      'dependency "a" {\n  config_path = "../a/terragrunt.hcl"\n}\ninputs = {\n  x = dependency.a.outputs.id\n}\n',
  });
  expect(edges).toEqual(['app -> a /id']);
  expect(findings).toEqual(['dependency-unordered app dependency.a.config_path']);
});
