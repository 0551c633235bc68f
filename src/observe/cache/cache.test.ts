import { existsSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DataFolder } from '../estate/data-folder.ts';
import { TemporaryFolder } from '../git/temporary-repository.ts';
import { openCache } from './cache.ts';

let folder: TemporaryFolder;
let place: DataFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
  place = { path: folder.at('data'), from: 'option' };
});
afterEach(() => folder[Symbol.dispose]());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const text = (value: Uint8Array | undefined) => (value === undefined ? undefined : Buffer.from(value).toString());

function keep(entries: Readonly<Record<string, string>>): void {
  const cache = openCache(place);
  for (const [key, value] of Object.entries(entries)) cache.put('claim', key, bytes(value));
  cache.close();
}

function kept(key: string): string | undefined {
  const cache = openCache(place);
  const value = text(cache.get('claim', key));
  cache.close();
  return value;
}

test('what one process put the next one finds, by kind', () => {
  keep({ a: '1', b: '2' });
  keep({ b: '3' });
  expect([kept('a'), kept('b'), kept('c')]).toEqual(['1', '3', undefined]);
  expect(openCache(place).get('module', 'a')).toBeUndefined();
});

test('asking makes no file', () => {
  const cache = openCache(place);
  expect(cache.get('claim', 'a')).toBeUndefined();
  cache.close();
  expect(existsSync(place.path)).toBe(false);
});

test('the file is its owner’s alone', () => {
  keep({ a: '1' });
  expect(statSync(folder.at('data', 'cache.db')).mode & 0o777).toBe(0o600);
});

test('few and many keys give the same, also what is not written yet', () => {
  const keys = Array.from({ length: 600 }, (_, n) => `k${n}`);
  keep(Object.fromEntries(keys.map((key) => [key, `v${key}`])));
  const cache = openCache(place);
  cache.put('claim', 'k1', bytes('fresh'));
  const many = cache.getMany('claim', [...keys, 'none']);
  expect(many.size).toBe(600);
  expect([text(many.get('k1')), text(many.get('k2'))]).toEqual(['fresh', 'vk2']);
  expect([...cache.getMany('claim', ['k2', 'none']).keys()]).toEqual(['k2']);
});

test.each<[what: string, damage: (file: string) => void]>([
  ['no database', (file) => writeFileSync(file, 'this is not a database, but it is long enough to look like a header')],
  ['cut short', (file) => truncateSync(file, 3000)],
  ['overwritten in the middle', (file) => writeFileSync(file, Buffer.alloc(20_000, 0xee))],
  [
    'without its table',
    (file) => {
      const database = new DatabaseSync(file);
      database.exec('DROP TABLE cache');
      database.close();
    },
  ],
])('a damaged file reads as empty and is made anew: %s', (_what, damage) => {
  keep({ a: '1' });
  damage(folder.at('data', 'cache.db'));
  expect(kept('a')).toBeUndefined();
  keep({ a: '2' });
  expect(kept('a')).toBe('2');
});

test('a file of a newer Karma is neither read nor touched', () => {
  keep({ a: '1' });
  const file = folder.at('data', 'cache.db');
  const database = new DatabaseSync(file);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(kept('a')).toBeUndefined();
  keep({ a: '2' });
  const again = new DatabaseSync(file);
  expect(again.prepare('SELECT value FROM cache').all()).toHaveLength(1);
  expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 });
  again.close();
});

test('where nothing can be written, nothing fails', () => {
  writeFileSync(folder.at('data'), 'a file where the folder should be');
  keep({ a: '1' });
  expect(kept('a')).toBeUndefined();
});
