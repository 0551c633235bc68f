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
        'unit "a" {\n  source = "../units/u"\n  path   = "a"\n  values = { module = "m", net = "../net" }\n}\n',
    });
    expect(claims.get('units/u')?.blindSpots).toEqual([]);
    expect(findings.filter((one) => one.includes(' units/u '))).toEqual([]);
    expect(findings.filter((one) => one.includes('/a '))).toEqual([
      'dangling-reference live/.terragrunt-stack/a unit:live/.terragrunt-stack/gone',
      'dangling-reference live/.terragrunt-stack/a unit:live/.terragrunt-stack/net',
    ]);
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
