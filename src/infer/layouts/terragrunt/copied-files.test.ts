import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { FileView } from '../../../model/file-view.ts';
import { terragruntLayout } from './layout.ts';
import { estateOf, type Files, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const unit = 'terraform {\n  source = "../../modules/m"\n}\n';
const claimOf = (files: Files) => readEstate(files).claims.get('live/app');

describe('what Terragrunt copies beside a module', () => {
  it.each(['terraform.tfvars', 'x.auto.tfvars', 'extra.tf'])('%s counts with what is in it', (name) => {
    const files = { 'modules/m/main.tf': 'variable "x" {\n  default = 1\n}\n', 'live/app/terragrunt.hcl': unit };
    const [before, after] = ['x = 1\n', 'x = 2\n'].map((text) => claimOf({ ...files, [`live/app/${name}`]: text }));
    expect(before?.opaqueFiles).toEqual([`live/app/${name}`]);
    expect(before?.component.configDigest).not.toBe(after?.component.configDigest);
  });

  it.each([
    ['by its path', 'file("${path.module}/p.json")', ''],
    ['by a path that rests on an input', 'file("${path.module}/${var.name}")', 'inputs = {\n  name = "p.json"\n}\n'],
  ])('a file that the module reads %s is read beside the unit', (_name, read, inputs) => {
    const claim = claimOf({
      'modules/m/main.tf': `variable "name" {\n  default = ""\n}\nresource "aws_iam_policy" "p" {\n  policy = ${read}\n}\n`,
      'live/app/terragrunt.hcl': `${unit}${inputs}`,
      'live/app/p.json': '{}',
      'live/app/other.json': '{}',
    });
    expect(claim?.readAsData).toContain('live/app/p.json');
    expect(claim?.readSet.files).toHaveProperty(['live/app/p.json']);
    expect(claim?.readSet.files).not.toHaveProperty(['live/app/other.json']);
  });
});

describe('what a stack copies with a unit', () => {
  const files: Files = {
    'modules/m/main.tf': 'output "o" {\n  value = file("p.json")\n}\n',
    'units/u/terragrunt.hcl': 'terraform {\n  source = "${get_repo_root()}/modules/m"\n}\n',
    'units/u/p.json': '{}',
    'units/u/terraform.tfvars': 'x = 1\n',
    'live/terragrunt.stack.hcl': 'unit "u" {\n  source = "../units/u"\n  path = "u"\n}\n',
  };
  const generated = (more: Files = {}) => readEstate({ ...files, ...more }).claims.get('live/.terragrunt-stack/u');

  it('counts where it is written, with what is in it', () => {
    const claim = generated();
    expect(claim?.readAsData).toContain('units/u/p.json');
    expect(claim?.opaqueFiles).toEqual(['units/u/terraform.tfvars']);
    expect(claim?.component.readsDigest).not.toBe(generated({ 'units/u/p.json': '[]' })?.component.readsDigest);
    expect(claim?.component.configDigest).not.toBe(
      generated({ 'units/u/terraform.tfvars': 'x = 2\n' })?.component.configDigest,
    );
  });
});

describe('absolute paths that a module is given', () => {
  const files: Files = {
    'modules/m/main.tf': 'variable "path" {}\nresource "aws_iam_policy" "p" {\n  policy = file(var.path)\n}\n',
    'live/app/terragrunt.hcl': `${unit}inputs = {\n  path = "\${get_terragrunt_dir()}/p.json"\n}\n`,
    'live/app/p.json': '{}',
  };

  it.each([
    ['', { repository: 'infra', folder: '' }],
    ['..', { repository: 'infra', folder: 'cloud' }],
    ['../..', undefined],
  ])('lead to the same file, however the folders are called: %j', (repoRoot, place) => {
    const view = estateOf(files, { settings: place === undefined ? {} : { place } });
    const main: FileView = { ...view.main, repoRoot };
    const open = terragruntLayout.open({ ...view, main });
    const app = open.discover().candidates.map((candidate) => open.claim(candidate))[0];
    expect(app?.readAsData).toContain('live/app/p.json');
  });
});
