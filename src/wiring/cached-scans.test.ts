import { beforeEach, describe, expect, it } from 'vitest';
import type { Cache } from '../observe/cache/cache.ts';
import type { Parameter } from '../stores/parameters/port.ts';
import type { Account } from './accounts.ts';
import { cachedScans, maxAgeOf } from './cached-scans.ts';

const start = Date.parse('2026-11-24T10:00:00.000Z');
const time = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const parameters = (count: number): readonly Parameter[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `/iac/p${n}`,
    type: 'String' as const,
    version: 1,
    value: 'v',
    digest: 'd',
    modifiedAt: time(-100),
    modifiedBy: 'ted',
  }));

describe('a scan of an account', () => {
  let kept: Map<string, Uint8Array>;
  let seconds: number;
  beforeEach(() => {
    kept = new Map();
    seconds = 0;
  });
  /** As another process would open it: only the cache is shared. */
  const open = (place: Account['place'] = {}) => {
    const account = { binding: 'prod', place, roots: ['/iac'], way: '{}' } as unknown as Account;
    const cache = {
      get: (kind: string, key: string) => kept.get(`${kind} ${key}`),
      put: (kind: string, key: string, bytes: Uint8Array) => kept.set(`${kind} ${key}`, bytes),
      flush: () => {},
    } as unknown as Cache;
    return cachedScans(account, { cache, now: () => time(seconds), env: {} });
  };
  const standing = (place: Account['place'] = {}) => open(place).standing()?.at;

  it('stands for a while where looking again takes long', () => {
    open().keep({ at: time(0), parameters: parameters(2000) });
    seconds = 299;
    expect(standing()).toBe(time(0));
    seconds = 300;
    expect(standing()).toBeUndefined();
    expect(open().last()?.at).toBe(time(0));
  });

  it('of a small account never stands, unless somebody says so', () => {
    open().keep({ at: time(0), parameters: parameters(20) });
    seconds = 1;
    expect(standing()).toBeUndefined();
    expect(standing({ maxAge: 60 })).toBe(time(0));
    expect(standing({ maxAge: 0 })).toBeUndefined();
  });

  it('does not stand once something was written there, until somebody looks again', () => {
    open({ maxAge: 60 }).keep({ at: time(0), parameters: parameters(20) });
    seconds = 1;
    open().outdate();
    seconds = 2;
    expect(standing({ maxAge: 60 })).toBeUndefined();
    open({ maxAge: 60 }).keep({ at: time(2), parameters: parameters(21) });
    expect(standing({ maxAge: 60 })).toBe(time(2));
  });

  it('that began before a write and ended after it does not stand', () => {
    const one = open({ maxAge: 60 });
    seconds = 5;
    open().outdate();
    one.keep({ at: time(4), parameters: parameters(20) });
    expect(standing({ maxAge: 60 })).toBeUndefined();
  });

  it('from the future does not stand', () => {
    open({ maxAge: 60 }).keep({ at: time(10), parameters: parameters(20) });
    expect(standing({ maxAge: 60 })).toBeUndefined();
  });
});

it('is old at once up to some 750 parameters, which two seconds list', () => {
  expect([0, 20, 750, 800, 10_000].map((count) => maxAgeOf(count, 1))).toEqual([0, 0, 0, 300, 300]);
});
