import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { findRepository, type Repository } from './git-repository.ts';
import { indexListing } from './index-listing.ts';
import { TemporaryFolder, type TemporaryRepository } from './temporary-repository.ts';
import { readTreeListing } from './tree-listing.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
let repositories = 0;

function repositoryOf(made: TemporaryRepository): Repository {
  const found = findRepository(made.root);
  if (found === undefined) throw new Error('no repository');
  return found;
}

function headTree(made: TemporaryRepository): string {
  return made.git('rev-parse', 'HEAD^{tree}').trim();
}

const path = fc.constantFrom('a', 'a.txt', 'a/b', 'a/b.txt', 'a-b/c', 'é/ü', 'z/y/x', 'z/y-x', 'z.y');

it('lists a tree from the index as git lists it, or leaves it to git', async () => {
  let fromIndex = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({ put: fc.dictionary(path, fc.nat(2), { maxKeys: 4 }), gone: fc.array(path, { maxLength: 2 }) }),
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      fc.constantFrom('nothing', 'stage', 'edit', 'intend'),
      async (commits, then) => {
        const made = folder.repository(`r${repositories++}`).write({ always: 'x' });
        for (const { put, gone } of commits) {
          for (const [name, content] of Object.entries(put)) {
            // A file may take the place of a folder, and the other way round.
            for (let at = name.indexOf('/'); at > 0; at = name.indexOf('/', at + 1)) made.remove(name.slice(0, at));
            made.remove(name).write({ [name]: String(content) });
          }
          made.remove(...gone);
          made.commit();
        }
        if (then === 'stage') made.write({ staged: 'x' }).git('add', '-A');
        if (then === 'edit') made.write({ always: 'edited' });
        if (then === 'intend') made.write({ intended: 'x' }).git('add', '-N', 'intended');
        const tree = headTree(made);
        const listed = indexListing(repositoryOf(made), tree);
        if (listed === undefined) return;
        fromIndex += 1;
        const asked = readTreeListing(Buffer.from(made.git('ls-tree', '-r', '-z', '--full-tree', tree)));
        expect([...listed]).toEqual([...asked]);
      },
    ),
    { numRuns: 20 },
  );
  expect(fromIndex).toBeGreaterThan(0);
});

it('leaves a tree to git that is not the one checked out', () => {
  const made = folder.repository('older').write({ one: '1' });
  made.commit();
  const older = headTree(made);
  made.write({ two: '2' }).commit();
  expect(indexListing(repositoryOf(made), older)).toBeUndefined();
  expect(indexListing(repositoryOf(made), headTree(made))?.size).toBe(2);
});
