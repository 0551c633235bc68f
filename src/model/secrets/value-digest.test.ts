import { describe, expect, it } from 'vitest';
import { digestOf, sha256 } from '../digest.ts';
import { valueDigest } from './value-digest.ts';

const seal = (value: unknown) => `k1:${sha256(`key\n${JSON.stringify(value)}`)}`;

describe('the digest of a value that is not marked sensitive', () => {
  it.each([
    ['is that of its JSON', ['url'], 'https://web', true],
    ['not of one named like a secret', ['db_password'], 'hunter2', false],
    ['nor of one below such a name', ['credentials', 'user'], 'ted', false],
    ['nor of one that holds one', ['db'], { user: 'ted', password: 'hunter2' }, false],
    ['nor of a text with one inside', ['dsn'], 'postgres://ted:hunter2@db/x', false],
  ] as const)('%s', (_what, names, value, guessable) => {
    const digest = valueDigest([...names], value, seal);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(digest === digestOf(value)).toBe(guessable);
    expect(valueDigest([...names], value, seal)).toBe(digest);
  });

  it('tells a number from the text that looks like it', () => {
    expect(valueDigest(['token'], 1, seal)).not.toBe(valueDigest(['token'], '1', seal));
  });
});
