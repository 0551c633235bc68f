import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type CacheFile, openCacheFiles } from '../cache/cache-files.ts';
import { TemporaryFolder } from '../git/temporary-repository.ts';
import { residentFiles } from './resident-files.ts';

const bytes = (text: string) => [Buffer.from(text)];
const text = (file: CacheFile | undefined) => file && Buffer.from(file.read(0, file.size)).toString();

test('a file that nobody touched is the same one when it is opened again', () => {
  using folder = new TemporaryFolder();
  const files = openCacheFiles({ path: folder.path, from: 'option' });
  const held = residentFiles(files);
  expect(held.open('a')).toBeUndefined();
  held.write('a', bytes('one'));
  const opened = held.open('a');
  expect(text(opened)).toBe('one');
  expect(held.open('a')).toBe(opened);
});

test('a file that was written, damaged or removed by somebody is read again', () => {
  using folder = new TemporaryFolder();
  const held = residentFiles(openCacheFiles({ path: folder.path, from: 'option' }));
  const others = openCacheFiles({ path: folder.path, from: 'option' });
  held.write('a', bytes('one'));
  expect(text(held.open('a'))).toBe('one');
  others.write('a', bytes('two'));
  expect(text(held.open('a'))).toBe('two');
  writeFileSync(folder.at('views', 'a'), 'damage');
  expect(text(held.open('a'))).toBe('damage');
  held.remove('a');
  expect(held.open('a')).toBeUndefined();
});

test('few are held, fewer large ones, and all stay on disk', () => {
  using folder = new TemporaryFolder();
  const held = residentFiles(openCacheFiles({ path: folder.path, from: 'option' }));
  const opened = (name: string, size: number) => {
    held.write(name, [Buffer.alloc(size)]);
    return held.open(name);
  };
  const large = ['a', 'b', 'c'].map((name) => opened(name, 2 * 1024 * 1024));
  expect(['c', 'b', 'a'].map((name, at) => held.open(name) === large[2 - at])).toEqual([true, true, false]);
  const small = Array.from({ length: 20 }, (_, at) => opened(`s${at}`, 1));
  expect(held.open('s19')).toBe(small[19]);
  expect(held.open('s0')).not.toBe(small[0]);
  expect(existsSync(folder.at('views', 's0'))).toBe(true);
  expect(readdirSync(folder.at('views'))).toHaveLength(23);
});
