import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRepository, type Repository } from './git-repository.ts';
import { mergeBase, resolveRange, resolveRevision, splitRange } from './revision.ts';
import { TemporaryFolder, TemporaryRepository } from './temporary-repository.ts';

const folder = new TemporaryFolder();
let repository: Repository;
let commits: readonly string[];

function found(path: string): Repository {
  const one = findRepository(path);
  if (one === undefined) throw new Error(`no repository at ${path}`);
  return one;
}

beforeAll(() => {
  const made = folder.repository('estate');
  commits = ['one', 'two', 'three'].map((text) => made.write({ 'a.txt': text }).commit(text));
  made.git('tag', '-a', 'v1.0', '-m', 'first', commits[0] ?? '');
  made.git('branch', 'feature/network', commits[1] ?? '');
  made.git('checkout', '-q', '--orphan', 'elsewhere');
  made.write({ 'b.txt': 'b' }).commit('unrelated');
  made.git('checkout', '-q', 'main');
  repository = found(made.root);
});
afterAll(() => folder[Symbol.dispose]());

describe('a revision is', () => {
  test.each<[what: string, name: string, commit: number]>([
    ['HEAD', 'HEAD', 2],
    ['a branch', 'main', 2],
    ['a branch with a slash', 'feature/network', 1],
    ['an annotated tag, peeled', 'v1.0', 0],
    ['an ancestor', 'main~2', 0],
    ['a parent', 'HEAD^', 1],
    ['a day: the newest commit by its end', '2026-01-02', 1],
    ['a moment', '2026-01-02T11:00:00Z', 0],
    ['a day after the last commit', '2027-01-01', 2],
  ])('%s', async (_what, name, commit) => {
    expect((await resolveRevision(repository, name)).commit).toBe(commits[commit]);
  });

  test('an abbreviated id', async () => {
    const id = commits[1] ?? '';
    expect(await resolveRevision(repository, id.slice(0, 9))).toMatchObject({ commit: id });
  });
});

test.each<[what: string, name: string, message: RegExp, hint: RegExp]>([
  ['unknown, with the nearest names', 'mian', /no revision "mian"/, /`main`/],
  ['the branch right, the history too short', 'main~9', /the history of main is shorter/, /git log/],
  ['an option', '--all', /no revision/, /branch/],
  ['a range', 'main..main', /no revision/, /branch/],
  ['a name with a line break', 'main\nHEAD', /no revision/, /branch/],
  ['before the first commit', '2020-05-05', /no commit is as old/, /later/],
])('what is no revision says so: %s', async (_what, name, message, hint) => {
  await expect(resolveRevision(repository, name)).rejects.toMatchObject({
    code: 'KARMA_NO_SUCH_REVISION',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
});

test.each<[text: string, parts: ReturnType<typeof splitRange>]>([
  ['main..dev', { from: 'main', to: 'dev', mergeBase: false }],
  ['main...dev', { from: 'main', to: 'dev', mergeBase: true }],
  ['origin/main..', { from: 'origin/main', to: undefined, mergeBase: false }],
  ['..dev', { from: 'HEAD', to: 'dev', mergeBase: false }],
  ['v1.0', undefined],
])('splits %s', (text, parts) => {
  expect(splitRange(text)).toEqual(parts);
});

test('three dots begin at the merge base', async () => {
  const { from, to } = await resolveRange(repository, 'main...feature/network');
  expect([from.commit, to?.commit]).toEqual([commits[1], commits[1]]);
});

test('revisions without common history are told apart', async () => {
  await expect(resolveRange(repository, 'main...elsewhere')).rejects.toMatchObject({ code: 'KARMA_UNRELATED' });
});

test('a repository without a commit has an empty tree', async () => {
  const unborn = found(folder.repository('unborn').root);
  const head = await resolveRevision(unborn, 'HEAD');
  expect(head).toMatchObject({ commit: undefined, tree: '4b825dc642cb6eb9a060e54bf8d69288fbee4904' });
  expect(await mergeBase(unborn, head, head)).toBe(head);
  await expect(resolveRevision(unborn, 'main')).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_REVISION' });
});

test('a shallow clone names the command that deepens it', async () => {
  const clone = folder.at('shallow');
  new TemporaryRepository(folder.path, []).git('clone', '-q', '--depth', '1', `file://${repository.root}`, clone);
  const shallow = found(clone);
  expect((await resolveRevision(shallow, 'HEAD')).commit).toBe(commits[2]);
  for (const name of ['main~1', commits[0] ?? '', '2026-01-01']) {
    await expect(resolveRevision(shallow, name)).rejects.toMatchObject({
      code: 'KARMA_SHALLOW',
      hint: expect.stringContaining('fetch --unshallow'),
    });
  }
});
