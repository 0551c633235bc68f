import { expect } from 'vitest';
import type { LedgerEvent } from '../../model/event.ts';
import type { ContractCase } from '../contract.ts';
import { documentDigest } from './binding.ts';
import { draft, type WithLedger } from './contract-place.ts';
import { BoundByEvents } from './verify-bound.ts';

const holder = { id: 'a', host: 'here', pid: 4711, actor: 'ted@example.com', since: '2026-11-24T10:00:00.000Z' };

/** What an append must do with what is committed together with it. */
export function togetherCases(test: ContractCase, withLedger: WithLedger): void {
  test(
    'documents are written with their event, which is bound to them, or neither is',
    withLedger(async (ledger) => {
      const write = { kind: 'record', id: 'dev/a', body: { run: 'r1', text: '😀' }, revision: 0 };
      const added = await ledger.append([draft('a'), draft('b')], undefined, { documents: [write] });
      expect(added).toMatchObject([{}, { bound: { documents: { 'record/dev/a': documentDigest(write.body) } } }]);
      expect(await ledger.getDocument('record', 'dev/a')).toEqual({ id: 'dev/a', revision: 1, body: write.body });
      const other = { kind: 'record', id: 'dev/b', body: {}, revision: 0 };
      expect(await ledger.append([draft('late')], undefined, { documents: [other, write] })).toBe(false);
      expect(await ledger.getDocument('record', 'dev/b')).toBeUndefined();
      expect((await ledger.head()).seq).toBe(2);
      const next = { ...write, body: { run: 'r2' }, revision: 1 };
      expect(await ledger.append([draft('c')], undefined, { documents: [next] })).toHaveLength(1);
    }),
  );
  test(
    'a document without an event is refused',
    withLedger(async (ledger) => {
      const documents = [{ kind: 'record', id: 'x', body: {}, revision: 0 }];
      await expect(ledger.append([], undefined, { documents })).rejects.toMatchObject({ code: 'KARMA_BUG' });
    }),
  );
  test(
    'under a lease that passed on nothing is written, whatever else would hold',
    withLedger(async (ledger) => {
      const { leases } = ledger;
      const lease = await leases.acquire('environment:dev', holder, 30_000);
      if (lease === null) throw new Error('a free lease was refused');
      const documents = [{ kind: 'record', id: 'x', body: { run: 'r1' }, revision: 0 }];
      const under = { leases: [lease], documents };
      expect(await ledger.append([draft('a')], undefined, under)).toHaveLength(1);
      const seen = await leases.look('environment:dev');
      if (seen === undefined) throw new Error('the lease is gone');
      const taken = await leases.takeOver('environment:dev', seen, { ...holder, id: 'b' }, 30_000);
      expect(taken).toMatchObject({ fence: 2, from: holder });
      const late = {
        leases: [lease],
        documents: [{ ...documents[0], body: { run: 'late' }, revision: 1 }],
      } as typeof under;
      await expect(ledger.append([draft('late')], undefined, late)).rejects.toMatchObject({ code: 'KARMA_LEASE_LOST' });
      expect((await ledger.head()).seq).toBe(1);
      expect((await ledger.getDocument('record', 'x'))?.body).toEqual({ run: 'r1' });
      if (taken !== null) await leases.release(taken);
      await expect(
        ledger.append([draft('later')], undefined, { leases: taken === null ? [] : [taken] }),
      ).rejects.toMatchObject({ code: 'KARMA_LEASE_LOST' });
    }),
  );
  test(
    'what was written with events verifies, and what was written beside them does not',
    withLedger(async (ledger) => {
      const documents = [1, 2, 3].map((n) => ({ kind: 'record', id: `c${n}`, body: { n }, revision: 0 }));
      await ledger.append([draft('a')], { counter: 'graph', from: 0, to: 1 }, { documents });
      const faults = async () => {
        const bound = new BoundByEvents();
        bound.take(await ledger.read({ limit: 100, exact: true }));
        return (await bound.faults(ledger, ['record'], () => false)).map(({ kind, name }) => `${kind} ${name}`);
      };
      expect(await faults()).toEqual([]);
      await ledger.putDocument('record', 'c2', { n: 7 }, 1);
      await ledger.putDocument('record', 'foreign', { n: 1 }, 0);
      await ledger.append([], { counter: 'graph', from: 1, to: 9 });
      // The same body, written once more: nothing but its revision tells.
      await ledger.putDocument('record', 'c3', { n: 3 }, 1);
      expect(await faults()).toEqual([
        'document record/c2',
        'document record/c3',
        'document record/foreign',
        'counter graph',
      ]);
    }),
  );
  test(
    'an event says under which fence it was written, and a lease that fell below it is told',
    withLedger(async (ledger) => {
      const lease = await ledger.leases.acquire('environment:dev', holder, 30_000);
      if (lease === null) throw new Error('a free lease was refused');
      const [event] = (await ledger.append([draft('a')], undefined, { leases: [lease] })) || [];
      expect(event?.bound).toEqual({ fences: { 'environment:dev': 1 } });
      const faults = async (events: readonly LedgerEvent[]) => {
        const bound = new BoundByEvents();
        bound.take(events);
        return (await bound.faults(ledger, [], () => false)).map(({ kind, name }) => `${kind} ${name}`);
      };
      const events = await ledger.read({ limit: 100, exact: true });
      await ledger.leases.release(lease);
      expect(await faults(events)).toEqual([]);
      const later = events.map((one) => ({ ...one, bound: { fences: { 'environment:dev': 2 } } }));
      expect(await faults(later)).toEqual(['lease environment:dev']);
    }),
  );
}
