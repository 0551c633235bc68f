import { describe, expect, it } from 'vitest';
import { compareEnds } from '../../graph/impact-of-change/compare.ts';
import { end } from '../../graph/testing/range.ts';
import type { Cache } from '../../observe/cache/cache.ts';
import { noCache } from '../../observe/cache/no-cache.fixture.ts';
import { cachedComparison } from './cached-comparison.ts';

/** A cache in memory, and what was put into it. */
const memory = (): Cache & { readonly held: Map<string, Uint8Array> } => {
  const held = new Map<string, Uint8Array>();
  return {
    ...noCache,
    held,
    get: (_, key) => held.get(key),
    put: (_, key, value) => {
      held.set(key, value);
    },
  };
};

/** A file that `count` components read, each with a value of its own. */
const ofRange = (count: number) => {
  const ids = Array.from({ length: count }, (_, at) => `unit${at}`);
  const side = (content: string) =>
    end(
      Object.fromEntries(
        ids.map((id) => [id, { files: { 'root.hcl': content }, evaluated: { inputs: { name: id, size: content } } }]),
      ),
    );
  const readers = { changedFiles: ['root.hcl'], before: () => ids, after: () => ids };
  return async () => compareEnds(side('1'), side('2'), { readers });
};

describe('cachedComparison', () => {
  it('is made once for the same ends, and is the same one again', async () => {
    const cache = memory();
    const first = await cachedComparison(cache, ['a', { b: 'c' }], ofRange(120));
    expect(first.changed).toHaveLength(120);
    const again = await cachedComparison(cache, ['a', { b: 'c' }], () => Promise.reject(new Error('made twice')));
    expect(again).toEqual(first);
    const other = await cachedComparison(cache, ['a', { b: 'd' }], ofRange(101));
    expect(other.changed).toHaveLength(101);
  });

  it('keeps no small ones, and makes anew what is damaged', async () => {
    const cache = memory();
    await cachedComparison(cache, ['small'], ofRange(3));
    expect(cache.held.size).toBe(0);
    await cachedComparison(cache, ['large'], ofRange(100));
    for (const key of cache.held.keys()) cache.held.set(key, Buffer.from('{"chan'));
    expect((await cachedComparison(cache, ['large'], ofRange(100))).changed).toHaveLength(100);
  });
});
