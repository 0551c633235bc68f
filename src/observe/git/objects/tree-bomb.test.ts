import { spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { openGitView } from '../../views/git-view.ts';
import { findRepository } from '../git-repository.ts';
import { resolveRevision } from '../revision.ts';
import { TemporaryFolder } from '../temporary-repository.ts';

/** Nine folders, each of which holds the next one ten times: a few hundred bytes that list ten thousand million files. */

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

it('is told instead of listed', async () => {
  const { root } = folder.repository('folders-in-folders').write({ 'a.tf': '\n' });
  const git = (input: string, ...args: string[]): string => {
    const made = spawnSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { input });
    return made.stdout.toString().trim();
  };
  const file = git('x = 1', 'hash-object', '-w', '--stdin');
  let tree = git(`100644 blob ${file}\ta.tf\n`, 'mktree');
  for (let level = 0; level < 9; level++)
    tree = git(Array.from({ length: 10 }, (_one, i) => `040000 tree ${tree}\td${i}\n`).join(''), 'mktree');
  git('', 'update-ref', 'HEAD', git('', 'commit-tree', tree, '-m', 'x'));
  const repository = findRepository(root);
  if (repository === undefined) throw new Error('no repository');
  const told = { code: 'KARMA_GIT', message: expect.stringContaining('more than any machine') };
  await expect(openGitView(repository, await resolveRevision(repository, 'HEAD'))).rejects.toMatchObject(told);
});
