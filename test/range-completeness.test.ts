import { afterAll, describe, expect, it } from 'vitest';
import type { EngineContext } from '../src/engine/context.ts';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { impact } from '../src/engine/verbs/impact.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';

/** Complete means that every file that differs is accounted for, whichever way the range is asked for. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
let made = 0;

type Files = Readonly<Record<string, string>>;

const root = (key: string, more = '') =>
  `terraform {\n  backend "s3" {\n    bucket = "b"\n    region = "r"\n    key = "${key}"\n  }\n}\n${more}`;

const estate: Files = {
  'net/main.tf': root('net', 'variable "cidr" {}\noutput "id" { value = var.cidr }\n'),
  'net/terraform.tfvars': 'cidr = "10.0.0.0/8"\n',
  'app/main.tf': root(
    'app',
    'data "terraform_remote_state" "net" {\n  backend = "s3"\n  config = {\n    bucket = "b"\n    region = "r"\n    key = "net"\n  }\n}\noutput "net" { value = data.terraform_remote_state.net.outputs.id }\n',
  ),
};

interface Asked {
  readonly repository: TemporaryRepository;
  readonly context: EngineContext;
}

function estateOf(files: Files, below = ''): Asked {
  made += 1;
  const repository = folder.repository(`estate-${made}`).write(files);
  repository.commit('before');
  const context = openEngine({
    options: { dir: folder.at(`estate-${made}`, below), data: folder.at(`data-${made}`) },
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' },
    version: 'test',
  }).as({ door: 'cli' });
  return { repository, context };
}

/** The answer to both forms of one range; they must not differ. */
async function answers({ repository, context }: Asked, change: (repository: TemporaryRepository) => void) {
  change(repository);
  repository.commit('after');
  const { comparison } = await compareRange(context, 'HEAD~1..HEAD');
  expect((await compareRange(context, 'HEAD~1')).comparison).toEqual(comparison);
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  return {
    touched: ids([...comparison.changed, ...comparison.undecided]),
    possible: comparison.possible,
    complete: comparison.complete,
    blind: comparison.blindSpots.map(({ component, code, evidence }) => `${component} ${code} ${evidence?.file ?? ''}`),
  };
}

const changing = (files: Files, to: Files) => answers(estateOf(files), (repository) => repository.write(to));
const untouched = { touched: [], possible: [], complete: true, blind: [] };

describe('a changed file that no component reads', () => {
  it.each([
    'README.md',
    'docs/how.md',
    '.github/workflows/plan.yml',
    'net/.tflint.hcl',
    'net/CHANGELOG',
    'net/docs/how.md',
    'net/.terraform-version',
    '.terraform-version',
    'tests/net.tftest.hcl',
    'prod.tfvars.example',
    'tools/report.py',
  ])('%s is harmless by its kind', async (file) => {
    expect(await changing({ ...estate, [file]: 'one' }, { [file]: 'two' })).toEqual(untouched);
  });

  it.each([
    ['modules/unused/main.tf', 'output "a" { value = 1 }', 'output "a" { value = 2 }'],
    ['common.hcl', 'locals { a = 1 }', 'locals { a = 2 }'],
    ['prod.tfbackend', 'bucket = "a"', 'bucket = "b"'],
    ['secrets.tfvars.enc', 'one', 'two'],
    ['.envrc', 'export TF_VAR_cidr=1', 'export TF_VAR_cidr=2'],
    ['.terraformrc', 'disable_checkpoint = true', 'provider_installation {}'],
    ['net/.terraform/environment', 'dev', 'prod'],
    ['.gitattributes', '*.png binary\n', '*.png binary\n*.txt eol=crlf\n'],
    ['net/.gitattributes', '[attr]crypt filter=crypt\n', '[attr]crypt filter=crypt\n*.txt crypt\n'],
    ['states/net.tfstate', '{"serial":1,"outputs":{"a":{"value":1}}}', '{"serial":2,"outputs":{"a":{"value":2}}}'],
  ])('%s is an input of some run, so nothing is complete', async (file, before, after) => {
    const answer = await changing({ ...estate, [file]: before }, { [file]: after });
    expect(answer).toEqual({ ...untouched, complete: false, blind: [` unread-input ${file}`] });
  });

  it.each([
    ['.gitattributes', '*.png binary\n', '# pictures\n*.png binary\n*.ts linguist-generated\n'],
    ['states/net.tfstate', '{"serial":1,"outputs":{"a":{"value":1}}}', '{"serial":2,"outputs":{"a":{"value":1}}}'],
  ])('%s is none where what it says there means nothing to a run', async (file, before, after) => {
    expect(await changing({ ...estate, [file]: before }, { [file]: after })).toEqual(untouched);
  });

  it('counts where the root that it lies in may read whole folders', async () => {
    const lists =
      'output "all" { value = { for file in fileset(path.module, "**/*.md") : file => file("${path.module}/${file}") } }';
    const before = { ...estate, 'net/list.tf': lists, 'net/docs/how.md': 'one' };
    expect((await changing(before, { 'net/docs/how.md': 'two' })).touched).toEqual(['net']);
    expect((await changing(before, { 'net/docs/more.md': 'two' })).touched).toEqual(['net']);
  });

  it('is harmless where only a comment of it changed', async () => {
    const file = 'modules/unused/main.tf';
    const answer = await changing(
      { ...estate, [file]: 'output "a" { value = 1 }' },
      { [file]: '# new\noutput "a" { value = 1 }' },
    );
    expect(answer).toEqual(untouched);
  });

  it('is told when it went, too', async () => {
    const answer = await answers(estateOf({ ...estate, 'common.hcl': 'locals { a = 1 }' }), (repository) =>
      repository.remove('common.hcl'),
    );
    expect(answer).toMatchObject({ complete: false, blind: [' unread-input common.hcl'] });
  });

  it('makes a root possible, and who reads it, where it sets what that root declares', async () => {
    const file = 'variables/prod/net.tfvars';
    const answer = await changing({ ...estate, [file]: 'cidr = "a"' }, { [file]: 'cidr = "b"' });
    expect(answer).toEqual({
      touched: [],
      possible: ['app', 'net'],
      complete: false,
      blind: [`net unread-input ${file}`],
    });
  });
});

describe('a layout that is recognised and not read', () => {
  const atmos = { ...estate, 'atmos.yaml': 'base_path: .', 'stacks/dev.yaml': 'a: 1', 'README.md': 'one' };

  it('may own any file around it but those for people', async () => {
    expect(await changing(atmos, { 'stacks/dev.yaml': 'a: 2' })).toMatchObject({ complete: false });
    expect(await changing(atmos, { 'README.md': 'two' })).toEqual(untouched);
  });

  it('makes no answer about a component complete', async () => {
    const { context } = estateOf(atmos);
    const { complete, unread } = await impact(context, { targets: ['net'], selection: [], forward: false });
    expect([complete, unread]).toEqual([false, [{ code: 'layout-not-read', what: 'atmos', components: 1 }]]);
  });

  it('leaves an answer complete where karma.yaml takes it to touch nothing', async () => {
    const assumed = 'estate: one\nassume:\n  - code: layout-not-read\n    reason: nothing of it is deployed\n';
    const answer = await changing({ ...atmos, 'karma.yaml': assumed }, { 'stacks/dev.yaml': 'a: 2' });
    expect(answer).toMatchObject({ touched: [], complete: true });
  });

  it('owns what lies in its folder alone, where it says so', async () => {
    const files = { ...estate, 'cdk/cdktf.json': '{}', 'cdk/main.ts': 'one', 'web/main.ts': 'one' };
    expect(await changing(files, { 'cdk/main.ts': 'two' })).toMatchObject({ complete: false });
    expect(await changing(files, { 'web/main.ts': 'two' })).toEqual(untouched);
  });
});

describe('where nothing is recognised', () => {
  it.each([
    [{ 'README.md': 'one' }, { 'README.md': 'two' }],
    [{ 'modules/a/main.tf': 'output "a" { value = 1 }' }, { 'modules/a/main.tf': 'output "a" { value = 2 }' }],
  ])('nothing is proved: %j', async (before, after) => {
    expect(await changing(before, after)).toMatchObject({ touched: [], complete: false });
  });
});

describe('an estate that is a folder of its repository', () => {
  const within = Object.fromEntries(Object.entries(estate).map(([path, text]) => [`infra/${path}`, text]));
  const files = {
    ...within,
    'infra/net/module.tf': 'module "a" {\n  source = "../../modules/a"\n}\n',
    'modules/a/main.tf': 'resource "terraform_data" "a" { input = 1 }',
    'infra/karma.yaml': 'estate: one\n',
    'modules/b/main.tf': 'output "a" { value = 1 }',
  };

  it('is changed by what it reads of the rest, and by nothing else there', async () => {
    const a = await answers(estateOf(files, 'infra'), (repository) =>
      repository.write({ 'modules/a/main.tf': 'resource "terraform_data" "a" { input = 2 }' }),
    );
    expect(a.touched).toEqual(['net']);
    const b = await answers(estateOf(files, 'infra'), (repository) =>
      repository.write({ 'modules/b/main.tf': 'output "a" { value = 2 }' }),
    );
    expect(b).toEqual(untouched);
  });
});

describe('a submodule', () => {
  it('that moved and was not fetched leaves its readers undecided, and is named as the cause', async () => {
    const live = { 'live/main.tf': root('live', 'module "net" {\n  source = "../modules/net"\n}\n') };
    const point = (repository: TemporaryRepository, digit: string) =>
      repository.git('update-index', '--add', '--cacheinfo', `160000,${digit.repeat(40)},modules`);
    const asked = estateOf({ ...estate, ...live });
    point(asked.repository, '1');
    asked.repository.commitStaged('the submodule');
    point(asked.repository, '2');
    asked.repository.commitStaged('moved');
    asked.repository.write({ 'modules/.keep': '' }).remove('modules/.keep');
    const { comparison, views } = await compareRange(asked.context, 'HEAD~1..HEAD');
    expect(comparison.undecided).toMatchObject([
      { id: 'live', reasons: ['the submodule modules stands at another commit and was not fetched'] },
    ]);
    expect(comparison.complete).toBe(false);
    const codes = views.after.graph.findings().map(({ code }) => code);
    expect(codes).not.toContain('module-missing');
    expect(codes).toContain('source-not-read');
  });
});
