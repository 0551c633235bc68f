import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRange } from '../src/engine/range/compare-range.ts';
import { loadView } from '../src/engine/view/load-view.ts';
import type { LoadedView } from '../src/engine/view/view.ts';
import { noCache } from '../src/observe/cache/no-cache.fixture.ts';
import { TemporaryFolder, type TemporaryRepository } from '../src/observe/git/temporary-repository.ts';
import { openEngine } from '../src/wiring/open.ts';
import { times } from './support/times.ts';

/** What lies behind a symbolic link: a file of a root, a folder, variables, a unit's own file, what is zipped. */

const state = (key: string) => `terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "${key}"\n  }\n}\n`;
const unit = 'terraform { source = "../../modules/m" }\ninputs = yamldecode(file("settings.yaml"))\n';

/** What may stand at each path; `-> target` is a link. */
const choices: Readonly<Record<string, readonly string[]>> = {
  'app/main.tf': [state('app'), `${state('app')}data "archive_file" "z" { source_dir = "../bundle" }\n`],
  'app/vars.tf': ['-> ../common/vars.tf', '-> ../common/more.tf', 'variable "env" {}\n'],
  'app/terraform.tfvars': ['-> ../common/dev.tfvars', 'env = "prod"\n'],
  'common/vars.tf': ['variable "env" { default = "a" }\n', 'variable "env" { default = "b" }\n'],
  'common/more.tf': ['-> vars.tf', 'variable "env" { default = "a" }\n'],
  'common/dev.tfvars': ['env = "dev"\n', 'env = "stage"\n'],
  'common/settings.yaml': ['size: 1\n', 'size: 2\n'],
  'live/web/terragrunt.hcl': [unit, '-> ../../common/unit.hcl'],
  'live/web/settings.yaml': ['-> ../../common/settings.yaml', 'size: 3\n'],
  'common/unit.hcl': [unit, 'inputs = { size = 1 }\n'],
  'modules/m': ['-> ../sources/one', '-> ../sources/two'],
  'sources/one/main.tf': ['variable "size" { default = 0 }\n', 'variable "size" { default = 1 }\n'],
  'sources/two/main.tf': ['variable "size" { default = 0 }\n'],
  'bundle/a.txt': ['a\n', '-> ../common/settings.yaml'],
  'bundle/deep': ['-> ../sources/one', '-> nowhere'],
};

type Edit = Readonly<Record<string, number>>;

function apply(repository: TemporaryRepository, edit: Edit): void {
  for (const [path, choice] of Object.entries(edit)) {
    const text = choices[path]?.[choice % (choices[path]?.length ?? 1)] ?? '';
    repository.remove(path);
    if (text.startsWith('-> ')) repository.link(path, text.slice('-> '.length));
    else repository.write({ [path]: text });
  }
}

const first = Object.fromEntries(Object.keys(choices).map((path) => [path, 0]));
const edits = fc.array(fc.dictionary(fc.constantFrom(...Object.keys(choices)), fc.nat(2), { minKeys: 1, maxKeys: 3 }), {
  minLength: 1,
  maxLength: 4,
});

function shown({ hash, graph, readers }: LoadedView): unknown {
  const index = [...readers()].map(([place, ids]) => `${place}: ${[...ids].sort().join(' ')}`).sort();
  return { hash, ids: graph.ids, readers: index };
}

function contextOf(repository: TemporaryRepository, folder: TemporaryFolder) {
  const options = { dir: repository.root, data: join(folder.path, 'data') };
  return openEngine({ options, env: {}, version: 'test' }).as({ door: 'cli' });
}

describe('behind a link', () => {
  it.each<[string, Edit, readonly string[]]>([
    ['a file of a root', { 'common/vars.tf': 1 }, ['app']],
    ['its variables', { 'common/dev.tfvars': 1 }, ['app']],
    ['a file that a unit reads', { 'common/settings.yaml': 1 }, ['live/web']],
    ['the folder of a module', { 'sources/one/main.tf': 1 }, ['live/web']],
    ['where that folder leads', { 'modules/m': 1 }, ['live/web']],
    ['a file that nobody is led to', { 'sources/two/main.tf': 0, 'common/unit.hcl': 1 }, []],
  ])('%s changes who reads it, asked as A..B and as A', async (_what, edit, ids) => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate');
    apply(repository, first);
    repository.commit();
    apply(repository, edit);
    repository.commit();
    for (const range of ['HEAD~1..HEAD', 'HEAD~1']) {
      const { comparison } = await compareRange(contextOf(repository, folder), range);
      expect(
        [...comparison.changed, ...comparison.undecided, ...comparison.identical].map((one) =>
          typeof one === 'string' ? one : one.id,
        ),
      ).toEqual(ids);
    }
  });

  it('a link that comes to the same end over another link has that one among what is read', async () => {
    using folder = new TemporaryFolder();
    const repository = folder.repository('estate');
    apply(repository, first);
    repository.commit();
    await loadView(contextOf(repository, folder), undefined);
    apply(repository, { 'app/vars.tf': 1 });
    repository.commit();
    const { readers } = await loadView(contextOf(repository, folder), undefined);
    expect(readers().get('common/more.tf/**@')).toEqual(['app']);
  });

  it('a view made from an earlier one equals one inferred in full, and a clean tree has one answer', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (all) => {
        using folder = new TemporaryFolder();
        const repository = folder.repository('estate');
        apply(repository, first);
        repository.commit();
        await loadView(contextOf(repository, folder), undefined);
        for (const edit of all) {
          apply(repository, edit);
          repository.commit();
          const context = contextOf(repository, folder);
          const after = shown(await loadView(context, undefined));
          expect(after).toEqual(shown(await loadView({ ...context, cache: noCache }, undefined)));
          const [range, tree] = [await compareRange(context, 'HEAD~1..HEAD'), await compareRange(context, 'HEAD~1')];
          expect(tree.comparison).toEqual(range.comparison);
        }
      }),
      { numRuns: times(6) },
    );
  });
});
