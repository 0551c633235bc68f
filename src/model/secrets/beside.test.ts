import { describe, expect, it } from 'vitest';
import { sha256 } from '../digest.ts';
import { compareSecrets, digestWithSecrets, withoutSecrets } from './beside.ts';
import { keySecrets } from './values.ts';

const key = (name: string) => (secret: string) => `${name}:${sha256(name + secret)}`;
const of = (value: unknown, seal = key('k1')) => withoutSecrets((replace) => keySecrets(value, [], replace), seal);

describe('a value without its secrets', () => {
  it('has one digest under every key and whatever the secret, and beside it one that tells secrets apart', () => {
    const one = of({ size: 1, password: 'hunter2' });
    const other = of({ size: 1, password: 'hunter3' });
    const elsewhere = of({ size: 1, password: 'hunter2' }, key('k2'));
    expect(new Set([one.digest, other.digest, elsewhere.digest]).size).toBe(1);
    expect(of({ size: 2, password: 'hunter2' }).digest).not.toBe(one.digest);
    expect(compareSecrets(one.secrets, of({ size: 1, password: 'hunter2' }).secrets)).toBe('equal');
    expect(compareSecrets(one.secrets, other.secrets)).toBe('different');
    expect(compareSecrets(one.secrets, elsewhere.secrets)).toBe('unknown');
  });

  it('has nothing beside it where it holds none, and differs from one that does', () => {
    expect(of({ size: 1 }).secrets).toBeUndefined();
    expect(of({ password: '(secret)' }).digest).toBe(of({ password: 'hunter2' }).digest);
    expect(compareSecrets(of({ size: 1 }).secrets, of({ password: 'x1y2' }).secrets)).toBe('different');
    expect(compareSecrets(undefined, undefined)).toBe('equal');
  });

  it('compares as unknown where there was no key', () => {
    const keyless = withoutSecrets((replace) => keySecrets({ password: 'hunter2' }, [], replace), undefined);
    expect(keyless.secrets).toBeDefined();
    expect(compareSecrets(keyless.secrets, keyless.secrets)).toBe('unknown');
  });

  it('is recorded as one digest: plain without secrets, under the key of the secrets with them', () => {
    expect(digestWithSecrets('d', undefined)).toBe('d');
    expect(digestWithSecrets('d', 'k1:aa')).toMatch(/^k1:[0-9a-f]{64}$/);
    expect(digestWithSecrets('e', 'k1:aa')).not.toBe(digestWithSecrets('d', 'k1:aa'));
    expect(digestWithSecrets('d', 'k1:bb')).not.toBe(digestWithSecrets('d', 'k1:aa'));
  });
});
