import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { adageLayout } from './layout.ts';

beforeAll(loadGrammar);

const module = `variable "nickname" {}
data "aws_ssm_parameter" "config" { name = "/iac/fn/\${var.nickname}/config" }
locals {
  config = jsondecode(data.aws_ssm_parameter.config.value)
  rules  = file("\${path.module}/../../rules/\${local.config.rules}.json")
}
`;

const around: Readonly<Record<string, string>> = {
  'components/fn/main.tf': module,
  'components/fn/component.yaml': 'steps:\n  - { name: s, when: before, run: ["bash", "scripts/build.sh"] }\n',
  'rules/a.json': '1',
  'rules/b.json': '2',
  'scripts/build.sh': 'echo',
  'src/one/index.py': 'x',
};

function claimOf(config: unknown, more: Readonly<Record<string, string>> = {}): Claim {
  const main = viewOf({ ...around, 'iac/dev/fn/main/config.json': JSON.stringify(config), ...more });
  const around_ = { environment: {}, parameters: new Map(), settings: {} };
  const layout = adageLayout.open({ main, repos: new Map([['', main]]), ...around_ });
  const [candidate] = layout.discover().candidates;
  if (candidate === undefined) throw new Error('no component');
  return layout.claim(candidate);
}

describe('the files that a component reads', () => {
  it('are those that its own config leads to, and the scripts of its steps', () => {
    const claim = claimOf({ rules: 'a', source: '../../src/one' });
    expect(claim.readAsData).toEqual(['rules/a.json', 'scripts/**#*', 'scripts/build.sh', 'src/one/**#*']);
    expect(claim.blindSpots.filter(({ code }) => code.startsWith('file-'))).toEqual([]);
    const digest = (more: Readonly<Record<string, string>>) =>
      claimOf({ rules: 'a', source: '../../src/one' }, more).component.readsDigest;
    expect(digest({ 'rules/a.json': '3' })).not.toBe(claim.component.readsDigest);
    expect(digest({ 'scripts/build.sh': 'ls' })).not.toBe(claim.component.readsDigest);
    expect(digest({ 'scripts/lib.sh': 'ls' })).not.toBe(claim.component.readsDigest);
    expect(digest({ 'rules/b.json': '3' })).toBe(claim.component.readsDigest);
  });

  it('hold the one unit file that it is run through, with what is in it', () => {
    const told = (more: Readonly<Record<string, string>>) => claimOf({ rules: 'a' }, more);
    const [one, other] = [
      told({ 'terragrunt.hcl': 'inputs = {}' }),
      told({ 'terragrunt.hcl': 'inputs = { region = 1 }' }),
    ];
    expect(one.readAsData).toContain('terragrunt.hcl');
    expect(one.component.readsDigest).not.toBe(other.component.readsDigest);
    expect(told({}).readSet.files).toHaveProperty(['terragrunt.hcl'], null);
  });

  it.each<[what: string, unit: string, files: Readonly<Record<string, string>>]>([
    [
      'a configuration that is read',
      'locals {\n  vars = read_terragrunt_config("common.hcl")\n}\ninputs = local.vars.locals',
      { 'common.hcl': 'locals {\n  a = 1\n}' },
    ],
    ['a file', 'locals {\n  unused = yamldecode(file("common.hcl"))\n}', { 'common.hcl': 'a: 1' }],
    [
      'an include',
      'include "root" {\n  path = "${get_terragrunt_dir()}/common.hcl"\n}',
      { 'common.hcl': 'inputs = {}' },
    ],
    [
      'what that reads',
      'locals {\n  vars = read_terragrunt_config("first.hcl")\n}',
      { 'first.hcl': 'locals {\n  a = file("common.hcl")\n}', 'common.hcl': 'x' },
    ],
    [
      'a hook',
      'terraform {\n  before_hook "h" {\n    commands = ["apply"]\n    execute  = ["./common.hcl"]\n  }\n}',
      { 'common.hcl': 'x' },
    ],
  ])('hold what that file reads in its turn: %s', (_what, unit, files) => {
    const told = (text: string) => claimOf({ rules: 'a' }, { ...files, 'terragrunt.hcl': unit, 'common.hcl': text });
    const [one, other] = [told(files['common.hcl'] ?? ''), told('locals {\n  a = 2\n}')];
    expect(one.readSet.files).toHaveProperty(['common.hcl']);
    expect(one.component.readsDigest).not.toBe(other.component.readsDigest);
  });

  it('are not told where that file names one that only a run knows', () => {
    const unit = 'locals {\n  vars = yamldecode(file("vars/${get_env("STAGE", "dev")}.yaml"))\n}';
    const claim = claimOf({ rules: 'a' }, { 'terragrunt.hcl': unit, 'vars/dev.yaml': 'a: 1' });
    expect(claim.blindSpots.map(({ code }) => code)).toContain('file-in-part');
    expect(Object.keys(claim.readSet.folders)).toContain('vars/**?*.yaml');
  });

  it('may be any that fit, where the config does not say', () => {
    const claim = claimOf(
      { $depends_on: [] },
      { 'components/fn/main.tf': module.replace('local.config.rules', 'timestamp()') },
    );
    expect(claim.blindSpots.map(({ code }) => code)).toContain('file-in-part');
    expect(Object.keys(claim.readSet.folders)).toContain('rules/**?*.json');
  });
});
