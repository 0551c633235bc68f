import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { setElsewhere } from './set-elsewhere.ts';
import { findingsOf, root, told } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const net = { 'net/main.tf': root('blue/net', 'output "id" { value = 1 }'), 'green/main.tf': root('green/net') };
const switched = (more = '') =>
  root(
    'app',
    `variable "on" {\n  default = false\n  ${more}\n}\nvariable "size" { default = 1 }\ndata "terraform_remote_state" "s" {\n  count = var.on ? 1 : 0\n  backend = "s3"\n  config = { bucket = "acme", key = "blue/net" }\n}\noutput "o" { value = data.terraform_remote_state.s[0].outputs.id }`,
  );

describe('the default of a variable', () => {
  it.each<[what: string, path: string, text: string]>([
    ['a file of variables elsewhere', 'settings/prod/app.tfvars', 'on = true'],
    ['one in JSON', 'settings/prod/app.tfvars.json', '{ "on": true }'],
    ['one above', 'common.tfvars', 'on = true'],
    ['a workflow', '.github/workflows/apply.yml', 'env:\n  TF_VAR_on: "true"\n'],
    ['a script', 'bin/apply.sh', "terraform apply -var 'on=true'"],
    ['a Makefile', 'app/Makefile', 'apply:\n\tterraform apply -var="on=$(ON)"\n'],
    ['a pipeline in arguments', 'pipelines/apply.yml', 'args: ["-var", "on=true"]'],
    ['a stack of a service that runs it', '.spacelift/config.yml', 'environment:\n  TF_VAR_on: "true"\n'],
    ['a file beside a root that does not know it', 'net/all.tfvars', 'on = true'],
    ['a script beside a root that does not know it', 'net/apply.sh', 'terraform -chdir=../app apply -var on=true'],
    [
      'a workspace that another root fills',
      'hcp/main.tf',
      root('hcp', 'resource "tfe_variable" "v" {\n  key = "on"\n  value = "true"\n}'),
    ],
  ])('that %s may replace proves nothing', (_what, path, text) => {
    const files = { ...net, 'app/main.tf': switched(), [path]: text };
    expect(told(files)).toEqual(['app → net']);
    expect(findingsOf(files)).toEqual([]);
  });

  it.each<[what: string, path: string, text: string]>([
    ['a file that sets others only', 'settings/prod/app.tfvars', 'size = 3'],
    ['a value inside of another', 'settings/prod/app.tfvars', 'all = {\n  on = true\n}'],
    ['a file that another root reads', 'net/prod.tfvars', 'on = true'],
    ['a file that Terraform loads for another root', 'net/terraform.tfvars', 'on = true'],
    ['a script of another root', 'net/apply.sh', 'terraform apply -var on=true'],
    ['a page', 'README.md', 'TF_VAR_on=true'],
  ])('counts beside %s', (_what, path, text) => {
    const own = { 'net/variables.tf': 'variable "on" { default = false }' };
    const files = { ...net, ...own, 'app/main.tf': switched(), [path]: text };
    expect(told(files)).toEqual([]);
    expect(findingsOf(files)).toEqual(['plan-would-fail app']);
  });

  it('counts for a deployment whose own file does not set it', () => {
    const files = { ...net, 'app/main.tf': switched(), 'app/prod.tfvars': 'on = true', 'app/dev.tfvars': 'size = 2' };
    expect(told(files)).toEqual(['app → net']);
    expect(told({ ...files, 'app/prod.tfvars': 'on = false' })).toEqual([]);
  });

  it('in the key of a state leaves each possible that fits', () => {
    const app = root(
      'app',
      'variable "stack" { default = "blue" }\ndata "terraform_remote_state" "s" {\n  backend = "s3"\n  config = { bucket = "acme", key = "${var.stack}/net" }\n}\noutput "o" { value = data.terraform_remote_state.s.outputs.id }',
    );
    expect(told({ ...net, 'app/main.tf': app })).toEqual(['app → net']);
    expect(told({ ...net, 'app/main.tf': app, 'settings/green.tfvars': 'stack = "green"' })).toEqual([
      'app ? green',
      'app ? net',
    ]);
  });

  it('of a child module counts, whatever files of variables say', () => {
    const files = {
      ...net,
      'app/main.tf': root('app', 'module "m" { source = "../modules/m" }'),
      'modules/m/main.tf': switched().replace(/terraform \{[\s\S]*?\n\}\n/, ''),
      'settings/prod/app.tfvars': 'on = true',
    };
    expect(told(files)).toEqual([]);
  });
});

it('tells what may be set of each root alone', () => {
  const view = viewOf({
    'a/x.tfvars': 'one = 1',
    'env/y.tfvars': '# two = 2\nthree = "{"\nfour = [\n  "x",\n]\nfive = 5',
    'a/b/z.sh': 'terraform plan -var=six=6 && TF_VAR_seven=7 terraform apply',
  });
  const text = [1, 2, 3, 4, 5, 6, 7]
    .map((_one, at) => `variable "${['one', 'two', 'three', 'four', 'five', 'six', 'seven'][at]}" {}`)
    .join('\n');
  const roots = [
    { path: 'a', varFiles: ['a/x.tfvars'], text },
    { path: 'a/b', varFiles: [], text },
    { path: 'c', varFiles: [], text: 'variable "five" {}\nvariable "one" {}' },
  ];
  const found = setElsewhere(view, roots);
  expect(roots.map((one) => found.for(one))).toEqual([
    ['five', 'four', 'three'],
    ['five', 'four', 'one', 'seven', 'six', 'three'],
    ['five'],
  ]);
});
