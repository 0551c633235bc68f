import { afterAll, expect } from 'vitest';
import { type ContractCase, type ContractOptions, contract } from '../contract.ts';
import { verifyChain, verifyLedger } from './chain.ts';
import { leaseCases } from './contract-leases.ts';
import { draft, type LedgerPlace, type WithLedger } from './contract-place.ts';
import { togetherCases } from './contract-together.ts';
import type { Ledger } from './port.ts';

export interface LedgerContract extends ContractOptions {
  newPlace(): Promise<LedgerPlace>;
}

/** What every ledger must do. */
export function ledgerContract(options: LedgerContract): void {
  contract('ledger', options, (test) => {
    const places: LedgerPlace[] = [];
    afterAll(async () => {
      for (const place of places) await place.remove();
    });
    const withLedger: WithLedger = (check) => async () => {
      const place = await options.newPlace();
      places.push(place);
      const ledger = await place.open();
      await check(ledger, place);
      await ledger.close();
    };
    eventCases(test, withLedger);
    objectCases(test, withLedger);
    documentCases(test, withLedger);
    leaseCases(test, withLedger);
    togetherCases(test, withLedger);
  });
}

function eventCases(test: ContractCase, withLedger: WithLedger): void {
  test(
    'an empty ledger reads as empty',
    withLedger(async (ledger) => {
      expect(await ledger.head()).toEqual({ seq: 0, hash: '0'.repeat(64) });
      expect(await ledger.read({ limit: 10 })).toEqual([]);
      expect(await ledger.counter('graph')).toBe(0);
      expect(await ledger.append([])).toEqual([]);
      expect(await verifyLedger(ledger)).toMatchObject({ sound: true });
    }),
  );
  test(
    'events come back as they were appended, chained and numbered',
    withLedger(async (ledger, place) => {
      const details = { text: `'"\\ \${x}\n\u0000😀`, list: [1, { b: null, a: true }], none: undefined };
      const added = await ledger.append([draft('a', { details }), draft('b', { cause: 'e1', environment: 'prod' })]);
      expect(added).toMatchObject([
        { seq: 1, id: 'e1', previous: '0'.repeat(64), details: { text: details.text, list: details.list } },
        { seq: 2, id: 'e2', cause: 'e1', environment: 'prod' },
      ]);
      const read = await (await place.open()).read({ limit: 10 });
      expect(read).toEqual(added);
      expect(verifyChain(read)).toEqual({ sound: true, head: await ledger.head() });
    }),
  );
  test(
    'a counter moves with its append, or neither does',
    withLedger(async (ledger) => {
      const move = { counter: 'graph', from: 0, to: 1 };
      expect(await ledger.append([draft('v1')], move)).toHaveLength(1);
      expect(await ledger.append([draft('late')], move)).toBe(false);
      expect(await ledger.counter('graph')).toBe(1);
      expect((await ledger.read({ limit: 10 })).map((event) => event.subject)).toEqual(['v1']);
      expect(await ledger.append([], { counter: 'graph', from: 1, to: 7 })).toEqual([]);
      expect(await ledger.counter('graph')).toBe(7);
      expect(await ledger.counter('other')).toBe(0);
    }),
  );
  test(
    'a batch of hundreds is appended whole',
    withLedger(async (ledger) => {
      const drafts = Array.from({ length: 230 }, (_, n) => draft(`c${n}`));
      expect(await ledger.append(drafts, { counter: 'graph', from: 0, to: 1 })).toHaveLength(230);
      expect((await ledger.head()).seq).toBe(230);
      expect(await verifyLedger(ledger, 50)).toMatchObject({ sound: true, head: { seq: 230 } });
    }),
  );
  test(
    'pages walk forward and backward',
    withLedger(async (ledger) => {
      await ledger.append(Array.from({ length: 7 }, (_, n) => draft(`c${n + 1}`)));
      const seqs = async (query: Parameters<Ledger['read']>[0]) => (await ledger.read(query)).map((event) => event.seq);
      expect(await seqs({ limit: 3 })).toEqual([1, 2, 3]);
      expect(await seqs({ limit: 3, after: 3 })).toEqual([4, 5, 6]);
      expect(await seqs({ limit: 3, after: 7 })).toEqual([]);
      expect(await seqs({ limit: 3, backwards: true })).toEqual([7, 6, 5]);
      expect(await seqs({ limit: 9, after: 3, backwards: true })).toEqual([2, 1]);
    }),
  );
  test(
    'filters by action, by prefix of actions and by subject',
    withLedger(async (ledger) => {
      const actions = ['run.applied', 'run.failed', 'running', 'run', 'run.applied', 'graph.published'];
      await ledger.append(actions.map((action, n) => draft(n < 4 ? 'dev/vpc/main' : 'dev/db/main', { action })));
      const seqs = async (query: Parameters<Ledger['read']>[0]) => (await ledger.read(query)).map((event) => event.seq);
      expect(await seqs({ limit: 10, action: 'run.applied' })).toEqual([1, 5]);
      expect(await seqs({ limit: 10, action: 'run.' })).toEqual([1, 2, 5]);
      expect(await seqs({ limit: 2, action: 'run.', backwards: true })).toEqual([5, 2]);
      expect(await seqs({ limit: 10, subject: 'dev/db/main' })).toEqual([5, 6]);
      expect(await seqs({ limit: 10, action: 'run.', subject: 'dev/db/main' })).toEqual([5]);
      expect(await seqs({ limit: 1, action: 'run.', after: 1 })).toEqual([2]);
    }),
  );
  test(
    'half a character is refused and nothing is written',
    withLedger(async (ledger) => {
      const bad = draft('a', { details: { text: 'half \ud83d' } });
      await expect(ledger.append([draft('fine'), bad])).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
      expect((await ledger.head()).seq).toBe(0);
    }),
  );
  test(
    'racing appends all land, racing counter moves have one winner',
    withLedger(async (first, place) => {
      const ledgers = [first, await place.open(), await place.open(), await place.open()];
      await Promise.all(ledgers.flatMap((ledger, n) => [0, 1, 2].map((m) => ledger.append([draft(`w${n}-${m}`)]))));
      expect(await verifyLedger(first)).toMatchObject({ sound: true, head: { seq: 12 } });
      const move = { counter: 'graph', from: 0, to: 1 };
      const won = await Promise.all(ledgers.map((ledger, n) => ledger.append([draft(`v1 by ${n}`)], move)));
      expect(won.filter((answer) => answer !== false)).toHaveLength(1);
      expect(await verifyLedger(first)).toMatchObject({ sound: true, head: { seq: 13 } });
    }),
  );
}

function objectCases(test: ContractCase, withLedger: WithLedger): void {
  test(
    'objects are kept under their digest, small, large and empty',
    withLedger(async (ledger, place) => {
      const noise = Uint8Array.from({ length: 900_000 }, (_, n) => (n * n * 31 + (n >> 3)) % 251);
      const text = new TextEncoder().encode('{"key":"value"}'.repeat(100_000));
      for (const bytes of [new Uint8Array(), new TextEncoder().encode('a'), text, noise]) {
        const digest = await ledger.putObject(bytes);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
        expect(await ledger.putObject(bytes)).toBe(digest);
        const read = await (await place.open()).getObject(digest);
        expect(read !== undefined && Buffer.compare(read, bytes)).toBe(0);
      }
      expect(await ledger.getObject('0'.repeat(64))).toBeUndefined();
    }),
  );
}

function documentCases(test: ContractCase, withLedger: WithLedger): void {
  test(
    'a document is written only over the revision that was read',
    withLedger(async (ledger) => {
      expect(await ledger.getDocument('change', 'cr-1')).toBeUndefined();
      expect(await ledger.putDocument('change', 'cr-1', { state: 'proposed' }, 0)).toBe(true);
      expect(await ledger.putDocument('change', 'cr-1', { state: 'other' }, 0)).toBe(false);
      expect(await ledger.putDocument('change', 'cr-1', { state: 'validated', text: `'"\\\n😀` }, 1)).toBe(true);
      expect(await ledger.putDocument('change', 'cr-1', { state: 'late' }, 1)).toBe(false);
      expect(await ledger.putDocument('change', 'cr-9', { state: 'nowhere' }, 3)).toBe(false);
      expect(await ledger.getDocument('change', 'cr-1')).toEqual({
        id: 'cr-1',
        revision: 2,
        body: { state: 'validated', text: `'"\\\n😀` },
      });
      expect(await ledger.getDocument('run', 'cr-1')).toBeUndefined();
    }),
  );
  test(
    'documents are listed by kind, sorted and paged',
    withLedger(async (ledger) => {
      for (const id of ['b', 'a/2', 'a', 'c']) await ledger.putDocument('run', id, { id }, 0);
      await ledger.putDocument('runs', 'x', {}, 0);
      const ids = async (query?: { after?: string; limit?: number }) =>
        (await ledger.listDocuments('run', query)).map((found) => found.id);
      expect(await ids()).toEqual(['a', 'a/2', 'b', 'c']);
      expect(await ids({ limit: 2 })).toEqual(['a', 'a/2']);
      expect(await ids({ after: 'a/2' })).toEqual(['b', 'c']);
    }),
  );
  test(
    'a document of two megabytes comes back whole',
    withLedger(async (ledger) => {
      const body = { plan: Array.from({ length: 20_000 }, (_, n) => `${n}:${'x'.repeat((n * 7919) % 97)}:${n * 31}`) };
      expect(await ledger.putDocument('plan', 'p', { small: true }, 0)).toBe(true);
      expect(await ledger.putDocument('plan', 'p', body, 1)).toBe(true);
      expect((await ledger.getDocument('plan', 'p'))?.body).toEqual(body);
      expect(await ledger.listDocuments('plan')).toHaveLength(1);
    }),
  );
}
