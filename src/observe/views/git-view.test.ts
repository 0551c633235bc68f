import { afterAll, expect, test } from 'vitest';
import { findRepository, type Repository, readHead } from '../git/git-repository.ts';
import { resolveRevision } from '../git/revision.ts';
import { TemporaryFolder, TemporaryRepository } from '../git/temporary-repository.ts';
import { openGitView } from './git-view.ts';
import type { RepositoryView } from './repository-view.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function found(path: string): Repository {
  const one = findRepository(path);
  if (one === undefined) throw new Error(`no repository at ${path}`);
  return one;
}

async function viewAt(path: string, revision = 'HEAD'): Promise<RepositoryView> {
  const repository = found(path);
  return openGitView(repository, await resolveRevision(repository, revision));
}

test('a commit is read without a checkout: files, folders, digests, absences', async () => {
  const made = folder.repository('plain').write({
    'iac/prod/vpc/main/config.json': '{"cidr":"10.0.0.0/16"}',
    'iac/prod/vpc/main/README': 'x',
    'components/vpc/main.tf': 'locals {}',
    'odd:name with "quotes" and\nnewline.tf': 'odd',
    'empty.tf': '',
  });
  made.commit();
  const blob = made.git('rev-parse', 'HEAD:components/vpc/main.tf');
  made.write({ 'components/vpc/main.tf': 'changed, not committed' });
  const view = await viewAt(made.root);
  expect(view.read('components/vpc/main.tf')).toBe('locals {}');
  expect(view.digest('components/vpc/main.tf')).toBe(blob);
  expect(view.read('./components//vpc/../vpc/main.tf')).toBe('locals {}');
  expect(view.read('odd:name with "quotes" and\nnewline.tf')).toBe('odd');
  expect(view.read('empty.tf')).toBe('');
  expect(view.list('iac/prod/vpc/main')).toEqual([
    { name: 'README', kind: 'file' },
    { name: 'config.json', kind: 'file' },
  ]);
  expect(view.list('').map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'directory components',
    'file empty.tf',
    'directory iac',
    'file odd:name with "quotes" and\nnewline.tf',
  ]);
  expect(view.isDirectory('iac/prod')).toBe(true);
  expect(view.isFile('iac/prod')).toBe(false);
  expect(view.isDirectory('')).toBe(true);
  expect(view.files('components')).toEqual(['components/vpc/main.tf']);
  expect(view.files()).toHaveLength(5);
  expect(view.files('nowhere')).toEqual([]);
  expect(view.repoRoot).toBe('');
});

test.each(['../plain/x', '/etc/passwd', '..', 'a/../../plain', '\0', 'iac\0', 'a'.repeat(5000), 'iac/prod/nothing/'])(
  'a path an estate makes up leads nowhere: %j',
  async (path) => {
    const view = await viewAt(folder.at('plain'));
    expect([view.read(path), view.isFile(path), view.isDirectory(path), view.digest(path)]).toEqual([
      undefined,
      false,
      false,
      undefined,
    ]);
    expect(view.list(path)).toEqual([]);
    expect(view.files(path)).toEqual([]);
  },
);

test('links are followed inside the tree and end at its edge', async () => {
  const made = folder.repository('links').write({ 'real/unit/terragrunt.hcl': 'unit', 'real/x.tf': 'x' });
  made.link('to-file', 'real/x.tf').link('to-folder', 'real').link('chain', 'to-folder').link('loop', 'loop');
  made.link('deep/up', '../real/unit').link('out', '../../etc').link('absolute', '/etc').link('dangling', 'none');
  made.commit();
  const view = await viewAt(made.root);
  expect(view.read('to-file')).toBe('x');
  expect(view.read('chain/unit/terragrunt.hcl')).toBe('unit');
  expect(view.digest('to-folder/x.tf')).toBe(view.digest('real/x.tf'));
  expect(view.read('deep/up/terragrunt.hcl')).toBe('unit');
  expect(view.list('').map(({ name, kind }) => `${kind} ${name}`)).toEqual([
    'directory chain',
    'directory deep',
    'directory real',
    'file to-file',
    'directory to-folder',
  ]);
  expect(view.list('deep')).toEqual([{ name: 'up', kind: 'directory' }]);
  expect(view.files()).toEqual(['real/unit/terragrunt.hcl', 'real/x.tf', 'to-file']);
  expect(view.files('chain')).toEqual(['chain/unit/terragrunt.hcl', 'chain/x.tf']);
  for (const path of ['out/passwd', 'absolute/passwd', 'loop', 'dangling']) expect(view.read(path)).toBeUndefined();
  expect(view.troubles()).toEqual([
    { path: 'absolute', kind: 'link-outside', detail: '/etc' },
    { path: 'out', kind: 'link-outside', detail: '../../etc' },
  ]);
});

test('a bare repository, a detached HEAD, packed refs and a linked work tree answer alike', async () => {
  const made = folder.repository('origin').write({ 'a.tf': '1' });
  const first = made.commit();
  made.write({ 'a.tf': '2' }).commit();
  new TemporaryRepository(folder.path, []).git('clone', '-q', '--bare', made.root, folder.at('bare.git'));
  expect((await viewAt(folder.at('bare.git'))).read('a.tf')).toBe('2');
  expect((await viewAt(folder.at('bare.git'), 'main~1')).read('a.tf')).toBe('1');
  expect(found(folder.at('bare.git', 'objects'))).toMatchObject({ bare: true, root: folder.at('bare.git') });
  made.git('pack-refs', '--all');
  expect(readHead(found(made.root)).branch).toBe('main');
  made.git('worktree', 'add', '-q', '--detach', folder.at('linked'), first);
  const linked = found(folder.at('linked'));
  expect(readHead(linked)).toEqual({ commit: first, branch: undefined });
  expect(linked.commonDir).toBe(found(made.root).commonDir);
  expect((await viewAt(folder.at('linked'))).read('a.tf')).toBe('1');
});

test('a repository without a commit is empty', async () => {
  const view = await viewAt(folder.repository('unborn').root);
  expect([view.files(), view.list(''), view.read('a')]).toEqual([[], [], undefined]);
});

test('a submodule is an empty folder', async () => {
  const made = folder.repository('super').write({ 'a.tf': '' });
  folder.repository('inner').write({ 'b.tf': '' }).commit();
  made.git('submodule', '--quiet', 'add', folder.at('inner'), 'modules/inner');
  made.commit();
  const view = await viewAt(made.root);
  expect(view.isDirectory('modules/inner')).toBe(true);
  expect(view.list('modules')).toEqual([{ name: 'inner', kind: 'directory' }]);
  expect(view.list('modules/inner')).toEqual([]);
  expect(view.files()).toEqual(['.gitmodules', 'a.tf']);
});

test('a partial clone says what it lacks and how to fetch it, and fetches nothing by itself', async () => {
  const made = folder.repository('whole').write({ 'a.tf': 'only in history' });
  made.commit();
  made.write({ 'a.tf': 'now' }).commit();
  made.git('config', 'uploadpack.allowFilter', 'true');
  const clone = folder.at('partial');
  const cloner = new TemporaryRepository(folder.path, []);
  cloner.git('clone', '-q', '--filter=blob:none', `file://${made.root}`, clone);
  expect((await viewAt(clone)).read('a.tf')).toBe('now');
  const past = await viewAt(clone, 'main~1');
  expect(past.isFile('a.tf')).toBe(true);
  const lacking = { code: 'KARMA_SHALLOW', hint: expect.stringContaining('fetch --refetch --no-filter') };
  expect(() => past.read('a.tf')).toThrow(expect.objectContaining(lacking));
  await expect(past.preload()).rejects.toMatchObject(lacking);
});

test('names and contents that are not UTF-8 stay apart', async () => {
  const made = folder.repository('bytes').write({ 'content.tf': Buffer.from([0x61, 0xff, 0x62]), 'Zürich.tf': '1' });
  made.commit();
  const blob = Buffer.from(made.git('rev-parse', 'HEAD:content.tf'), 'hex');
  const entry = (name: number[]) => Buffer.concat([Buffer.from('100644 '), Buffer.from(name), Buffer.of(0), blob]);
  made.write({ tree: Buffer.concat([entry([0x6e, 0xfe]), entry([0x6e, 0xff])]) });
  const tree = made.git('hash-object', '-t', 'tree', '-w', '--literally', 'tree');
  const odd = made.git('commit-tree', '-m', 'odd names', tree);
  expect((await viewAt(made.root)).files()).toEqual(['Zürich.tf', 'content.tf']);
  const view = await viewAt(made.root, odd);
  expect(view.files()).toEqual(['n%FE', 'n%FF']);
  expect(view.read('n%FF')).toBe('a\uFFFDb');
});

test('a damaged repository is told from a missing one', async () => {
  folder.repository('outer').write({ 'b.tf': 'b' }).commit();
  const made = folder.repository('outer/damaged').write({ 'a.tf': 'a' });
  made.commit();
  made.remove('.git/objects');
  const repository = found(made.root);
  await expect(resolveRevision(repository, 'HEAD')).rejects.toMatchObject({ code: 'KARMA_GIT' });
});

test('many files asked for one by one cost few processes and give the same as when loaded at once', async () => {
  const made = folder.repository('many');
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`c/${n}/config.json`, `{"n":${n}}`]));
  made.write(files).commit();
  const lazy = await viewAt(made.root);
  const loaded = await viewAt(made.root);
  await loaded.preload();
  for (const [path, text] of Object.entries(files)) {
    expect(lazy.read(path)).toBe(text);
    expect(loaded.read(path)).toBe(text);
  }
});
