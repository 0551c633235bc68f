import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeCommit } from './content-commit.ts';
import { personOf } from './git-person.ts';
import { findRepository } from './git-repository.ts';
import { TemporaryFolder } from './temporary-repository.ts';

function estate(folder: TemporaryFolder) {
  const made = folder.repository('a').write({ x: '1' });
  made.commit();
  const repository = findRepository(made.root);
  if (repository === undefined) throw new Error('no repository');
  return { made, repository };
}

it('names a person as Git would, and makes up no address', async () => {
  using folder = new TemporaryFolder();
  const { made, repository } = estate(folder);
  made.git('config', 'user.name', 'Ada Lovelace');
  made.git('config', 'user.email', 'ada@example.org');
  made.git('config', 'committer.email', 'desk@example.org');
  const ada = { name: 'Ada Lovelace', address: 'ada@example.org' };
  expect(await personOf(repository, 'author', {}, undefined)).toEqual(ada);
  expect(await personOf(repository, 'committer', {}, undefined)).toEqual({ ...ada, address: 'desk@example.org' });
  const said = { GIT_AUTHOR_NAME: 'Ben', GIT_AUTHOR_EMAIL: ' ben@example.org ' };
  expect(await personOf(repository, 'author', said, undefined)).toEqual({ name: 'Ben', address: 'ben@example.org' });
  // Whoever acts in another's name has not got that one's address.
  expect(await personOf(repository, 'author', {}, 'robot')).toEqual({ name: 'robot' });
  expect(await personOf(repository, 'author', {}, ada.name)).toEqual(ada);
  expect(await personOf(repository, 'author', { GIT_AUTHOR_EMAIL: 'r@example.org' }, 'robot')).toEqual({
    name: 'robot',
    address: 'r@example.org',
  });
  made.git('config', 'user.name', ' ');
  expect((await personOf(repository, 'author', {}, undefined)).name).toBeUndefined();
});

it('writes commits that Git takes, whatever somebody is called', async () => {
  using folder = new TemporaryFolder();
  const { made, repository } = estate(folder);
  const tree = made.git('rev-parse', 'HEAD^{tree}');
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('<>', '.,', 'a\n\nb', '" "', ''));
  await fc.assert(
    fc.asyncProperty(text, text, async (name, address) => {
      const person = { name, address };
      const at = '2026-01-01T00:00:00Z';
      const commit = await writeCommit(repository, { tree, parents: [], author: person, at, message: 'x' });
      const [author = '', committer] = made.git('show', '-s', '--format=%an%n%cn', commit).split('\n');
      expect(author.trim()).not.toBe('');
      expect(committer).toBe(author);
      expect(made.git('show', '-s', '--format=%s|%at', commit)).toBe('x|1767225600');
    }),
    { numRuns: 25 },
  );
  made.git('fsck', '--strict');
});
