import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import { type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const around: Files = {
  'accounts/dev.yaml': 'id: 1',
  'accounts/prod.yaml': 'id: 2',
  'scripts/account.sh': 'echo prod',
  'files/a.json': '{}',
  'prod/x': 'x',
  'modules/m/main.tf':
    'variable "env" { default = "none" }\nlocals { a = file("${path.module}/../../accounts/${var.env}.yaml") }\n',
};

function claimOf(unit: string, more: Files = {}): Claim {
  const claim = readEstate({ ...around, ...more, 'live/a/terragrunt.hcl': unit }).claims.get('live/a');
  if (claim === undefined) throw new Error('no unit');
  return claim;
}

const codesOf = (unit: string) => claimOf(unit).blindSpots.map(({ code }) => code);
const inPartOf = (unit: string) =>
  Object.keys(claimOf(unit).readSet.folders).filter((place) => /\/\*\*\?./.test(place));

describe('what a unit has read by others', () => {
  it.each([
    [
      'a script by its path from the root',
      'inputs = { a = run_cmd("--terragrunt-quiet", "scripts/account.sh") }',
      ['scripts/**#*', 'scripts/account.sh'],
    ],
    [
      'a script by its whole path',
      'inputs = { a = run_cmd("${get_repo_root()}/scripts/account.sh", "prod") }',
      ['scripts/**#*', 'scripts/account.sh'],
    ],
    [
      'in a command line',
      'inputs = { a = run_cmd("sh", "-c", "cd ../.. && ./scripts/account.sh x") }',
      ['scripts/**#*', 'scripts/account.sh'],
    ],
    ['an encrypted file', 'inputs = { a = sops_decrypt_file("${get_repo_root()}/files/a.json") }', ['files/a.json']],
    [
      'a hook',
      'terraform {\n  before_hook "h" {\n    commands = ["apply"]\n    execute  = ["bash", "-c", "../../scripts/account.sh && ls ../../files"]\n  }\n}',
      ['files/**#*', 'scripts/**#*', 'scripts/account.sh'],
    ],
    [
      'a file of variables among arguments',
      'terraform {\n  extra_arguments "e" {\n    commands  = ["apply"]\n    arguments = ["-var-file=../../files/a.json"]\n  }\n}',
      ['files/a.json'],
    ],
  ])('%s', (_what, unit, places) => {
    expect(claimOf(unit).opaqueFiles).toEqual(places);
  });

  it('changes with what is in it', () => {
    const unit = 'inputs = { a = run_cmd("ls", "../../files") }';
    const digest = (more?: Files) => claimOf(unit, more).component.configDigest;
    expect(digest({ 'files/a.json': '{"a": 1}' })).not.toBe(digest());
    expect(digest({ 'files/b.json': '{}' })).not.toBe(digest());
    expect(digest({ 'accounts/dev.yaml': 'id: 3' })).toBe(digest());
  });
});

describe('a path that only a run could know', () => {
  it.each([
    [
      'of a file',
      'locals { e = run_cmd("x") }\ninputs = { a = file("${get_repo_root()}/accounts/${local.e}.yaml") }',
      ['accounts/**?*.yaml'],
    ],
    [
      'of a configuration',
      'locals { e = run_cmd("x") }\ninputs = { a = read_terragrunt_config("../../accounts/${local.e}.hcl") }',
      ['accounts/**?*.hcl'],
    ],
    [
      'of an encrypted file',
      'inputs = { a = sops_decrypt_file("../../files/${run_cmd("x")}.json") }',
      ['files/**?*.json'],
    ],
    ['of an input', 'inputs = { a = "${get_repo_root()}/files/${run_cmd("x")}.json" }', ['files/**?*.json']],
    [
      'in its module',
      'dependency "d" { config_path = "../b" }\nterraform { source = "../../modules/m" }\ninputs = { env = dependency.d.outputs.env }',
      ['accounts/**?*.yaml'],
    ],
  ])('%s is all that it could name', (_what, unit, places) => {
    expect(inPartOf(unit)).toEqual(places);
    expect(codesOf(unit)).toContain('file-in-part');
  });

  it('is a blind spot where nothing of it is known', () => {
    expect(codesOf('inputs = { a = file(run_cmd("x")) }')).toEqual(['file-outside', 'file-unknown']);
  });
});

describe('what its module reads with its inputs', () => {
  const unit = (inputs: string) => `terraform { source = "../../modules/m" }\ninputs = { ${inputs} }`;
  it('is read as data, and counts by a digest of the unit', () => {
    const prod = claimOf(unit('env = "prod"'));
    expect(prod.readAsData).toEqual(['accounts/prod.yaml']);
    expect(prod.readSet.files['accounts/prod.yaml']).toBeTypeOf('string');
    const changed = claimOf(unit('env = "prod"'), { 'accounts/prod.yaml': 'id: 3' });
    expect(changed.component.readsDigest).not.toBe(prod.component.readsDigest);
    expect(codesOf(unit('env = "prod"'))).toEqual([]);
  });

  it('is what a text of an input leads to', () => {
    const input = unit('env = "dev", path = "${get_repo_root()}/files"');
    expect(claimOf(input).readAsData).toEqual(['accounts/dev.yaml', 'files/**#*']);
    expect(claimOf(unit('env = "dev", name = "prod"')).readAsData).toEqual(['accounts/dev.yaml']);
  });

  it('is told once under the module where it is the same for all who run it, and is a blind spot of each', () => {
    const module = { 'modules/m/main.tf': 'locals { a = file("/etc/hosts") }\n' };
    const { claims, findings } = readEstate({
      ...around,
      ...module,
      'live/a/terragrunt.hcl': unit(''),
      'live/b/terragrunt.hcl': unit(''),
    });
    expect(findings).toEqual(['file-outside type modules/m local.a /etc/hosts']);
    for (const id of ['live/a', 'live/b'])
      expect(claims.get(id)?.blindSpots.map(({ code }) => code)).toEqual(['file-outside']);
  });
});
