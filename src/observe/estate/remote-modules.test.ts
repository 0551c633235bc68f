import { afterAll, expect, test } from 'vitest';
import { findRepository } from '../git/git-repository.ts';
import { TemporaryFolder, TemporaryRepository } from '../git/temporary-repository.ts';
import { RemoteModules } from './remote-modules.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const estate = folder.repository('live').write({ 'a.hcl': '' });
estate.commit();
const modules = folder.repository('checkout').write({ 'modules/vpc/main.tf': 'v1' });
const first = modules.commit();
modules.git('tag', 'v1.0');
modules.write({ 'modules/vpc/main.tf': 'v2' }).commit();
modules.git('branch', 'release/2');
modules.git('remote', 'add', 'origin', 'https://github.com/acme/modules.git');
modules.write({ 'modules/vpc/main.tf': 'not committed' });
new TemporaryRepository(folder.path, []).git('clone', '-q', '--bare', modules.root, folder.at('network.git'));

function elsewhere(known: readonly string[] = []): RemoteModules {
  return new RemoteModules({
    folder: estate.root,
    repository: findRepository(estate.root),
    known: known.flatMap((name) => {
      const repository = findRepository(folder.at(name));
      return repository === undefined ? [] : [{ name: name.replace('.git', ''), repository }];
    }),
  });
}

const address = 'git::https://github.com/acme/modules.git//modules/vpc?ref=ignored-here';

test.each<[what: string, ref: string | undefined, text: string | undefined]>([
  ['a tag', 'v1.0', 'v1'],
  ['a branch', 'release/2', 'v2'],
  ['a commit', first, 'v1'],
  ['an abbreviated commit', first.slice(0, 8), 'v1'],
  ['the default branch, as committed', undefined, 'v2'],
  ['a ref that is not there', 'v9', undefined],
  ['no ref at all but an option', '--all', undefined],
])('a checkout beside the estate is read at %s', (_what, ref, text) => {
  expect(elsewhere().view(address, ref)?.read('modules/vpc/main.tf')).toBe(text);
});

test('the view is opened once and found again by its name', () => {
  const modulesElsewhere = elsewhere();
  const view = modulesElsewhere.view(address, 'v1.0');
  expect(view?.repo).toBe('modules@v1.0');
  expect(modulesElsewhere.view('git@github.com:acme/modules.git', 'v1.0')).toBe(view);
  expect(elsewhere().byName('modules@v1.0')?.read('modules/vpc/main.tf')).toBe('v1');
});

test('a mirror named by hand needs no remote; a repository with another remote is not taken for it', () => {
  expect(elsewhere(['network.git']).view('https://github.com/acme/network', 'v1.0')?.repo).toBe('network@v1.0');
  expect(elsewhere().view('https://github.com/other/modules', 'v1.0')).toBeUndefined();
  expect(elsewhere().view('https://github.com/acme/network', 'v1.0')).toBeUndefined();
});
