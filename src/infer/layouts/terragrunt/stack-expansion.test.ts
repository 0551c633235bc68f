import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const leaf =
  'dependency "base" {\n  enabled     = try(values.base, "") != ""\n  config_path = try(values.base, "")\n}\ninputs = {\n  x = try(dependency.base.outputs.id, 1)\n}\n';

describe('unit and stack blocks with an expansion', () => {
  const stack = `unit "base" {
  source = "../units/u"
  path   = "base"
}
unit "env" {
  expansion {
    for_each = toset(["dev", "prod"])
  }
  source = "../units/u"
  path   = "env/\${each.key}"
  values = { base = unit.base.path }
}
unit "last" {
  source = "../units/u"
  path   = "last"
  values = { base = unit.env["dev"].path }
}
unit "off" {
  enabled = false
  source  = "../units/u"
  path    = "off"
}
stack "s" {
  expansion {
    count = 2
  }
  source = "../inner"
  path   = "s-\${count.index}"
}
`;
  const files = {
    'units/u/terragrunt.hcl': leaf,
    'inner/terragrunt.stack.hcl': 'unit "leaf" {\n  source = "../units/u"\n  path   = "leaf"\n}\n',
    'live/terragrunt.stack.hcl': stack,
  };

  it('make what each turn says, at its path, with paths that others can name', () => {
    const { claims, edges } = readEstate(files);
    const made = [...claims.keys()].filter((id) => id.startsWith('live/'));
    expect(made.map((id) => id.replaceAll('.terragrunt-stack', '*'))).toEqual([
      'live/*/base',
      'live/*/env/dev',
      'live/*/env/prod',
      'live/*/last',
      'live/*/s-0/*/leaf',
      'live/*/s-1/*/leaf',
    ]);
    expect(edges.map((edge) => edge.replaceAll('live/.terragrunt-stack/', ''))).toEqual([
      'env/dev -> base ?/id',
      'env/prod -> base ?/id',
      'last -> env/dev ?/id',
    ]);
  });

  it('are told of when it cannot be known what they make', () => {
    const unknown = stack.replace('count = 2', 'count = get_env("COUNT")');
    const { findings } = readEstate({ ...files, 'live/terragrunt.stack.hcl': unknown });
    expect(findings).toContain('evaluation-failed live/terragrunt.stack.hcl stack.s.expansion');
  });
});
