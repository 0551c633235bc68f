import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { estateKey, openEstateKey } from './estate-key.ts';
import { temporaryFolder } from './sqlite/temporary-folder.ts';

let folder = temporaryFolder();
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

describe('the estate key', () => {
  it('is made once, for its owner alone, and read from then on', () => {
    const file = folder.file('data/estate.key');
    const first = openEstateKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.file('data'))).toEqual(['estate.key']);
    expect(openEstateKey(file).digest('secret')).toBe(first.digest('secret'));
  });

  it('gives digests that carry its id, equal for equal secrets only', () => {
    const key = estateKey(new Uint8Array(32).fill(1));
    expect(key.digest('a')).toMatch(new RegExp(`^${key.id}:[0-9a-f]{64}$`));
    expect(key.digest('a')).not.toBe(key.digest('b'));
    const other = estateKey(new Uint8Array(32).fill(2));
    expect(other.id).not.toBe(key.id);
    expect(other.digest('a').split(':')[1]).not.toBe(key.digest('a').split(':')[1]);
  });

  it('that was damaged is refused, not replaced', () => {
    writeFileSync(folder.file('estate.key'), 'abc');
    expect(() => openEstateKey(folder.file('estate.key'))).toThrow(
      expect.objectContaining({ code: 'KARMA_DATA_CORRUPT' }),
    );
  });

  it('whose folder cannot be written says so', () => {
    writeFileSync(folder.file('file'), '');
    expect(() => openEstateKey(folder.file('file/estate.key'))).toThrow(
      expect.objectContaining({ name: 'KarmaError' }),
    );
  });
});
