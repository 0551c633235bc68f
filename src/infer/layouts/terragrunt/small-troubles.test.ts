import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const leadsTo = (path: string, more = '') => `dependency "x" {\n  config_path = "${path}"\n}\n${more}`;

describe('what would go wrong without a word', () => {
  it.each<[what: string, files: Files, findings: readonly string[]]>([
    ['a dependency on itself', { 'a/terragrunt.hcl': leadsTo('../a') }, ['cycle a dependency.x.config_path']],
    [
      'a stack that makes nothing because it is broken',
      { 's/terragrunt.stack.hcl': 'unit "a" {\n  source = \n}\n' },
      ['hcl-unreadable s/terragrunt.stack.hcl line 2'],
    ],
    [
      'a broken stack that others are made from',
      {
        'catalog/terragrunt.stack.hcl': 'unit {{\n',
        'live/terragrunt.stack.hcl': 'stack "s" {\n  source = "../catalog"\n  path = "s"\n}\n',
      },
      [
        'hcl-unreadable catalog/terragrunt.stack.hcl line 1',
        'hcl-unreadable live/.terragrunt-stack/s/terragrunt.stack.hcl line 1',
      ],
    ],
    [
      'units written for Terragrunt before 0.19',
      {
        'live/terraform.tfvars': 'terragrunt = {\n  lock = {}\n}\n',
        'live/vpc/terraform.tfvars':
          'name = "a"\nterragrunt = {\n  include {\n    path = "${find_in_parent_folders()}"\n  }\n}\n',
        'live/.terragrunt-cache/x/terraform.tfvars': 'terragrunt = {\n}\n',
        'plain/terraform.tfvars': 'terragrunt = "no"\nother = "terragrunt = {"\n',
      },
      ['terragrunt-too-old . terraform.tfvars'],
    ],
  ])('%s is a finding', (_what, files, findings) => {
    expect(readEstate(files).findings).toEqual(findings);
  });

  it('and old units are passed over with the reason', () => {
    const { passedOver } = readEstate({ 'live/vpc/terraform.tfvars': 'terragrunt = {\n}\n' });
    expect(passedOver).toEqual(['live/vpc: a unit as Terragrunt took it before 0.19']);
  });
});

describe('what a unit takes of another', () => {
  it('is all that is known of it where it takes its inputs, which are no outputs', () => {
    const files = {
      'x/terragrunt.hcl': '',
      'a/terragrunt.hcl': leadsTo('../x', 'inputs = { v = dependency.x.inputs.v }\n'),
    };
    expect(readEstate(files).edges).toEqual(['a -> x *']);
  });
});

describe('files that a unit says it reads', () => {
  const files = {
    'a/terragrunt.hcl':
      'locals {\n  read = mark_glob_as_read("../data/**/*.{json,yaml}")\n}\ninputs = { n = length(local.read) }\n',
    'data/one.json': '{}',
    'data/deep/two.yaml': 'a: 1',
    'data/three.txt': '',
  };

  it('by a pattern are among what it was read from', () => {
    const claim = readEstate(files).claims.get('a');
    expect(claim?.evaluated).toMatchObject({ inputs: { n: 2 } });
    expect(Object.keys(claim?.readSet.files ?? {})).toEqual(
      expect.arrayContaining(['data/deep/two.yaml', 'data/one.json']),
    );
    expect(Object.keys(claim?.readSet.files ?? {})).not.toContain('data/three.txt');
  });
});
