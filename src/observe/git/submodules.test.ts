import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEstate } from '../estate/estate.ts';
import { TemporaryFolder, TemporaryRepository } from './temporary-repository.ts';

const folder = new TemporaryFolder();
const estate = folder.repository('estate').write({ 'live/vpc/terragrunt.hcl': 'unit' });
const modules = folder.repository('modules-origin').write({ 'vpc/main.tf': 'v1', 'vpc/link.tf': 'l' });
afterAll(() => folder[Symbol.dispose]());

beforeAll(() => {
  modules.commit();
  estate.git('submodule', '--quiet', 'add', modules.root, 'shared/modules');
  estate.commit();
});

const text = async (cwd: string, path: string, at?: string) => (await openEstate({ cwd, at })).view.main.read(path);

test('a fetched submodule is read in its place, at the commit named or as it is', async () => {
  writeFileSync(join(estate.root, 'shared/modules/vpc/main.tf'), 'edited');
  expect(await text(estate.root, 'shared/modules/vpc/main.tf')).toBe('edited');
  expect(await text(estate.root, 'shared/modules/vpc/main.tf', 'HEAD')).toBe('v1');
  const { view } = await openEstate({ cwd: estate.root, at: 'HEAD' });
  expect(view.main.files()).toEqual([
    '.gitmodules',
    'live/vpc/terragrunt.hcl',
    'shared/modules/vpc/link.tf',
    'shared/modules/vpc/main.tf',
  ]);
  expect(view.main.files('shared/modules/vpc')).toHaveLength(2);
  expect(view.main.files('shared')).toHaveLength(2);
  expect(view.main.list('shared')).toEqual([{ name: 'modules', kind: 'directory' }]);
  expect(view.main.list('shared/modules')).toEqual([{ name: 'vpc', kind: 'directory' }]);
  expect(view.main.read('live/vpc/../../shared/modules/vpc/main.tf')).toBe('v1');
  expect(view.main.read('shared/modules/../../../etc/passwd')).toBeUndefined();
});

test('one that was not fetched is an empty folder and a finding', async () => {
  new TemporaryRepository(folder.path, []).git('clone', '-q', estate.root, folder.at('clone'));
  const { view, findings, identity } = await openEstate({ cwd: folder.at('clone') });
  expect(view.main.isDirectory('shared/modules')).toBe(true);
  expect(view.main.files('shared')).toEqual([]);
  expect(findings()).toMatchObject(
    [{ code: 'source-not-read', subject: 'shared/modules', hint: /submodule update/ }].map((finding) => ({
      ...finding,
      hint: expect.stringMatching(finding.hint),
    })),
  );
  new TemporaryRepository(folder.at('clone'), []).git('submodule', '--quiet', 'update', '--init');
  const fetched = await openEstate({ cwd: folder.at('clone') });
  expect(fetched.identity).not.toBe(identity);
  expect(fetched.view.main.read('shared/modules/vpc/main.tf')).toBe('v1');
});

test('a pointer to a repository elsewhere is not followed', async () => {
  new TemporaryRepository(folder.path, []).git('clone', '-q', estate.root, folder.at('lured'));
  const secret = folder.repository('secret').write({ 'secret.tf': 'secret' });
  secret.commit();
  mkdirSync(folder.at('lured/shared/modules'), { recursive: true });
  writeFileSync(folder.at('lured/shared/modules/.git'), `gitdir: ${secret.root}/.git\n`);
  expect(await text(folder.at('lured'), 'shared/modules/secret.tf')).toBeUndefined();
});
