import { afterAll, expect, test } from 'vitest';
import { openGitView } from '../views/git-view.ts';
import { openWorktreeView } from '../views/worktree-view.ts';
import { type ChangedFile, changedBetweenCommits, changedBetweenViews } from './changed-files.ts';
import { findRepository, type Repository } from './git-repository.ts';
import { resolveRevision } from './revision.ts';
import { TemporaryFolder, type TemporaryRepository } from './temporary-repository.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function found(made: TemporaryRepository): Repository {
  const one = findRepository(made.root);
  if (one === undefined) throw new Error(`no repository at ${made.root}`);
  return one;
}

const unit = 'include "root" { path = find_in_parent_folders() }\n'.repeat(4);
const made = folder.repository('r').write({ 'a/x.hcl': `${unit}x`, 'a/y.hcl': `${unit}y`, 'b.tf': 'b', 'c.tf': 'c' });
made.commit();
made
  .remove('a', 'b.tf')
  .write({ 'moved/x.hcl': `${unit}x`, 'moved/y.hcl': `${unit}y`, 'c.tf': 'C', 'new\nline.tf': 'n' });

const expected: readonly ChangedFile[] = [
  { kind: 'deleted', path: 'a/x.hcl' },
  { kind: 'deleted', path: 'a/y.hcl' },
  { kind: 'deleted', path: 'b.tf' },
  { kind: 'modified', path: 'c.tf' },
  { kind: 'added', path: 'moved/x.hcl' },
  { kind: 'added', path: 'moved/y.hcl' },
  { kind: 'added', path: 'new\nline.tf' },
];

test('a commit and the work tree', async () => {
  const repository = found(made);
  const head = await resolveRevision(repository, 'HEAD~0');
  const before = await openGitView(repository, head);
  expect(changedBetweenViews(before, await openWorktreeView(repository, head))).toEqual(expected);
  expect(changedBetweenViews(before, before)).toEqual([]);
});

test('two commits, alike', async () => {
  made.commit();
  const repository = found(made);
  const [from, to] = [await resolveRevision(repository, 'HEAD~1'), await resolveRevision(repository, 'HEAD')];
  expect(await changedBetweenCommits(repository, from, to)).toEqual(expected);
  made
    .write({ 'again/x.hcl': `${unit}x, edited` })
    .remove('moved/x.hcl')
    .commit();
  const last = await resolveRevision(repository, 'HEAD');
  expect(await changedBetweenCommits(repository, to, last)).toEqual([
    { kind: 'added', path: 'again/x.hcl' },
    { kind: 'deleted', path: 'moved/x.hcl' },
  ]);
  expect(await changedBetweenCommits(repository, last, last)).toEqual([]);
});
