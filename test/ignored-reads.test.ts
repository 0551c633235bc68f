import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { noCache } from '../src/observe/cache/no-cache.fixture.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

/** What Git ignores and a run reads all the same: never "not there", as proved. */

type Files = Readonly<Record<string, string>>;

const ignore = 'secret.yaml\nbuild/\n*.local.json\nnode_modules/\nhook.sh\nlocal.hcl\n';
const adage = (main: string): Files => ({
  '.gitignore': ignore,
  'account_environments/dev.json': '{"name":"dev"}',
  'iac/dev/app/main/config.json': '{}',
  'components/app/main.tf': `terraform {}\n${main}`,
});
const units = (main: string): Files => ({
  '.gitignore': ignore,
  'modules/app/main.tf': main,
  'live/app/terragrunt.hcl': 'terraform { source = "../../modules/app" }\n',
});
const roots = (main: string): Files => ({
  '.gitignore': ignore,
  'app/main.tf': `terraform {\n  backend "local" {}\n}\n${main}`,
});

const layouts = {
  Adage: { files: adage, id: 'dev/app/main', at: 'components/app' },
  Terragrunt: { files: units, id: 'live/app', at: 'modules/app' },
  Terraform: { files: roots, id: 'app', at: 'app' },
};

function contextOf(root: string, folder: TemporaryFolder) {
  const options = { dir: root, data: folder.at('data') };
  return openEngine({ options, env: {}, version: 'test' }).as({ door: 'cli' });
}

async function doubtsAbout(id: string, repository: TemporaryRepository, folder: TemporaryFolder, at?: string) {
  const context = contextOf(repository.root, folder);
  const view = await loadView(context, at);
  const fresh = await loadView({ ...context, cache: noCache }, at);
  expect(view.hash).toBe(fresh.hash);
  const { views } = await compareRange(contextOf(repository.root, folder), at === undefined ? 'HEAD' : `${at}..${at}`);
  expect(views.after.hash).toBe(view.hash);
  const claim = fresh.built?.resolver.claim(id);
  expect(claim).toBeDefined();
  return claim?.blindSpots.map(({ code }) => code).filter((code) => code.startsWith('file-')) ?? [];
}

const reads: readonly (readonly [what: string, main: string, path: string])[] = [
  ['fileexists', 'output "a" { value = fileexists("${path.module}/secret.yaml") }', 'secret.yaml'],
  [
    'file, with something in its place',
    'output "a" { value = try(file("${path.module}/secret.yaml"), "") }',
    'secret.yaml',
  ],
  ['filemd5', 'output "a" { value = try(filemd5("${path.module}/secret.yaml"), "") }', 'secret.yaml'],
  ['templatefile', 'output "a" { value = try(templatefile("${path.module}/secret.yaml", {}), "") }', 'secret.yaml'],
  [
    'a file in a folder that is ignored',
    'output "a" { value = fileexists("${path.module}/build/x.yaml") }',
    'build/x.yaml',
  ],
  ['fileset', 'output "a" { value = fileset(path.module, "*.json") }', 'x.local.json'],
  ['fileset in depth', 'output "a" { value = fileset(path.module, "**/*.json") }', 'sub/x.local.json'],
  ['fileset into a folder that is ignored', 'output "a" { value = fileset("${path.module}/build", "*") }', 'build/x'],
  [
    'a folder that is zipped',
    'data "archive_file" "z" {\n  type = "zip"\n  source_dir = "${path.module}/src"\n  output_path = "z.zip"\n}',
    'src/secret.yaml',
  ],
  [
    'packages in a folder that is zipped',
    'data "archive_file" "z" {\n  type = "zip"\n  source_dir = "${path.module}/src"\n  output_path = "z.zip"\n}',
    'src/node_modules/q/index.js',
  ],
  [
    'a source path of a module elsewhere',
    'module "f" {\n  source = "terraform-aws-modules/lambda/aws"\n  version = "1.0.0"\n  source_path = "${path.module}/src"\n}',
    'src/node_modules/q/index.js',
  ],
  [
    'a program',
    'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "${path.module}/hook.sh all"\n  }\n}',
    'hook.sh',
  ],
];

describe.each(Object.entries(layouts))('%s: what Git ignores is read by', (_layout, { files, id, at }) => {
  it.each(reads)('%s', async (_what, main, path) => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({ ...files(main), [`${at}/src/a.js`]: '' });
    repository.commit();
    const before = await doubtsAbout(id, repository, folder);
    // A file that is not there at all is told as one that is outside.
    if (!/local-exec|try\(/.test(main)) expect(before).toEqual([]);
    repository.write({ [`${at}/${path}`]: 'a: 1\n' });
    // Asked of the work tree, of a commit, warm and cold: one answer, and after the file is gone the old one.
    expect(await doubtsAbout(id, repository, folder)).toContain('file-outside');
    expect(await doubtsAbout(id, repository, folder, 'HEAD')).toContain('file-outside');
    rmSync(join(repository.root, at, path));
    if (path.includes('node_modules') || path.startsWith('build/'))
      rmSync(join(repository.root, at, path.slice(0, path.search(/(?<=node_modules|build)\//))), { recursive: true });
    expect(await doubtsAbout(id, repository, folder)).toEqual(before);
  });

  it('nobody, where it is another one', async () => {
    using folder = new TemporaryFolder();
    const repository = folder
      .repository('estate')
      .write(files('output "a" { value = fileexists("${path.module}/other.yaml") }'));
    repository.commit();
    repository.write({ [`${at}/secret.yaml`]: '', 'node_modules/q/i.js': '' });
    expect(await doubtsAbout(id, repository, folder)).toEqual([]);
  });
});

describe('a repository without a work tree', () => {
  it.each<[string, string, readonly string[]]>([
    ['a path that its .gitignore keeps out', 'fileexists("${path.module}/secret.yaml")', ['file-outside']],
    ['one that it does not', 'fileexists("${path.module}/plain.yaml")', []],
    ['a set of such', 'fileset(path.module, "*.local.json")', ['file-outside']],
    ['another set', 'fileset(path.module, "*.yaml")', []],
  ])('proves nothing of %s', async (_what, expression, doubts) => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write(roots(`output "a" { value = ${expression} }\n`));
    repository.commit();
    repository.git('clone', '-q', '--bare', repository.root, folder.at('bare.git'));
    const context = contextOf(folder.at('bare.git'), folder);
    const view = await loadView({ ...context, cache: noCache }, 'HEAD');
    const claim = view.built?.resolver.claim('app');
    expect(claim?.blindSpots.map(({ code }) => code)).toEqual(doubts);
  });
});

describe('a Terragrunt unit', () => {
  it.each([
    [
      'reads a configuration',
      'locals { a = read_terragrunt_config("local.hcl", { inputs = {} }) }\ninputs = { a = local.a }\n',
      'live/app/local.hcl',
    ],
    [
      'looks for one above',
      'locals { a = find_in_parent_folders("local.hcl", "none") }\ninputs = { a = local.a }\n',
      'live/local.hcl',
    ],
    ['reads a file', 'inputs = { a = try(file("secret.yaml"), "") }\n', 'live/app/secret.yaml'],
    ['looks whether one exists', 'inputs = { a = fileexists("secret.yaml") }\n', 'live/app/secret.yaml'],
    ['decrypts one', 'inputs = { a = try(sops_decrypt_file("secret.yaml"), "") }\n', 'live/app/secret.yaml'],
    ['reads variables', 'inputs = { a = try(read_tfvars_file("build/a.tfvars"), "") }\n', 'live/app/build/a.tfvars'],
    [
      'is handed variables',
      'terraform {\n  extra_arguments "v" {\n    commands = ["plan"]\n    optional_var_files = ["build/a.tfvars"]\n  }\n}\n',
      'live/app/build/a.tfvars',
    ],
    [
      'has a hook',
      'terraform {\n  before_hook "h" {\n    commands = ["plan"]\n    execute = ["./hook.sh"]\n  }\n}\n',
      'live/app/hook.sh',
    ],
  ])('%s that Git ignores', async (_what, text, path) => {
    using folder = new TemporaryFolder();
    const source = 'terraform { source = "../../modules/app" }\n';
    const repository = folder.repository('estate').write({
      ...units('variable "a" {\n  default = 1\n}\n'),
      'live/app/terragrunt.hcl': text.startsWith('terraform')
        ? text.replace('{\n', `{\n  source = "../../modules/app"\n`)
        : source + text,
    });
    repository.commit();
    expect(await doubtsAbout('live/app', repository, folder)).toEqual([]);
    repository.write({ [path]: 'inputs = {}\n' });
    expect(await doubtsAbout('live/app', repository, folder)).toContain('file-outside');
    expect(await doubtsAbout('live/app', repository, folder, 'HEAD')).toContain('file-outside');
  });
});

describe('what is told of', () => {
  it('a file of variables beside a unit, in its module, or named by it', async () => {
    using folder = new TemporaryFolder();
    const extra = 'extra_arguments "v" {\n    commands = ["plan"]\n    optional_var_files = ["more.tfvars"]\n  }';
    const repository = folder.repository('estate').write({
      ...units('variable "a" {\n  default = 1\n}\noutput "a" { value = var.a }\n'),
      '.gitignore': '*.tfvars\n',
      'live/app/terragrunt.hcl': `terraform {\n  source = "../../modules/app"\n  ${extra}\n}\n`,
    });
    repository.commit();
    const told = async () =>
      (await loadView(contextOf(repository.root, folder), undefined)).graph
        .findings()
        .filter(({ code }) => code === 'variables-not-in-git');
    expect(await told()).toEqual([]);
    const files = ['live/app/more.tfvars', 'live/app/terraform.tfvars', 'modules/app/mine.auto.tfvars'];
    repository.write(Object.fromEntries(files.map((file) => [file, 'a = 2\n'])));
    expect((await told()).map(({ message }) => message).sort()).toEqual(
      files.map((file) => `${file} is ignored by Git and sets a`),
    );
  });

  it.each([
    ['something that is there', 'app/secret.yaml', []],
    [
      'nothing',
      'app/other.yaml',
      ['karma.yaml names app/other.yaml under terraform.ignoredInputs, and there is no such file'],
    ],
    [
      'what Git holds',
      'app/main.tf',
      ['karma.yaml names app/main.tf under terraform.ignoredInputs, and Git does not ignore it'],
    ],
  ])('an ignored input that fits %s', async (_what, path, messages) => {
    using folder = new TemporaryFolder();
    const repository = folder
      .repository('estate')
      .write({ ...roots(''), 'karma.yaml': `estate: e\nterraform:\n  ignoredInputs: [${path}]\n` });
    repository.commit();
    repository.write({ 'app/secret.yaml': '' });
    const { graph } = await loadView(contextOf(repository.root, folder), undefined);
    expect(graph.findings().flatMap(({ code, message }) => (code === 'entry-unmatched' ? [message] : []))).toEqual(
      messages,
    );
  });

  it('a lock file that Git ignores: it counts as any other', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate').write({ ...roots(''), '.gitignore': '.terraform.lock.hcl\n' });
    repository.commit();
    const lock = (version: string) => `provider "registry.terraform.io/hashicorp/aws" {\n  version = "${version}"\n}\n`;
    const hashes = new Set<string>();
    for (const version of ['5.1.0', '5.2.0']) {
      repository.write({ 'app/.terraform.lock.hcl': lock(version) });
      for (const at of [undefined, 'HEAD']) hashes.add((await loadView(contextOf(repository.root, folder), at)).hash);
    }
    expect(hashes.size).toBe(2);
  });
});
