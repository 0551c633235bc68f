import { cpSync, mkdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { blobId } from '../../src/observe/git/blob-id.ts';
import { findRepository, type Repository } from '../../src/observe/git/git-repository.ts';
import { resolveRevision } from '../../src/observe/git/revision.ts';
import { TemporaryFolder } from '../../src/observe/git/temporary-repository.ts';
import { openGitView } from '../../src/observe/views/git-view.ts';
import { openWorktreeView, type WorktreeView } from '../../src/observe/views/worktree-view.ts';
import { times } from '../support/times.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function found(path: string): Repository {
  const one = findRepository(path);
  if (one === undefined) throw new Error(`no repository at ${path}`);
  return one;
}

function worktree(path: string): Promise<WorktreeView> {
  const repository = found(path);
  return openWorktreeView(repository, resolveRevision(repository, 'HEAD'));
}

const contents = { 'a/x.tf': 'x', 'a/y.tf': 'y', 'b/config.json': '{}', 'c.tf': 'c' };

test('a clean work tree is its commit', async () => {
  const made = folder.repository('clean').write(contents);
  made.commit();
  const view = await worktree(made.root);
  const repository = found(made.root);
  const committed = await openGitView(repository, await resolveRevision(repository, 'HEAD'));
  expect(view.dirty).toEqual(new Map());
  expect(view.identity).toBe(committed.identity);
  expect(view.revision).toBe('worktree');
  expect(view.files()).toEqual(committed.files());
  for (const path of view.files()) {
    expect([path, view.digest(path), view.read(path)]).toEqual([path, committed.digest(path), committed.read(path)]);
  }
});

test('what is not committed is there, what is ignored is not', async () => {
  const made = folder.repository('dirty').write({ ...contents, '.gitignore': '*.log\nignored/\n' });
  made.commit();
  made.write({ 'a/x.tf': 'X!', 'new/unit.hcl': 'new', 'noise.log': '1', 'ignored/y.tf': '1' }).remove('a/y.tf');
  made.write({ '.terraform/m.tf': '1', 'u/.terragrunt-cache/m.tf': '1', 'node_modules/m/p.json': '1' });
  made.write({ 'staged.tf': 's', 'c.tf': 'C' });
  made.git('add', 'staged.tf', 'c.tf');
  const view = await worktree(made.root);
  expect([...view.dirty]).toEqual([
    ['a/x.tf', 'modified'],
    ['a/y.tf', 'deleted'],
    ['c.tf', 'staged'],
    ['new/unit.hcl', 'untracked'],
    ['staged.tf', 'staged'],
  ]);
  expect(view.files()).toEqual(['.gitignore', 'a/x.tf', 'b/config.json', 'c.tf', 'new/unit.hcl', 'staged.tf']);
  expect(view.read('a/x.tf')).toBe('X!');
  expect(view.digest('a/x.tf')).toBe(blobId(Buffer.from('X!')));
  expect(view.read('new/unit.hcl')).toBe('new');
  expect(view.digest('new/unit.hcl')).toBe(blobId(Buffer.from('new')));
  expect(view.isFile('a/y.tf')).toBe(false);
  expect(view.identity).not.toBe(view.head.tree);
});

test('the identity moves with every change and comes back with it', async () => {
  const made = folder.repository('identity').write(contents);
  made.commit();
  const seen = new Set([(await worktree(made.root)).identity]);
  for (const change of [{ 'a/x.tf': '1' }, { 'a/x.tf': '2' }, { 'new.tf': '1' }, { 'new.tf': '22' }]) {
    made.write(change);
    const { identity } = await worktree(made.root);
    expect(seen.has(identity)).toBe(false);
    seen.add(identity);
  }
  made.remove('new.tf').write({ 'a/x.tf': 'x' });
  const { identity, dirty, head } = await worktree(made.root);
  expect([identity, dirty.size]).toEqual([head.tree, 0]);
});

test('a copied checkout, whose stat data all differ, is still clean', async () => {
  const made = folder.repository('copied').write(contents);
  made.commit();
  cpSync(made.root, folder.at('copy'), { recursive: true });
  const view = await worktree(folder.at('copy'));
  expect(view.dirty).toEqual(new Map());
  expect(view.identity).toBe(view.head.tree);
});

test('a change that keeps size and time is seen', async () => {
  const made = folder.repository('sly').write({ 'a.tf': 'aaaa' });
  const then = new Date('2026-01-01T00:00:00Z');
  utimesSync(join(made.root, 'a.tf'), then, then);
  made.commit();
  writeFileSync(join(made.root, 'a.tf'), 'bbbb');
  utimesSync(join(made.root, 'a.tf'), then, then);
  const view = await worktree(made.root);
  expect([...view.dirty]).toEqual([['a.tf', 'modified']]);
  expect(view.read('a.tf')).toBe('bbbb');
});

test('line ends that git converts are no change', async () => {
  const made = folder.repository('crlf');
  made.git('config', 'core.autocrlf', 'true');
  made.write({ 'a.tf': 'one\r\ntwo\r\n' });
  made.commit();
  utimesSync(join(made.root, 'a.tf'), new Date(), new Date());
  const view = await worktree(made.root);
  expect(view.dirty).toEqual(new Map());
  expect(view.read('a.tf')).toBe('one\ntwo\n');
});

test('before the first commit everything is untracked', async () => {
  const made = folder.repository('unborn').write(contents);
  const view = await worktree(made.root);
  expect(view.files()).toEqual(Object.keys(contents));
  expect(new Set(view.dirty.values())).toEqual(new Set(['untracked']));
  made.git('add', '-A');
  expect(new Set((await worktree(made.root)).dirty.values())).toEqual(new Set(['staged']));
});

test.each<[what: string, args: string[][]]>([
  ['version 4', [['update-index', '--index-version', '4']]],
  ['version 3, with an entry that is only announced', [['add', '-N', 'later.tf']]],
  ['split', [['update-index', '--split-index']]],
  [
    'without a cache tree',
    [
      ['read-tree', '--empty'],
      ['add', '-A'],
    ],
  ],
])('an index is read as git writes it: %s', async (_what, args) => {
  const made = new TemporaryFolder();
  using _dispose = made;
  const repository = made.repository('r').write({ ...contents, 'later.tf': 'l', 'a/longer/shared/prefix.tf': 'p' });
  repository.git('add', '-A', ':!later.tf');
  repository.commitStaged();
  for (const one of args) repository.git(...one);
  const view = await worktree(repository.root);
  expect(view.files()).toEqual(['a/longer/shared/prefix.tf', 'a/x.tf', 'a/y.tf', 'b/config.json', 'c.tf', 'later.tf']);
  expect([...view.dirty.keys()]).toEqual(['later.tf']);
  expect(view.read('a/longer/shared/prefix.tf')).toBe('p');
});

test('what a sparse checkout leaves out counts as there', async () => {
  const made = folder.repository('sparse').write(contents);
  made.commit();
  for (const cone of ['--no-cone', '--cone']) {
    made.git('sparse-checkout', 'set', cone, 'a');
    const view = await worktree(made.root);
    expect(view.files()).toEqual(Object.keys(contents));
    expect(view.read('b/config.json')).toBe('{}');
    expect(view.dirty).toEqual(new Map());
  }
});

test('a folder replaced by a link out of the tree hides its files and shows none of the others', async () => {
  const made = folder.repository('trap').write(contents);
  made.commit();
  mkdirSync(folder.at('outside'));
  writeFileSync(folder.at('outside', 'x.tf'), 'secret');
  rmSync(join(made.root, 'a'), { recursive: true });
  symlinkSync('../outside', join(made.root, 'a'));
  const view = await worktree(made.root);
  expect(view.files()).toEqual(['b/config.json', 'c.tf']);
  expect([view.read('a/x.tf'), view.isDirectory('a')]).toEqual([undefined, false]);
  expect(view.troubles()).toEqual([{ path: 'a', kind: 'link-outside', detail: '../outside' }]);
});

test('links, submodules and an unfinished merge', async () => {
  const made = folder.repository('mixed').write(contents).link('l', 'a').link('f', 'c.tf');
  folder.repository('sub').write({ 's.tf': 's' }).commit();
  made.git('submodule', '--quiet', 'add', folder.at('sub'), 'm');
  made.commit();
  made.git('checkout', '-q', '-b', 'other');
  made.write({ 'c.tf': 'theirs' }).commit();
  made.git('checkout', '-q', 'main');
  made.write({ 'c.tf': 'ours' }).commit();
  expect(() => made.git('merge', 'other')).toThrow();
  const view = await worktree(made.root);
  expect(view.read('c.tf')).toContain('<<<<<<<');
  expect(view.read('f')).toContain('<<<<<<<');
  expect([...view.dirty]).toEqual([['c.tf', 'modified']]);
  expect(view.read('l/x.tf')).toBe('x');
  expect(view.list('m')).toEqual([]);
  expect(view.isDirectory('m')).toBe(true);
});

test('a nested repository is one of its own', async () => {
  const made = folder.repository('nest').write(contents);
  made.commit();
  folder.repository('nest/inner').write({ 'i.tf': 'i' }).commit();
  const view = await worktree(made.root);
  expect(view.files()).toEqual(Object.keys(contents));
});

test('a file that becomes a folder, and the other way round', async () => {
  const made = folder.repository('swap').write(contents);
  made.commit();
  made.remove('c.tf', 'a').write({ 'c.tf/inner.tf': 'i', a: 'file now' });
  const view = await worktree(made.root);
  expect(view.files()).toEqual(['a', 'b/config.json', 'c.tf/inner.tf']);
  expect(view.read('a')).toBe('file now');
});

/** Names with what tends to break: spaces, quotes, control characters, leading dashes, other scripts. */
const names = fc.constantFrom('a', 'b b', '-c', 'd"e', "f'g", 'h\ni', 'ü', '日', '%FF', 'k:l', 'm$n', '.o');
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((steps) => `${steps.join('/')}.tf`);

test('after any edits the view is what git would commit', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(paths, fc.string({ maxLength: 8 })), { minLength: 1, maxLength: 8 }),
      fc.array(fc.tuple(paths, fc.option(fc.string({ maxLength: 8 }), { nil: undefined })), { maxLength: 8 }),
      fc.array(fc.tuple(paths, paths), { maxLength: 2 }),
      async (before, edits, moves) => {
        using temporary = new TemporaryFolder();
        const made = temporary.repository('r').write(Object.fromEntries(before));
        made.commit();
        for (const [path, text] of edits) text === undefined ? made.remove(path) : made.write({ [path]: text });
        for (const [from, to] of moves) {
          try {
            renameSync(join(made.root, from), join(made.root, to));
          } catch {
            // Nothing to move, or nowhere to.
          }
        }
        const view = await worktree(made.root);
        const seen = view.files().map((path) => [path, view.digest(path), view.read(path)]);
        made.git('add', '-A');
        const tree = made.git('write-tree');
        const repository = found(made.root);
        const committed = await openGitView(repository, { name: 'tree', commit: undefined, tree });
        expect(seen).toEqual(committed.files().map((path) => [path, committed.digest(path), committed.read(path)]));
        expect(view.dirty.size === 0).toBe(tree === view.head.tree);
      },
    ),
    { numRuns: times(12) },
  );
});
