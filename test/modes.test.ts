import { describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import { noCache } from '../src/observe/cache/no-cache.fixture.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

/** Whether a file may be run is all that Git keeps of its mode: programs need it, and archives hold it. */

type Files = Readonly<Record<string, string>>;

const state = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "r"\n    key = "app"\n  }\n}\n';
const archived = 'data "archive_file" "z" {\n  type = "zip"\n  source_dir = "../bundle"\n  output_path = "z.zip"\n}\n';
const script = '#!/bin/sh\necho "{}"\n';

const root = (more: string): Files => ({ 'app/main.tf': `${state}${more}` });
const provisioned = (command: string) =>
  root(`resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "${command}"\n  }\n}\n`);
const unit = (more: string): Files => ({
  'live/web/terragrunt.hcl': `terraform {\n  source = "../../modules/m"\n${more}}\n`,
  'modules/m/main.tf': 'variable "size" { default = 0 }\n',
});
const hooked = (hook: string) => unit(`  ${hook} "h" {\n    commands = ["apply"]\n    execute  = ["./hook.sh"]\n  }\n`);

function contextOf(repository: TemporaryRepository, folder: TemporaryFolder) {
  const options = { dir: repository.root, data: folder.at('data') };
  return openEngine({ options, env: {}, version: 'test' }).as({ door: 'cli' });
}

async function askedOf(repository: TemporaryRepository, folder: TemporaryFolder, range: string) {
  const { comparison } = await compareRange(contextOf(repository, folder), range);
  const touched = [...comparison.changed, ...comparison.undecided].map(({ id }) => id);
  return { touched, complete: comparison.complete };
}

/** The answer to a file's mode alone, the same for each form of the range. */
async function changing(files: Files, path: string, from = false) {
  using folder = new TemporaryFolder();
  const repository = folder.repository('estate').write(files).mode(path, from);
  repository.commit();
  repository.mode(path, !from);
  const uncommitted = await askedOf(repository, folder, 'HEAD');
  repository.commit();
  for (const range of ['HEAD~1..HEAD', 'HEAD~1']) expect(await askedOf(repository, folder, range)).toEqual(uncommitted);
  return uncommitted;
}

describe.each([
  ['becomes executable', false],
  ['is executable no more', true],
])('a file that %s', (_what, from) => {
  it.each<[what: string, files: Files, path: string, id: string]>([
    ['a command runs', { ...provisioned('../scripts/a.sh'), 'scripts/a.sh': script }, 'scripts/a.sh', 'app'],
    [
      'a command runs from another folder',
      { ...provisioned('cd ../scripts && ./a.sh'), 'scripts/a.sh': script },
      'scripts/a.sh',
      'app',
    ],
    [
      'gives data',
      { ...root('data "external" "a" {\n  program = ["../scripts/a.sh"]\n}\n'), 'scripts/a.sh': script },
      'scripts/a.sh',
      'app',
    ],
    ['is archived', { ...root(archived), 'bundle/run.sh': script }, 'bundle/run.sh', 'app'],
    ['is code that is archived', { ...root(archived), 'bundle/main.tf': 'locals {}\n' }, 'bundle/main.tf', 'app'],
    ['a hook runs', { ...hooked('before_hook'), 'live/web/hook.sh': script }, 'live/web/hook.sh', 'live/web'],
    [
      'run_cmd runs',
      {
        ...unit(''),
        'live/web/terragrunt.hcl':
          'terraform { source = "../../modules/m" }\ninputs = { size = run_cmd("./size.sh") }\n',
        'live/web/size.sh': script,
      },
      'live/web/size.sh',
      'live/web',
    ],
    [
      'the module of a unit runs',
      {
        ...unit(''),
        'modules/m/main.tf':
          'resource "terraform_data" "a" {\n  provisioner "local-exec" {\n    command = "$' +
          '{path.module}/a.sh"\n  }\n}\n',
        'modules/m/a.sh': script,
      },
      'modules/m/a.sh',
      'live/web',
    ],
  ])('and that %s changes who has it', async (_kind, files, path, id) => {
    expect((await changing(files, path, from)).touched).toEqual([id]);
  });

  it('and that Terraform only reads changes nobody', async () => {
    expect(await changing(root('output "a" { value = 1 }\n'), 'app/main.tf', from)).toEqual({
      touched: [],
      complete: true,
    });
  });
});

it('what the file system says of modes is not believed where Git does not', async () => {
  using folder = new TemporaryFolder();
  const repository = folder.repository('estate').write({ ...root(archived), 'bundle/run.sh': script });
  repository.commit();
  repository.git('config', 'core.fileMode', 'false');
  repository.mode('bundle/run.sh', true);
  expect(await askedOf(repository, folder, 'HEAD')).toEqual({ touched: [], complete: true });
  repository.git('update-index', '--chmod=+x', 'bundle/run.sh');
  expect((await askedOf(repository, folder, 'HEAD')).touched).toEqual(['app']);
});

it('a view made from an earlier one equals one inferred in full', async () => {
  using folder = new TemporaryFolder();
  const files = { ...root(archived), 'bundle/run.sh': script, 'bundle/main.tf': 'locals {}\n' };
  const repository = folder.repository('estate').write(files);
  repository.commit();
  await loadView(contextOf(repository, folder), undefined);
  for (const path of ['bundle/run.sh', 'app/main.tf', 'bundle/main.tf']) {
    repository.mode(path, true);
    for (const isCommitted of [false, true]) {
      if (isCommitted) repository.commit();
      const context = contextOf(repository, folder);
      const { hash } = await loadView(context, undefined);
      expect(hash).toBe((await loadView({ ...context, cache: noCache }, undefined)).hash);
    }
  }
});
