import { chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { expect, it } from 'vitest';
import { TemporaryFolder } from '../../observe/git/temporary-repository.ts';
import { compiledCodeFolder } from './compiled-code.ts';

it('is in the cache folder that is named, else in that of the home folder, for its owner alone', () => {
  using folder = new TemporaryFolder();
  const { path } = folder;
  expect(compiledCodeFolder({ HOME: path })).toBe(join(path, '.cache/karma/compiled'));
  expect(compiledCodeFolder({ HOME: path, XDG_CACHE_HOME: join(path, 'own') })).toBe(join(path, 'own/karma/compiled'));
  expect(statSync(join(path, 'own/karma/compiled')).mode & 0o777).toBe(0o700);
  expect(compiledCodeFolder({ HOME: path })).toBe(join(path, '.cache/karma/compiled'));
});

it('is nowhere without a home, in one that is not there, in a file, or where nothing can be made', () => {
  using folder = new TemporaryFolder();
  const { path } = folder;
  writeFileSync(join(path, 'file'), '');
  for (const env of [
    {},
    { HOME: '' },
    { HOME: 'relative' },
    { HOME: join(path, 'gone') },
    { HOME: join(path, 'file') },
  ])
    expect(compiledCodeFolder(env)).toBeUndefined();
  expect(compiledCodeFolder({ XDG_CACHE_HOME: join(path, 'file') })).toBeUndefined();
  expect(compiledCodeFolder({ HOME: '/proc/1' })).toBeUndefined();
  expect(readdirSync(path)).toEqual(['file']);
});

it('is nowhere where somebody else could have put code', () => {
  using folder = new TemporaryFolder();
  const cache = join(folder.path, 'cache');
  mkdirSync(cache);
  const isRoot = getuid?.() === 0;
  if (isRoot) chownSync(cache, 12_345, 12_345);
  // To anybody else the root of the file system is a folder of somebody else.
  expect(compiledCodeFolder({ XDG_CACHE_HOME: isRoot ? cache : '/' })).toBeUndefined();
});
