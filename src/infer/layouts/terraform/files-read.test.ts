import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import type { Claim } from '../../../model/claim.ts';
import { viewOf } from '../../terraform/memory-view.fixture.ts';
import { terraformLayout } from './layout.ts';

beforeAll(loadGrammar);

const around: Readonly<Record<string, string>> = {
  'config/dev.yaml': 'size: 1',
  'config/prod.yaml': 'size: 2',
  'config/notes.txt': 'x',
  'lambda/index.py': 'print(1)',
  'scripts/go.sh': 'echo',
  'scripts/ask.py': 'print(1)',
  'docs/x': 'x',
  'nginx/x': 'x',
  'modules/net/main.tf': 'variable "name" {}\nlocals { t = file("${path.module}/../../config/${var.name}.yaml") }\n',
  'modules/net/files/a.json': '{}',
};

const state = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "app"\n  }\n}\n';

function claimOf(code: string, more: Readonly<Record<string, string>> = {}): Claim {
  const main = viewOf({ ...around, ...more, 'infra/app/main.tf': state + code });
  const layout = terraformLayout.open({
    main,
    repos: new Map([['', main]]),
    environment: {},
    parameters: new Map(),
    settings: {},
  });
  const [candidate] = layout.discover().candidates.filter(({ id }) => id === 'infra/app');
  if (candidate === undefined) throw new Error('no root');
  return layout.claim(candidate);
}

/** Places read as data; what is known in part is among the folders of the read-set. */
const dataOf = (code: string, more?: Readonly<Record<string, string>>) => claimOf(code, more).readAsData ?? [];
const inPartOf = (code: string) =>
  Object.keys(claimOf(code).readSet.folders).filter((place) => /\/\*\*\?./.test(place));
const codesOf = (code: string) => claimOf(code).blindSpots.map((spot) => spot.code);

const up = '${path.module}/../..';

describe('a path that evaluates', () => {
  it.each([
    ['a function', `locals { a = file("${up}/config/dev.yaml") }`, ['config/dev.yaml']],
    ['a hash', `locals { a = filesha256("${up}/lambda/index.py") }`, ['lambda/index.py']],
    [
      'one of two',
      `variable "on" {}\nlocals { a = file(var.on ? "../../config/dev.yaml" : "../../config/prod.yaml") }`,
      ['config/dev.yaml', 'config/prod.yaml'],
    ],
    ['from where it runs', 'locals { a = file("${path.cwd}/../../docs/x") }', ['docs/x']],
    ['an argument of a provider', 'resource "aws_s3_object" "o" { source = "../../docs/x" }', ['docs/x']],
    ['a folder', `data "archive_file" "z" { source_dir = "${up}/lambda" }`, ['lambda/**#*']],
    ['a nested block', `resource "docker_image" "i" {\n  build { context = "${up}/lambda" }\n}`, ['lambda/**#*']],
    ['a pattern', `data "kubectl_path_documents" "d" { pattern = "${up}/config/*.yaml" }`, ['config/**#*.yaml']],
    [
      'a program',
      `data "external" "e" { program = ["python3", "${up}/scripts/ask.py"] }`,
      ['scripts/**#*', 'scripts/ask.py'],
    ],
    [
      'a word of a command',
      'resource "null_resource" "n" {\n  provisioner "local-exec" { command = "cd ../.. && ./scripts/go.sh --out=x" }\n}',
      ['scripts/**#*', 'scripts/go.sh'],
    ],
    [
      'where a command works',
      'resource "null_resource" "n" {\n  provisioner "local-exec" {\n    command     = "make"\n    working_dir = "../../lambda"\n  }\n}',
      ['lambda/**#*'],
    ],
    [
      'what a module elsewhere is given',
      'module "m" {\n  source      = "a/b/c"\n  source_path = "../../lambda"\n}',
      ['lambda/**#*'],
    ],
    ['a value of a map', 'resource "x_y" "z" { files = { a = "../../docs/x" } }', ['docs/x']],
    ['what a template reads', 'locals { a = templatefile("t.tpl", {}) }', ['docs/x', 'infra/app/t.tpl']],
  ])('%s is read as data', (_what, code, places) => {
    expect(dataOf(code, { 'infra/app/t.tpl': '${file("../../docs/x")}' })).toEqual(places);
    expect(codesOf(code)).not.toContain('file-unknown');
  });

  it.each([
    ['a key', 'resource "aws_s3_object" "o" { key = "scripts/go.sh" }'],
    ['a chart elsewhere', 'resource "helm_release" "r" { chart = "nginx" }'],
    ['an address', 'resource "x_y" "z" { at = "s3://acme/scripts/go.sh" }'],
    ['a path of an API', 'resource "x_y" "z" { path = "/docs/x" }'],
    ['where something is written', 'data "archive_file" "z" { output_path = "../../docs/x" }'],
    ['an output', 'output "x" { value = "../../docs/x" }'],
    ['a command', 'resource "null_resource" "n" {\n  provisioner "local-exec" { command = "make docs" }\n}'],
  ])('%s is none', (_what, code) => {
    expect(dataOf(code)).toEqual([]);
    expect(claimOf(code).blindSpots.filter((spot) => spot.code.startsWith('file-'))).toEqual([]);
  });

  it('counts with the variables of the deployment, by a digest of its own', () => {
    const code = `variable "env" { default = "dev" }\nlocals { a = file("${up}/config/\${var.env}.yaml") }`;
    const [dev, prod] = [claimOf(code), claimOf(code, { 'infra/app/terraform.tfvars': 'env = "prod"' })];
    expect([dev.readAsData, prod.readAsData]).toEqual([['config/dev.yaml'], ['config/prod.yaml']]);
    expect(dev.component.readsDigest).not.toBe(prod.component.readsDigest);
    expect(claimOf(code, { 'config/dev.yaml': 'size: 3' }).component.readsDigest).not.toBe(dev.component.readsDigest);
    expect(claimOf(code, { 'config/prod.yaml': 'size: 3' }).component.readsDigest).toBe(dev.component.readsDigest);
  });
});

describe('a path known in part', () => {
  const variable = 'variable "env" {}\n';
  it.each([
    ['a name', `locals { a = file("${up}/config/\${var.env}.yaml") }`, 'config/**?*.yaml'],
    ['a part of a name', `locals { a = file("${up}/config/p\${var.env}d.yaml") }`, 'config/**?p*d.yaml'],
    ['a folder', `locals { a = file("${up}/config/\${var.env}/a.yaml") }`, 'config/**?*/a.yaml'],
    ['what a fileset lists', `locals { a = fileset("${up}/config", "\${var.env}*.yaml") }`, 'config/**?*.yaml'],
    ['a name right below the module', 'locals { a = file("${path.module}/${var.env}.json") }', 'infra/app/**?*.json'],
    ['any name right below the module', 'locals { a = file("${path.module}/${var.env}/x.json") }', '/**?*x.json'],
    ['only how it ends', 'locals { a = file("${var.env}/x.json") }', '/**?*x.json'],
    ['a way up behind it', `locals { a = file("${up}/config/\${var.env}/../x/a.yaml") }`, '/**?*x/a.yaml'],
    ['an argument', `data "archive_file" "z" { source_file = "${up}/lambda/\${var.env}.py" }`, 'lambda/**?*.py'],
    [
      'a word of a command',
      `resource "null_resource" "n" {\n  provisioner "local-exec" { command = "sh ../../scripts/\${var.env}.sh x" }\n}`,
      'scripts/**?*.sh',
    ],
    ['in a module called', 'module "m" {\n  source = "../../modules/net"\n  name   = var.env\n}', 'config/**?*.yaml'],
  ])('%s is all that it could name', (_what, code, place) => {
    expect(inPartOf(variable + code)).toEqual([place]);
    expect(codesOf(variable + code)).toEqual(['file-in-part']);
  });
});

describe('a text of which a part is not known', () => {
  const id = 'aws_instance.a.id';
  it.each([
    ['a dot', `resource "x_y" "z" { body = "all of \${${id}} in ." }`, [], []],
    ['a path', `resource "x_y" "z" { body = "\${${id}} and ../../docs/x" }`, ['docs/x'], []],
    [
      'a program that is handed something',
      `resource "null_resource" "n" {\n  provisioner "local-exec" { command = "../../scripts/go.sh \${${id}}" }\n}`,
      ['scripts/**#*', 'scripts/go.sh'],
      [],
    ],
    [
      'a program from a folder that nobody knows',
      `resource "null_resource" "n" {\n  provisioner "local-exec" { command = "cd \${${id}} && ./go.sh" }\n}`,
      [],
      ['file-unknown'],
    ],
  ])('says what it says of the rest: %s', (_what, code, places, codes) => {
    expect(dataOf(code)).toEqual(places);
    expect(codesOf(code)).toEqual(codes);
  });
});

describe('a file that the run itself writes', () => {
  const zip = 'data "archive_file" "z" {\n  source_dir  = "../../lambda"\n  output_path = "build/out.zip"\n}\n';
  const written = 'resource "local_file" "w" {\n  filename = timestamp()\n  content  = file("../../docs/x")\n}\n';
  it.each([
    ['an archive', `${zip}resource "aws_lambda_function" "f" { filename = data.archive_file.z.output_path }`],
    ['one of several', `${zip}resource "aws_s3_object" "o" { source = data.archive_file.z["a"].output_path }`],
    ['a file', `${written}data "archive_file" "z" { source_file = local_file.w.filename }`],
  ])('is what it was written of: %s', (_what, code) => {
    expect(codesOf(code)).not.toContain('file-outside');
    expect(codesOf(code)).not.toContain('file-unknown');
    expect(dataOf(code)).toEqual(code.includes('docs') ? ['docs/x'] : ['lambda/**#*']);
  });

  it('is none that a block reads', () => {
    expect(codesOf('variable "it" {}\ndata "local_file" "r" { filename = var.it }\n')).toEqual(['file-unknown']);
  });
});

describe('a path that is not known', () => {
  const variable = 'variable "it" {}\n';
  it.each([
    ['of a function', 'locals { a = file(var.it) }', 'file-unknown'],
    ['right below the module', 'locals { a = file("${path.module}/${var.it}") }', 'file-unknown'],
    ['of an argument', 'data "archive_file" "z" { source_dir = var.it }', 'file-unknown'],
    ['outside', 'locals { a = file("/etc/hosts") }', 'file-outside'],
    ['at home', 'locals { a = file("~/.ssh/id_rsa.pub") }', 'file-outside'],
    ['that no commit holds', 'resource "aws_lambda_function" "f" { filename = "build/out.zip" }', 'file-outside'],
  ])('%s is a blind spot', (_what, code, spot) => {
    expect(codesOf(variable + code)).toEqual([spot]);
  });
});

describe('a module whose source is no plain text', () => {
  const modules = {
    'lib/net/main.tf': 'output "id" { value = 1 }\nmodule "in" { source = "../in" }\n',
    'lib/in/main.tf': '',
  };
  it.each([
    ['a local', 'locals { dir = "../../lib" }\nmodule "m" { source = "${local.dir}/net" }'],
    [
      'a constant',
      'variable "dir" {\n  default = "../../lib"\n  const   = true\n}\nmodule "m" { source = "${var.dir}/net" }',
    ],
    ['where it runs', 'module "m" { source = "${path.cwd}/../../lib/net" }'],
  ])('is read where %s leads, with what it calls', (_what, code) => {
    const claim = claimOf(code, modules);
    expect(claim.blindSpots).toEqual([]);
    expect(claim.readAsData).toEqual(['lib/in/**#*', 'lib/net/**#*']);
    const changed = claimOf(code, { ...modules, 'lib/net/main.tf': 'output "id" { value = 2 }\n' });
    expect(changed.component.readsDigest).not.toBe(claim.component.readsDigest);
  });

  it('is a blind spot, and may be any that fits, where only a run could know it', () => {
    const claim = claimOf('variable "dir" {}\nmodule "m" { source = "${var.dir}/net" }', modules);
    expect(claim.blindSpots.map((spot) => spot.code).sort()).toEqual(['file-in-part', 'module-not-read']);
    expect(Object.keys(claim.readSet.folders)).toContain('/**?*net/*');
  });
});
