import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { openEngine } from '../src/wiring/open.ts';

/** How far a change goes: only where the modules' own expressions lead. */

const folder = mkdtempSync(join(tmpdir(), 'karma-narrow-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
let made = 0;

type Files = Readonly<Record<string, string>>;
type Bytes = Readonly<Record<string, string | Buffer>>;

async function told(before: Bytes, over: Bytes) {
  made += 1;
  const place = join(folder, `estate-${made}`);
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', place, '-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], {
      env,
      stdio: 'pipe',
    });
  const commit = (files: Bytes) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    }
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'change');
  };
  mkdirSync(place);
  git('init', '-q', '-b', 'main');
  commit(before);
  commit(over);
  const options = { dir: place, data: join(folder, `data-${made}`) };
  const context = openEngine({ options, env, version: 'test' }).as({ door: 'cli' });
  const { comparison } = await compareRange(context, 'HEAD~1..HEAD');
  await context.stores.close();
  return {
    changed: [...comparison.changed, ...comparison.undecided].map(({ id }) => id).sort(),
    affected: comparison.affected.map(({ id }) => id).sort(),
    possible: comparison.possible,
    complete: comparison.complete,
  };
}

const root = (name: string, text: string): string => `terraform {
  backend "s3" {
    bucket = "acme"
    key    = "${name}"
    region = "eu-west-1"
  }
}
${text}`;

/** Reads the state of another root. */
const reading = (name: string, other: string, text: string) =>
  root(
    name,
    `data "terraform_remote_state" "up" {
  backend = "s3"
  config  = { bucket = "acme", key = "${other}", region = "eu-west-1" }
}
${text}`,
  );

const up = 'data.terraform_remote_state.up.outputs';
const plain: Files = {
  'net/main.tf': root(
    'net',
    `variable "unused" { type = string }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/8" }
resource "aws_s3_bucket" "b" { bucket = trimspace(file("\${path.module}/word.txt")) }
resource "aws_ssm_parameter" "p" {
  name  = "/acme/vpc_id"
  type  = "String"
  value = aws_vpc.v.id
}
output "id" { value = aws_vpc.v.id }
output "bucket" { value = aws_s3_bucket.b.id }
output "plain" { value = "constant" }
`,
  ),
  'net/word.txt': 'one\n',
  'net/.terraform.lock.hcl': 'provider "registry.example.org/a/b" {\n  version = "1.0.0"\n}\n',
  'net/terraform.tfvars': 'unused = "a"\n',
  'app/main.tf': reading(
    'app',
    'net',
    `resource "terraform_data" "x" { input = ${up}.id }
output "x" { value = terraform_data.x.id }
output "plain" { value = 1 }
`,
  ),
  'store/main.tf': reading('store', 'net', `resource "terraform_data" "x" { input = ${up}.bucket }\n`),
  'param/main.tf': root(
    'param',
    'data "aws_ssm_parameter" "p" { name = "/acme/vpc_id" }\nresource "terraform_data" "x" { input = data.aws_ssm_parameter.p.value }\n',
  ),
  'behind/main.tf': reading('behind', 'app', `resource "terraform_data" "x" { input = ${up}.x }\n`),
  'beside/main.tf': reading('beside', 'app', `resource "terraform_data" "x" { input = ${up}.plain }\n`),
  'whole/main.tf': reading('whole', 'app', `resource "terraform_data" "x" { input = ${up} }\n`),
};
const net = plain['net/main.tf'] ?? '';

describe('roots of plain Terraform', () => {
  it.each<[what: string, over: Files, changed: readonly string[], affected: readonly string[]]>([
    [
      'a block: who reads it, and who reads what rests on that',
      { 'net/main.tf': net.replace('10.0.0.0/8', '10.0.0.0/9') },
      ['net'],
      ['app', 'behind', 'param', 'whole'],
    ],
    ['a file that one block reads', { 'net/word.txt': 'two\n' }, ['net'], ['store']],
    [
      'a comment in the lock of its providers',
      { 'net/.terraform.lock.hcl': `# by hand\n${plain['net/.terraform.lock.hcl'] ?? ''}` },
      [],
      [],
    ],
    ['a value of a variable that nothing uses', { 'net/terraform.tfvars': 'unused = "b"\n' }, ['net'], []],
    ['a value of another type: nobody knows', { 'net/terraform.tfvars': 'unused = ["b"]\n' }, ['net'], []],
    ['what is said', { 'net/main.tf': net.replace('type = string', 'type = string\n  description = "none"') }, [], []],
    ['an output that nobody reads', { 'net/main.tf': net.replace('"constant"', '"other"') }, ['net'], []],
    ['a local that nothing uses', { 'net/main.tf': `${net}locals { none = "x" }\n` }, [], []],
    [
      'a local that fails: Terraform would stop at it',
      { 'net/main.tf': `${net}locals { none = tonumber(var.unused) }\n` },
      ['net'],
      [],
    ],
  ])('%s', async (_what, over, changed, affected) => {
    expect(await told(plain, over)).toEqual({ changed, affected, possible: [], complete: true });
  });
});

const nameless: Files = {
  'net/main.tf': root(
    'net',
    `variable "stage" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/8" }
resource "aws_subnet" "s" { cidr_block = "10.1.0.0/16" }
resource "aws_ssm_parameter" "p" {
  name  = "/\${var.stage}/vpc"
  type  = "String"
  value = aws_vpc.v.id
}
output "subnet" { value = aws_subnet.s.id }
`,
  ),
  'app/main.tf': root(
    'app',
    'variable "it" {}\ndata "aws_ssm_parameter" "p" { name = "/a/${var.it}" }\noutput "x" { value = data.aws_ssm_parameter.p.value }\n',
  ),
};

describe('a parameter whose name only a run could know', () => {
  it.each<[what: string, was: string, is: string, possible: readonly string[]]>([
    ['it may be another one', '10.0.0.0/8', '10.0.0.0/9', ['app']],
    ['something else changes', '10.1.0.0/16', '10.2.0.0/16', []],
  ])('%s', async (_what, was, is, possible) => {
    const over = { 'net/main.tf': (nameless['net/main.tf'] ?? '').replace(was, is) };
    expect(await told(nameless, over)).toEqual({
      changed: ['net'],
      affected: [],
      possible,
      complete: possible.length === 0,
    });
  });
});

const called: Files = {
  'app/main.tf': root('app', 'module "m" { source = "../modules/m" }\noutput "x" { value = module.m.x }\n'),
  'modules/m/main.tf':
    'module "in" { source = "../in" }\nresource "aws_vpc" "v" {}\noutput "x" { value = module.in.x }\noutput "y" { value = 1 }\n',
  'modules/in/main.tf': 'output "x" { value = "x" }\n',
};
const calledModule = called['modules/m/main.tf'] ?? '';

describe('outputs of a module that nobody reads', () => {
  it.each<[what: string, value: string, changed: readonly string[]]>([
    ['another value', '2', []],
    ['an attribute of a block', 'aws_vpc.v.arn', []],
    ['an output of a module', 'module.in.x', []],
    ['an output that its module does not have: Terraform would stop at it', 'module.in.gone', ['app']],
    ['what may fail: Terraform would stop at it', 'tonumber(aws_vpc.v.id)', ['app']],
  ])('%s', async (_what, value, changed) => {
    const over = { 'modules/m/main.tf': calledModule.replace('value = 1', `value = ${value}`) };
    expect((await told(called, over)).changed).toEqual(changed);
  });
});

const adage: Files = {
  'karma.yaml': 'estate: e\n',
  'account_environments/e-dev.json': '{ "name": "e-dev", "environment": "dev" }\n',
  'iac/dev/files/a/config.json': '{ "size": 1 }\n',
  'components/files/main.tf': `variable "size" {}
locals {
  names = fileset(path.module, "conf/*")
  pages = { for name in local.names : name => file("\${path.module}/\${name}") }
}
resource "terraform_data" "x" {
  input = [local.pages, var.size]
}
`,
  'components/files/conf/a.txt': 'one\n',
  'components/files/README.md': '# one\n',
  'components/files/main.tf~': 'old',
  'components/files/.main.tf': 'old',
};
const adageModule = adage['components/files/main.tf'] ?? '';

describe('a component type of Adage whose module lists files of its own', () => {
  it.each<[what: string, over: Files, changed: readonly string[]]>([
    ['a comment', { 'components/files/main.tf': `# note\n${adageModule}` }, []],
    ['a document', { 'components/files/README.md': '# two\n' }, []],
    ['a file beside those that it lists', { 'components/files/more.md': 'one' }, []],
    ['what an editor left', { 'components/files/main.tf~': adageModule }, []],
    ['a block in another file', { 'components/files/main.tf': '', 'components/files/all.tf': adageModule }, []],
    ['code that Terraform passes over', { 'components/files/.main.tf': adageModule }, []],
    ['a file that it reads', { 'components/files/conf/a.txt': 'two\n' }, ['dev/files/a']],
    ['a file that it lists from now on', { 'components/files/conf/b.md': 'two\n' }, ['dev/files/a']],
    ['its code', { 'components/files/main.tf': adageModule.replace('conf/*', '*') }, ['dev/files/a']],
  ])('%s', async (_what, over, changed) => {
    expect((await told(adage, over)).changed).toEqual(changed);
  });
});

const config = (values: object) => JSON.stringify(values);
const types: Files = {
  'account_environments/dev.json': config({
    name: 'dev',
    environment: 'dev',
    config_repo: 'e/e',
    config_branch: 'main',
  }),
  'components/net/main.tf':
    'variable "size" { default = 1 }\nresource "terraform_data" "n" { input = var.size }\noutput "id" { value = terraform_data.n.id }\noutput "plain" { value = 1 }\n',
  'components/app/main.tf':
    'variable "net" {}\nvariable "own" { default = 1 }\noutput "id" { value = var.net.id }\noutput "own" { value = var.own }\n',
  'components/top/main.tf': 'variable "app" {}\noutput "all" { value = var.app.own }\n',
  'components/whole/main.tf': 'variable "config" {}\noutput "all" { value = var.config }\n',
  'iac/dev/net/a/config.json': config({ size: 1 }),
  'iac/dev/app/a/config.json': config({ net_nickname: 'a' }),
  'iac/dev/top/a/config.json': config({ app_nickname: 'a' }),
  'iac/dev/whole/a/config.json': config({ size: 1 }),
};
const netType = types['components/net/main.tf'] ?? '';

describe('component types of Adage that are plain modules', () => {
  it.each<[what: string, over: Files, changed: readonly string[], affected: readonly string[]]>([
    [
      'an output that nobody reads',
      { 'components/net/main.tf': netType.replace('value = 1', 'value = 2') },
      ['dev/net/a'],
      [],
    ],
    [
      'a block whose output is read, by what rests on it alone',
      { 'components/net/main.tf': netType.replace('input = var.size', 'input = 7') },
      ['dev/net/a'],
      ['dev/app/a'],
    ],
    ['a local that nobody uses', { 'components/net/main.tf': `${netType}locals { idle = 1 }\n` }, [], []],
    [
      'a default that the config overrides counts, since configs come and go',
      { 'components/net/main.tf': netType.replace('default = 1', 'default = 2') },
      ['dev/net/a'],
      ['dev/app/a'],
    ],
    ['a key that the module does not declare', { 'iac/dev/net/a/config.json': config({ size: 1, note: 'x' }) }, [], []],
    ['a key that is a variable', { 'iac/dev/net/a/config.json': config({ size: 2 }) }, ['dev/net/a'], ['dev/app/a']],
    [
      'any key of a config that is handed over whole',
      { 'iac/dev/whole/a/config.json': config({ size: 1, note: 'x' }) },
      ['dev/whole/a'],
      [],
    ],
    [
      'what a component is told and hands on',
      { 'iac/dev/app/a/config.json': config({ net_nickname: 'a', own: 2 }) },
      ['dev/app/a'],
      ['dev/top/a'],
    ],
  ])('%s', async (_what, over, changed, affected) => {
    const answer = await told(types, over);
    expect([answer.changed, answer.affected]).toEqual([changed, affected]);
  });
});

const units: Files = {
  'root.hcl': 'inputs = { tags = "one", size = 1 }\n',
  'modules/net/main.tf':
    'variable "size" {}\nresource "terraform_data" "n" { input = var.size }\noutput "id" { value = terraform_data.n.id }\noutput "plain" { value = 1 }\n',
  'modules/app/main.tf':
    'variable "id" {}\nvariable "tags" {}\noutput "id" { value = var.id }\noutput "tags" { value = var.tags }\n',
  'net/terragrunt.hcl':
    'include "root" { path = find_in_parent_folders("root.hcl") }\nterraform { source = "../modules/net" }\n',
  'other/terragrunt.hcl': 'terraform { source = "../modules/net" }\ninputs = { size = 1 }\n',
  'app/terragrunt.hcl':
    'terraform { source = "../modules/app" }\ndependency "net" { config_path = "../net" }\ninputs = { id = dependency.net.outputs.id, tags = "own" }\n',
  'top/terragrunt.hcl':
    'terraform { source = "../modules/app" }\ndependency "app" { config_path = "../app" }\ninputs = { id = dependency.app.outputs.id, tags = "own" }\n',
  'side/terragrunt.hcl':
    'terraform { source = "../modules/app" }\ndependency "app" { config_path = "../app" }\ninputs = { id = dependency.app.outputs.tags, tags = "own" }\n',
};

describe('units of Terragrunt', () => {
  it.each<[what: string, over: Files, changed: readonly string[], affected: readonly string[]]>([
    ['an input that the module does not declare', { 'root.hcl': 'inputs = { tags = "two", size = 1 }\n' }, [], []],
    ['one that it uses', { 'root.hcl': 'inputs = { tags = "one", size = 2 }\n' }, ['net'], ['app', 'top']],
    [
      'a local of an include that nothing uses',
      { 'root.hcl': 'locals { none = 1 }\ninputs = { tags = "one", size = 1 }\n' },
      [],
      [],
    ],
    [
      'a file that is written beside every module, with locals that nobody uses',
      {
        'root.hcl':
          'generate "more" {\n  path = "more.tf"\n  if_exists = "overwrite"\n  contents = "locals {\\n  spare = 1\\n}\\n"\n}\ninputs = { tags = "one", size = 1 }\n',
      },
      [],
      [],
    ],
    [
      'one that says more',
      {
        'root.hcl':
          'generate "more" {\n  path = "more.tf"\n  if_exists = "overwrite"\n  contents = "output \\"more\\" {\\n  value = 1\\n}\\n"\n}\ninputs = { tags = "one", size = 1 }\n',
      },
      ['net'],
      ['app', 'top'],
    ],
    [
      'behind which other units it runs',
      { 'net/terragrunt.hcl': `${units['net/terragrunt.hcl']}dependencies { paths = ["../other"] }\n` },
      [],
      [],
    ],
    [
      'an output of the module that nobody reads',
      { 'modules/net/main.tf': (units['modules/net/main.tf'] ?? '').replace('value = 1', 'value = 2') },
      ['net', 'other'],
      [],
    ],
  ])('%s', async (_what, over, changed, affected) => {
    expect(await told(units, over)).toEqual({ changed, affected, possible: [], complete: true });
  });
});

describe('a file in the folder of a module that no code reads', () => {
  const hook = '  before_hook "build" {\n    commands = ["plan"]\n    execute = ["make"]\n  }\n';
  it.each<[what: string, more: string, changed: readonly string[]]>([
    ['is read by nobody', '', []],
    ['may be read by a program that runs there', hook, ['one']],
  ])('%s', async (_what, more, changed) => {
    const files: Files = {
      'm/main.tf': 'output "o" { value = 1 }\n',
      'm/Makefile': 'one\n',
      'one/terragrunt.hcl': `terraform {\n  source = "../m"\n${more}}\n`,
    };
    expect((await told(files, { 'm/Makefile': 'two\n' })).changed).toEqual(changed);
  });
});

describe('what looks unread or unused, and is not', () => {
  const unit = 'terraform { source = "../m" }\n';
  const given = (value: string, more = '') =>
    `terraform {\n  source = "../m"\n${more}}\ninputs = { note = "${value}" }\n`;
  const hook = '  before_hook "say" {\n    commands = ["plan"]\n    execute = ["sh", "-c", "echo $TF_VAR_note"]\n  }\n';
  const written = (contents: string, path: string) =>
    `${unit}generate "more" {\n  path = "${path}"\n  if_exists = "overwrite"\n  contents = ${JSON.stringify(contents)}\n}\n`;
  const object = (source: string) =>
    `resource "aws_s3_object" "o" {\n  bucket = "b"\n  key = "k"\n  source = ${source}\n}\n`;
  const thing = 'resource "terraform_data" "n" { input = 1 }\n';
  const listing = (pattern: string) =>
    `resource "terraform_data" "n" {\n  for_each = fileset(path.module, "${pattern}")\n  input = filemd5("\${path.module}/\${each.value}")\n}\n`;
  const call = 'module "c" {\n  source = "./c"\n  a = 1\n}\n';
  const child = (value: number) => `variable "a" { default = ${value} }\noutput "o" { value = var.a }\n`;

  it.each<[what: string, files: Files, over: Files]>([
    ['a file whose name is put together', { 'm/main.tf': object('format("%s.%s", "x", "txt")') }, {}],
    [
      'a file that another file names',
      {
        'm/main.tf': object(`jsondecode(file("${'${path.module}'}/all.json")).it`),
        'm/all.json': '{ "it": "x.txt" }\n',
      },
      {},
    ],
    [
      'a file that a template reads when it is made',
      {
        'm/main.tf': `locals { t = file("${'${path.module}'}/t.tpl") }\noutput "o" { value = templatestring(local.t, {}) }\n`,
        'm/t.tpl': `${'${file("x.txt")}'}\n`,
      },
      {},
    ],
    [
      'a file beside a module elsewhere, which may read it',
      { 'm/main.tf': 'module "far" { source = "git::https://example.org/far.git?ref=v1" }\n' },
      {},
    ],
    [
      'an input that a hook is told',
      { 'm/main.tf': thing, 'u/terragrunt.hcl': given('a', hook) },
      { 'u/terragrunt.hcl': given('b', hook) },
    ],
    [
      'an input that code beside the unit takes',
      {
        'm/main.tf': thing,
        'u/more.tf': 'variable "note" {}\noutput "n" { value = var.note }\n',
        'u/terragrunt.hcl': given('a'),
      },
      { 'u/terragrunt.hcl': given('b') },
    ],
    [
      'a file of locals that is written over code beside the unit',
      { 'm/main.tf': thing, 'u/more.tf': 'output "x" { value = 1 }\n' },
      { 'u/terragrunt.hcl': written('locals {\n  spare = 1\n}\n', 'more.tf') },
    ],
    [
      'the default of a module that code beside the unit calls too',
      { 'm/main.tf': call, 'm/c/main.tf': child(1), 'u/more.tf': 'module "d" { source = "./c" }\n' },
      { 'm/c/main.tf': child(2) },
    ],
    [
      'the default of a module that is called by what Terragrunt writes',
      {
        'm/main.tf': call,
        'm/c/main.tf': child(1),
        'u/terragrunt.hcl': written('module "d" {\n  source = "./c"\n}\n', 'd.tf'),
      },
      { 'm/c/main.tf': child(2) },
    ],
    [
      'a variable that refuses what it is given',
      { 'm/main.tf': thing, 'u/terragrunt.hcl': given('a') },
      { 'm/main.tf': `${thing}variable "note" {\n  type = number\n  default = 1\n}\n` },
    ],
    [
      'a file that a loop calls `path`',
      {
        'm/main.tf':
          'resource "terraform_data" "n" {\n  for_each = fileset(".", "*.txt")\n  input = [for path in [each.value] : file(path)]\n}\n',
      },
      {},
    ],
    [
      'a module that code beside the unit alone calls',
      { 'm/main.tf': thing, 'm/d/main.tf': thing, 'u/more.tf': 'module "d" { source = "./d" }\n' },
      { 'm/d/main.tf': thing.replace('1', '2') },
    ],
    [
      'a value that an override beside the unit sets',
      { 'm/main.tf': `locals { a = 1 }\n${thing.replace('1', 'local.a')}`, 'u/a_override.tf': 'locals { a = 3 }\n' },
      { 'm/main.tf': `locals { a = 1 }\n${thing}` },
    ],
    [
      'one that is set in the place of a file of the module',
      {
        'm/main.tf': thing.replace('1', 'local.a'),
        'm/a.tf': 'locals { a = 1 }\n',
        'u/a.tf': 'locals { a = 3 }\n',
      },
      { 'm/main.tf': thing },
    ],
    [
      'one that an override sets which Terragrunt writes',
      {
        'm/main.tf': `locals { a = 1 }\n${thing.replace('1', 'local.a')}`,
        'u/terragrunt.hcl': written('locals { a = 3 }\n', 'a_override.tf'),
      },
      { 'm/main.tf': `locals { a = 1 }\n${thing}` },
    ],
    [
      'a file that a command is told of',
      {
        'm/main.tf': thing,
        'u/terragrunt.hcl': `terraform {\n  source = "../m"\n  extra_arguments "v" {\n    commands = ["plan"]\n    env_vars = { TF_CLI_ARGS = "-var-file=x.txt" }\n  }\n}\n`,
      },
      {},
    ],
    [
      'a program that stands in for Terraform',
      { 'm/main.tf': thing, 'u/terragrunt.hcl': `${unit}terraform_binary = "./x.txt"\n` },
      {},
    ],
    [
      'what a module does with files that it lists, some of them copied beside it',
      { 'm/main.tf': listing('conf/*.txt'), 'u/conf/b.txt': '1\n', 'u/conf/c.csv': '1\n' },
      { 'm/main.tf': listing('conf/*.csv') },
    ],
    [
      'the default of a variable that is not nullable, where a file beside the module says null for it',
      {
        'm/main.tf': 'variable "note" {\n  default = "a"\n  nullable = false\n}\noutput "n" { value = var.note }\n',
        'm/terraform.tfvars': 'note = null\n',
        'u/terragrunt.hcl': given('x'),
      },
      {
        'm/main.tf': 'variable "note" {\n  default = "b"\n  nullable = false\n}\noutput "n" { value = var.note }\n',
      },
    ],
    [
      'code that has a twin for the other tool',
      { 'm/main.tf': thing, 'm/main.tofu': thing },
      { 'm/main.tf': thing.replace('1', '2') },
    ],
  ])('%s', async (_what, files, over) => {
    const before = { 'm/x.txt': 'one\n', 'u/terragrunt.hcl': unit, ...files };
    const after = Object.keys(over).length === 0 ? { 'm/x.txt': 'two\n' } : over;
    expect((await told(before, after)).changed).toEqual(['u']);
  });

  it('bytes that are no text', async () => {
    const files = (byte: number) => ({
      'm/main.tf': `output "o" { value = filebase64("\${path.module}/x.bin") }\n`,
      'm/x.bin': Buffer.from([byte, 0, 1]),
      'u/terragrunt.hcl': unit,
    });
    expect((await told(files(254), files(255))).changed).toEqual(['u']);
  });

  it.each<[what: string, over: Files]>([
    ['comes', { 'u/conf/new.txt': '1\n' }],
    ['differs', { 'u/conf/own.txt': '2\n' }],
    ['stands in the place of one of the module', { 'u/conf/a.txt': '2\n' }],
  ])('a file in a folder of the unit that its module lists, when it %s', async (_what, over) => {
    const files = {
      'm/main.tf': listing('conf/*.txt'),
      'm/conf/a.txt': '1\n',
      'u/terragrunt.hcl': unit,
      'u/conf/own.txt': '1\n',
      'v/terragrunt.hcl': unit,
    };
    expect((await told(files, over)).changed).toEqual(['u']);
  });

  const hooked = (more: string) =>
    `terraform {\n  source = "../m"\n  before_hook "h" {\n    commands = ["plan"]\n${more}\n  }\n}\n`;
  it.each<[what: string, hcl: string, file: string]>([
    ['a hook, beside its script', hooked('execute = ["bash", "../tools/h.sh"]'), 'tools/lib.sh'],
    ['a hook, where it runs', hooked('execute = ["make"]\nworking_dir = "../src"'), 'src/a.c'],
    ['a hook, beside the unit', hooked('execute = ["npm", "ci"]'), 'u/package.json'],
    ['run_cmd', `${unit}inputs = { x = run_cmd("python3", "../tools/h.py") }\n`, 'tools/lib.py'],
    [
      'from the top of the repository',
      `${unit}inputs = { x = run_cmd("sh", "-c", "cat $(git rev-parse --show-toplevel)/src/a.c") }\n`,
      'src/a.c',
    ],
    ['a hook, from where it runs', hooked('execute = ["sh", "-c", "cat \\"$PWD\\"/../src/a.c"]'), 'src/a.c'],
  ])('a file that a program may read: %s', async (_what, hcl, file) => {
    const files = {
      'm/main.tf': thing,
      'u/terragrunt.hcl': hcl,
      'tools/h.sh': '1\n',
      'tools/h.py': '1\n',
      'src/Makefile': 'a:\n',
    };
    expect((await told({ ...files, [file]: '1\n' }, { [file]: '2\n' })).changed).toEqual(['u']);
  });

  it('an output that code in a folder of a unit says', async () => {
    const files: Files = {
      'm/main.tf':
        'resource "terraform_data" "n" { input = 1 }\nmodule "c" {\n  source = "./c"\n  n = terraform_data.n.output\n}\noutput "id" { value = module.c.o }\n',
      'm/c/main.tf': 'variable "n" {}\noutput "o" { value = "none" }\n',
      'u/c/x_override.tf': 'output "o" { value = var.n }\n',
      'u/terragrunt.hcl': unit,
      'take/main.tf': 'variable "id" {}\noutput "o" { value = var.id }\n',
      'v/terragrunt.hcl':
        'terraform { source = "../take" }\ndependency "u" { config_path = "../u" }\ninputs = { id = dependency.u.outputs.id }\n',
    };
    const over = { 'm/main.tf': (files['m/main.tf'] ?? '').replace('input = 1', 'input = 2') };
    expect(await told(files, over)).toMatchObject({ changed: ['u'], affected: ['v'] });
    const beside = { 'u/c/x_override.tf': 'output "o" { value = "${"$"}{var.n}!" }\n' };
    expect(await told(files, beside)).toMatchObject({ changed: ['u'], affected: ['v'] });
  });

  it('an output that code beside a unit says', async () => {
    const files: Files = {
      'm/main.tf': `${thing}output "id" { value = "none" }\n`,
      'u/main_override.tf': 'output "id" { value = terraform_data.n.id }\n',
      'u/terragrunt.hcl': unit,
      'take/main.tf': 'variable "id" {}\noutput "o" { value = var.id }\n',
      'v/terragrunt.hcl':
        'terraform { source = "../take" }\ndependency "u" { config_path = "../u" }\ninputs = { id = dependency.u.outputs.id }\n',
    };
    const over = { 'm/main.tf': (files['m/main.tf'] ?? '').replace('input = 1', 'input = 2') };
    expect(await told(files, over)).toMatchObject({ changed: ['u'], affected: ['v'] });
  });
});

describe('a secret of another value', () => {
  it('leads wherever it is read: how long it is nobody keeps', async () => {
    const files: Files = {
      'net/main.tf': root(
        'net',
        'variable "password" { type = string }\noutput "o" { value = length(var.password) }\n',
      ),
      'net/terraform.tfvars': 'password = "abcdefgh"\n',
      'app/main.tf': reading('app', 'net', `output "o" { value = ${up}.o }\n`),
    };
    const found = await told(files, { 'net/terraform.tfvars': 'password = "abcdefghij"\n' });
    expect([found.changed, found.affected]).toEqual([['net'], ['app']]);
  });
});

describe('a value of a unit whose module declares no such variable', () => {
  const given = (size: number): Files => ({
    'a/terragrunt.hcl': `terraform { source = "../m" }\ninputs = { size = ${size} }\n`,
  });
  const estate = (read: string): Files => ({
    'm/main.tf': 'output "o" { value = 1 }\n',
    'n/main.tf': 'variable "y" {}\nresource "terraform_data" "t" { input = var.y }\n',
    'b/terragrunt.hcl': `terraform { source = "../n" }\ndependency "a" { config_path = "../a" }\ninputs = { y = "\${dependency.a.${read}}" }\n`,
    ...given(3),
  });

  it.each<[what: string, read: string, changed: readonly string[]]>([
    ['is no change', 'outputs.o', []],
    ['is one where another unit is handed it', 'inputs.size', ['a']],
  ])('%s', async (_what, read, changed) => {
    expect((await told(estate(read), given(4))).changed).toEqual(changed);
  });
});

describe('a file beside a unit that its module reads in its place', () => {
  const module = (name: string, more = ''): Files => ({
    'm/main.tf': `locals { t = file("\${path.module}/${name}.txt") }\nresource "terraform_data" "t" { input = local.t }\n${more}`,
  });
  const estate: Files = {
    ...module('a'),
    'm/a.txt': 'one',
    'm/b.txt': 'one',
    'u/terragrunt.hcl': 'terraform { source = "../m" }\n',
    'u/README.md': 'about',
  };

  const renamed: Files = {
    'm/main.tf': (estate['m/main.tf'] ?? '').replace('t =', 's =').replace('local.t', 'local.s'),
  };

  it.each<[what: string, before: Files, over: Files, changed: readonly string[]]>([
    ['beside another file: what a local is called is no change', estate, renamed, []],
    ['beside one that stands in the place of it', { ...estate, 'u/b.txt': 'two' }, module('b'), ['u']],
    [
      'where a hidden one is copied too, and listed',
      {
        ...module('a', 'output "all" { value = fileset(path.module, "**") }\n'),
        'm/a.txt': 'one',
        'u/terragrunt.hcl': 'terraform {\n  source          = "../m"\n  include_in_copy = [".x/*"]\n}\n',
        'u/.x/y': '1',
      },
      { 'u/.x/z': '1' },
      ['u'],
    ],
    [
      'where not all is copied',
      {
        ...estate,
        'u/terragrunt.hcl': 'terraform {\n  source            = "../m"\n  exclude_from_copy = ["*.md"]\n}\n',
      },
      renamed,
      ['u'],
    ],
  ])('%s', async (_what, before, over, changed) => {
    expect((await told(before, over)).changed).toEqual(changed);
  });
});

describe('an include that three hundred units share', () => {
  const shared = (unused: string, used = 'eu-west-1') => `locals {
  account = read_terragrunt_config(find_in_parent_folders("account.hcl")).locals
  region  = "${used}"
  unused  = ${unused}
}
inputs = { region = local.region, account = local.account.id }
`;
  const unit = (number: number) => `include "root" {
  path   = find_in_parent_folders("root.hcl")
  expose = true
}
terraform { source = "\${get_repo_root()}/modules/m" }
dependency "before" {
  config_path  = "../u${number % 30 === 0 ? number : number - 1}"
  mock_outputs = { id = "none" }
  skip_outputs = true
}
inputs = { name = "u${number}" }
`;
  const units = Array.from({ length: 300 }, (_, number) => number);
  const pathOf = (number: number) => `live/a${Math.floor(number / 30)}/u${number}`;
  const estate: Files = {
    'live/root.hcl': shared('"one"'),
    'modules/m/main.tf':
      'variable "name" {}\nvariable "region" {}\nvariable "account" {}\noutput "id" { value = var.name }\noutput "where" { value = var.region }\n',
    ...Object.fromEntries(
      Array.from({ length: 10 }, (_, at) => [`live/a${at}/account.hcl`, `locals { id = "${at}" }\n`]),
    ),
    ...Object.fromEntries(
      units.map((number) => [
        `${pathOf(number)}/terragrunt.hcl`,
        number % 30 === 0 ? unit(number).replace(/dependency[^}]+}[^}]+}\n/, '') : unit(number),
      ]),
    ),
  };

  it.each([
    ['changes a local that nobody uses', shared('"two"')],
    ['changes one that calls what only a run knows', shared('get_aws_account_id()')],
    ['changes its layout and comments', `# about\n${shared('"one"')}`],
  ])('%s: all are identical, and it is complete', async (_, after) => {
    const found = await told(estate, { 'live/root.hcl': after });
    expect(found).toEqual({ changed: [], affected: [], possible: [], complete: true });
  });

  const unsure = (unused: string, more = '') =>
    shared(unused)
      .replace(
        'inputs = {',
        `remote_state {
  backend = "s3"
  config = { bucket = get_env("NOBODY_SETS_IT"), key = path_relative_to_include() }
}
inputs = {
  by = run_cmd("whoami")`,
      )
      .replace('account.id }', `account.id\n${more}}`);

  it.each<[what: string, was: string, is: string, isSame: boolean]>([
    ['a local that nobody uses', unsure('"one"'), unsure('"two"'), true],
    ['one that came', unsure('"one"').replace(/ +unused.*\n/, ''), unsure('"one"'), true],
    ['a comment', unsure('"one"'), `# note\n${unsure('"one"')}`, true],
    ['one that calls what only a run knows', unsure('"one"'), unsure('run_cmd("date")'), false],
    ['one that is used', unsure('"one"', '  x = local.unused\n'), unsure('"two"', '  x = local.unused\n'), false],
    [
      'one of all that are handed on',
      unsure('"one"', '  x = run_cmd(jsonencode(local))\n'),
      unsure('"two"', '  x = run_cmd(jsonencode(local))\n'),
      false,
    ],
  ])('does not know all of itself, and changes %s', async (_what, was, is, isSame) => {
    const found = await told({ ...estate, 'live/root.hcl': was }, { 'live/root.hcl': is });
    expect(found.changed).toHaveLength(isSame ? 0 : 300);
  });

  it('changes one that all use: all are changed', async () => {
    const found = await told(estate, { 'live/root.hcl': shared('"one"', 'eu-west-2') });
    expect(found.changed).toHaveLength(300);
  });
});
