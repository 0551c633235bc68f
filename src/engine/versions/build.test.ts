import { join } from 'node:path';
import { expect, it } from 'vitest';
import { TemporaryFolder, TemporaryRepository } from '../../observe/git/temporary-repository.ts';
import { openEngine } from '../../wiring/open.ts';
import { build } from './build.ts';

it('finds out once that an updated Karma makes the same of an estate, not with every build', async () => {
  using folder = new TemporaryFolder();
  const estate = new TemporaryRepository(join(folder.path, 'estate')).write({
    'vpc/main.tf': 'terraform {\n  backend "local" {}\n}\n\noutput "id" {\n  value = 1\n}\n',
  });
  estate.commit();
  const builds = async (version: string) => {
    const options = { dir: estate.root, data: join(folder.path, 'data') };
    const context = openEngine({ options, env: {}, version }).as({ door: 'cli' });
    let compared = false;
    const graph = () => {
      compared = true;
      return context.stores.graph();
    };
    const answer = await build({ ...context, stores: { ...context.stores, graph } });
    await context.stores.close();
    return [answer.version, answer.changed, compared ? 'compared' : 'as it was'];
  };
  expect(await builds('one')).toEqual([1, true, 'compared']);
  expect(await builds('two')).toEqual([1, false, 'compared']);
  expect(await builds('two')).toEqual([1, false, 'as it was']);
  expect(await builds('one')).toEqual([1, false, 'as it was']);
  estate.write({ 'vpc/main.tf': 'terraform {\n  backend "local" {}\n}\n' }).commit();
  expect(await builds('two')).toEqual([2, true, 'compared']);
  expect(await builds('two')).toEqual([2, false, 'as it was']);
});
