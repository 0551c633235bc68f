import { describe, expect, it } from 'vitest';
import { commitTime } from './commit-time.ts';
import { findRepository, type Repository } from './git-repository.ts';
import { commitsOf, historyOf } from './history.ts';
import { TemporaryFolder, type TemporaryRepository } from './temporary-repository.ts';

function opened({ root }: TemporaryRepository): Repository {
  const repository = findRepository(root);
  if (repository === undefined) throw new Error('no repository');
  return repository;
}

const config = (text: string) => `{\n  "vpc_nickname": "main",\n  "size": "large",\n  "note": "${text}"\n}\n`;

describe('history', () => {
  it('tells commits with who, when and which files, newest first', async () => {
    using folder = new TemporaryFolder();
    const made = folder.repository('a').write({ 'a/x': '1', 'ä b/"q"': '2' });
    const first = made.commit('begin');
    const second = made.remove('a/x').write({ 'b/y': '3' }).commit('more: "quoted"');
    const commits = await commitsOf(opened(made), { start: second, limit: 10 });
    expect(commits).toEqual([
      {
        id: second,
        author: 'Test',
        at: '2026-01-02T12:00:00.000Z',
        subject: 'more: "quoted"',
        changes: [
          { kind: 'removed', path: 'a/x' },
          { kind: 'added', path: 'b/y' },
        ],
      },
      {
        id: first,
        author: 'Test',
        at: '2026-01-01T12:00:00.000Z',
        subject: 'begin',
        changes: [
          { kind: 'added', path: 'a/x' },
          { kind: 'added', path: 'ä b/"q"' },
        ],
      },
    ]);
    expect(await commitsOf(opened(made), { start: second, known: first, limit: 10 })).toHaveLength(1);
    expect(await commitsOf(opened(made), { start: second, known: '0'.repeat(40), limit: 10 })).toHaveLength(2);
  });

  it('takes no name of a file for a commit, and no time for one that is none', async () => {
    using folder = new TemporaryFolder();
    const forged = `x/\u0001${'0'.repeat(40)}\u00022020-01-01T00:00:00Z\u0002somebody\u0002said`;
    const made = folder.repository('a').write({ [forged]: '1', 'y\nM': '2' });
    const first = made.commit('begin');
    const commits = await commitsOf(opened(made), { start: first, limit: 10 });
    expect(commits).toMatchObject([{ id: first, author: 'Test', at: '2026-01-01T12:00:00.000Z', subject: 'begin' }]);
    expect(commits[0]?.changes.map(({ path }) => path)).toEqual([forged, 'y\nM']);
    expect(['nonsense', '', Number.NaN, 1e20].map(commitTime)).toEqual(Array(4).fill('1970-01-01T00:00:00.000Z'));
  });

  it('follows a folder through its moves, and stops where it began', async () => {
    using folder = new TemporaryFolder();
    const made = folder.repository('a').write({ 'old/app/config.json': config('one'), 'other/z': 'z' });
    const began = made.commit('begin');
    const changed = made.write({ 'old/app/config.json': config('two') }).commit('change');
    made.git('mv', 'old', 'middle');
    const moved = made.commit('move');
    made.write({ 'other/z': 'zz' }).commit('elsewhere');
    made.git('mv', 'middle/app', 'new');
    made.write({ 'new/config.json': config('three') });
    const again = made.commit('move again, and change');
    const ids = (await historyOf(opened(made), { start: again, paths: ['new'], limit: 10 })).map(({ id }) => id);
    expect(ids).toEqual([again, moved, changed, began]);
    const two = await historyOf(opened(made), { start: again, paths: ['new'], limit: 2 });
    expect(two.map(({ id }) => id)).toEqual([again, moved]);
  });

  it('says nothing of a place without history', async () => {
    using folder = new TemporaryFolder();
    const made = folder.repository('a').write({ x: '1' });
    const start = made.commit('begin');
    expect(await historyOf(opened(made), { start, paths: ['nowhere', '--all'], limit: 5 })).toEqual([]);
  });
});
