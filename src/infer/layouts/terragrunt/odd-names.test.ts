import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { FileView } from '../../../model/file-view.ts';
import { terragruntLayout } from './layout.ts';
import { estateOf, readEstate } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

/** Words that every JavaScript object answers to. */
const words = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];

describe('words that mean something to the machine', () => {
  it.each(words)('%s is a name like any other, wherever an estate writes it', (word) => {
    const units = {
      backend: `remote_state {\n  backend = "${word}"\n  config  = { key = "x" }\n}\n`,
      generated: `generate "b" {\n  path = "b.tf"\n  contents = "terraform {\\n backend \\"${word}\\" {\\n key = \\"x\\"\\n}\\n}"\n}\n`,
      names: `locals {\n  ${word} = 1\n}\ninputs = {\n  a = ${word}\n  b = ${word}("x")\n  c = local.${word}\n  d = get_env("${word}")\n}\n`,
      dependency: `dependency "${word}" {\n  config_path = "../names"\n}\ninputs = {\n  a = dependency.${word}.outputs.${word}\n}\n`,
      module: `terraform {\n  source = "../modules/m"\n}\ninputs = {\n  x = "${word}"\n}\n`,
    };
    const module = `variable "x" {}
locals {
  y = ${word}
}
data "${word}" "q" {
  name = ${word}("a")
}
data "aws_ssm_parameter" "r" {
  name = data.${word}.q.x
}
data "terraform_remote_state" "s" {
  backend = var.x
  config  = { key = "x" }
}
`;
    const files = Object.fromEntries(Object.entries(units).map(([name, text]) => [`${name}/terragrunt.hcl`, text]));
    const { edges, findings } = readEstate({ ...files, 'modules/m/main.tf': module });
    expect(edges).toEqual([`dependency -> names /${word}`]);
    expect(findings.filter((one) => one.endsWith(' unit'))).toEqual([]);
  });
});

it('a unit at which reading fails is there with a finding, and the others are read', () => {
  const view = estateOf({
    'a/terragrunt.hcl': 'terraform {\n  source = "../m"\n}\n',
    'b/terragrunt.hcl': 'dependency "a" {\n  config_path = "../a"\n}\n',
  });
  const broken: FileView = {
    ...view.main,
    isDirectory(path) {
      if (path === 'm') throw new TypeError('a view that fails');
      return view.main.isDirectory(path);
    },
  };
  const open = terragruntLayout.open({ ...view, main: broken });
  const [a, b] = open.discover().candidates.map((candidate) => open.claim(candidate));
  expect(a?.findings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    "evaluation-failed: a/terragrunt.hcl could not be read (a view that fails). That is a fault of Karma's: please report it with this file",
  ]);
  expect(a?.blindSpots).toHaveLength(1);
  expect(a?.readSet.files).toHaveProperty('a/terragrunt.hcl');
  expect(b?.findings).toEqual([]);
});
