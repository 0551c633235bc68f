import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeRow, type Row } from '../../src/model/rows.ts';
import type { Pacing } from '../../src/stores/aws/pacing.ts';
import { NeptuneClient } from '../../src/stores/graph/neptune/client.ts';
import { openNeptuneGraphStore } from '../../src/stores/graph/neptune/graph-store.ts';
import type { GraphStore } from '../../src/stores/graph/port.ts';
import { type Fault, type FaultProxy, neptuneError, pass, startFaultProxy } from './fault-proxy.ts';
import { newName } from './servers.ts';

/** Waits a moment only: the faults are the test's, not time's. */
export const hasty: Pacing = {
  now: () => performance.now(),
  sleep: () => new Promise((resolve) => setTimeout(resolve, 1)),
  random: Math.random,
};

const rows = (count: number, value = 0): readonly Row[] =>
  Array.from({ length: count }, (_, n) => makeRow('component', `prod/vpc/${String(n).padStart(3, '0')}`, { value }));
const put = (...given: readonly Row[]) => ({ put: given, remove: [] });

/** How the Neptune adapter takes what a network and a busy cluster do to it. */
export function neptuneFaults(endpoint: string): void {
  describe('Neptune behind a bad network', () => {
    let proxy: FaultProxy;
    let estate: string;
    let store: GraphStore;
    const open = (
      more: { readonly records?: number; readonly readerEndpoint?: string; readonly attempts?: number } = {},
    ) => {
      const { records, ...client } = more;
      return openNeptuneGraphStore({
        client: new NeptuneClient({ endpoint: proxy.endpoint, language: 'gremlin-lang', pacing: hasty, ...client }),
        estate,
        ...(records === undefined ? {} : { records }),
      });
    };
    beforeAll(async () => {
      proxy = await startFaultProxy(endpoint);
    });
    afterAll(() => proxy.close());
    beforeEach(async () => {
      estate = newName('faulty');
      proxy.decide = () => pass;
      store = open();
      await store.apply(1, put(...rows(3)), 'h1');
      proxy.seen.length = 0;
    });
    /** The next requests meet these, later ones pass. */
    const meet = (...faults: readonly Fault[]) => {
      proxy.decide = (_, index) => faults[index] ?? pass;
    };

    it.each([
      ['conflicts', neptuneError('ConcurrentModificationException')],
      ['throttling', neptuneError('ThrottlingException', 429)],
      ['a full memory', neptuneError('MemoryLimitExceededException')],
      ['a time limit', neptuneError('TimeLimitExceededException')],
      ['a cluster that failed over', neptuneError('ReadOnlyViolationException', 400)],
      ['a gateway’s own error', { kind: 'answer', status: 503, body: '<html>busy</html>' } as const],
      ['a reset connection', { kind: 'reset' } as const],
    ])('repeats after %s', async (_, fault) => {
      meet(fault, fault, fault);
      expect(await store.apply(2, put(...rows(1, 2)), 'h2')).toBe('applied');
      expect(proxy.seen).toHaveLength(4);
      expect(await store.load(2)).toHaveLength(3);
    });

    it.each([
      ['a lost answer', { kind: 'lose' } as const],
      ['a 200 cut off with its connection', { kind: 'cut', clean: false } as const],
      ['a 200 cut off as if it were whole', { kind: 'cut', clean: true } as const],
      [
        'a 200 that ends in an error',
        {
          kind: 'cut',
          clean: true,
          tail: '{"requestId":"r","code":"TimeLimitExceededException","detailedMessage":"late"}',
        } as const,
      ],
    ])('finds out after %s that it won', async (_, fault) => {
      meet(fault);
      expect(await store.apply(2, put(...rows(1, 2)), 'h2')).toBe('applied');
      expect(await store.head()).toBe(2);
      expect(await store.history('component', 'prod/vpc/000')).toHaveLength(2);
    });

    it('finds out after a lost answer that another one won', async () => {
      const other = openNeptuneGraphStore({
        client: new NeptuneClient({ endpoint, language: 'gremlin-lang' }),
        estate,
      });
      proxy.decide = (_, index) => (index === 0 ? { kind: 'reset' } : pass);
      await other.apply(2, put(...rows(1, 2)), 'h2');
      expect(await store.apply(2, put(...rows(1, 2)), 'h2')).toBe('already');
      expect(await store.history('component', 'prod/vpc/000')).toHaveLength(2);
    });

    it.each([
      ['refused credentials', neptuneError('AccessDeniedException', 403), 'KARMA_ACCESS'],
      ['a query it cannot read', neptuneError('MalformedQueryException', 400), 'KARMA_UPSTREAM'],
    ])('gives up at once on %s', async (_, fault, code) => {
      proxy.decide = () => fault;
      await expect(store.load(1)).rejects.toMatchObject({ code });
      expect(proxy.seen).toHaveLength(1);
    });

    it('gives up on what does not pass, and says where', async () => {
      proxy.decide = () => neptuneError('ThrottlingException', 429);
      await expect(open({ attempts: 4 }).load(1)).rejects.toMatchObject({
        code: 'KARMA_UPSTREAM',
        message: expect.stringContaining(proxy.endpoint),
      });
      expect(proxy.seen).toHaveLength(4);
    });

    it('a large delta broken off anywhere is invisible, and goes on where any process applies it again', async () => {
      const before = await store.load(1);
      const delta = { put: rows(40, 2).slice(1), remove: [{ table: 'component', key: 'prod/vpc/000' }] } as const;
      for (const after of [1, 2, 4]) {
        proxy.seen.length = 0;
        proxy.decide = (_, index) => (index < after ? pass : neptuneError('AccessDeniedException', 403));
        await expect(open({ records: 60 }).apply(2, delta, 'h2')).rejects.toMatchObject({ code: 'KARMA_ACCESS' });
        proxy.decide = () => pass;
        expect(await store.head()).toBe(1);
        expect(await store.load(1)).toEqual(before);
        expect(await store.history('component', 'prod/vpc/000')).toMatchObject([{ from: 1, to: undefined }]);
        expect(await store.history('component', 'prod/vpc/039')).toEqual([]);
        expect(await store.hash(2)).toBeUndefined();
      }
      expect(await open({ records: 60 }).apply(2, delta, 'h2')).toBe('applied');
      expect(await store.load(2)).toEqual(rows(40, 2).slice(1));
      expect(await store.load(1)).toEqual(before);
    });

    it('a clearing broken off reads as empty and is finished by the next apply', async () => {
      proxy.decide = (_, index) => (index < 1 ? pass : neptuneError('AccessDeniedException', 403));
      await expect(store.clear()).rejects.toMatchObject({ code: 'KARMA_ACCESS' });
      proxy.decide = () => pass;
      expect(await store.head()).toBe(0);
      await expect(store.load(1)).rejects.toMatchObject({ code: 'KARMA_NO_SUCH_VERSION' });
      expect(await store.apply(1, put(...rows(2, 9)), 'again')).toBe('applied');
      expect(await store.load(1)).toEqual(rows(2, 9));
    });

    it('a replica that lags is asked again, then the writer; its old answer is never taken', async () => {
      const replica = await startFaultProxy(endpoint);
      const reading = open({ readerEndpoint: replica.endpoint });
      replica.decide = () => ({ kind: 'answer', status: 200, body: staleAnswer });
      const staleAnswer = JSON.stringify({ result: { data: [{ gen: 1, first: 1, p0: [] }] } });
      await store.apply(2, put(...rows(1, 2)), 'h2');
      proxy.seen.length = 0;
      expect(await reading.load(2)).toHaveLength(3);
      expect([replica.seen.length, proxy.seen.length]).toEqual([3, 1]);
      replica.decide = (_, index) => (index < 4 ? { kind: 'answer', status: 200, body: staleAnswer } : pass);
      expect(await reading.load(2)).toHaveLength(3);
      expect([replica.seen.length, proxy.seen.length]).toEqual([5, 1]);
      await replica.close();
    });

    it('sends ten elements as one request, and nothing for a version that is there', async () => {
      const edges = rows(5, 7).map((row) => makeRow('reference', `${row.key}|prod/db/main`, { consumes: ['/id'] }));
      await store.apply(2, put(...rows(5, 7), ...edges), 'h2');
      expect(proxy.seen).toHaveLength(1);
      proxy.seen.length = 0;
      expect(await store.head()).toBe(2);
      expect(await store.load(2)).toHaveLength(10);
      expect(proxy.seen).toHaveLength(2);
      const written = proxy.seen.filter(({ body }) => /mergeV|addE|property\(/.test(body));
      expect(written).toEqual([]);
    });
  });
}
