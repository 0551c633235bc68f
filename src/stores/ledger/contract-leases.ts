import { expect } from 'vitest';
import type { ContractCase } from '../contract.ts';
import type { WithLedger } from './contract-place.ts';
import type { LeaseHolder } from './port.ts';

function holder(id: string, more: Partial<LeaseHolder> = {}): LeaseHolder {
  return { id, host: 'here', pid: 4711, actor: 'ted@example.com', since: '2026-11-24T10:00:00.000Z', ...more };
}

const name = 'environment/prod';

/** What every ledger's leases must do. */
export function leaseCases(test: ContractCase, withLedger: WithLedger): void {
  test(
    'a held lease is refused, a released one taken with a higher fence',
    withLedger(async ({ leases }, place) => {
      expect(await leases.look(name)).toBeUndefined();
      const first = await leases.acquire(name, holder('a'), 30_000);
      expect(first).toEqual({ name, fence: 1, holder: holder('a') });
      const other = (await place.open()).leases;
      expect(await other.acquire(name, holder('b'), 30_000)).toBeNull();
      expect(await other.look(name)).toEqual({ name, fence: 1, beats: 0, ttlMs: 30_000, holder: holder('a') });
      expect(await other.acquire('environment/dev', holder('b'), 30_000)).toMatchObject({ fence: 1 });
      if (first !== null) await leases.release(first);
      expect(await other.look(name)).toMatchObject({ fence: 1, holder: undefined });
      expect(await other.acquire(name, holder('b'), 30_000)).toMatchObject({ fence: 2 });
    }),
  );
  test(
    'one that fell below a fence it had is raised to it and free, and never lowered',
    withLedger(async ({ leases }) => {
      const lease = await leases.acquire(name, holder('a'), 30_000);
      if (lease === null) throw new Error('a free lease was refused');
      await leases.raise(name, 7);
      expect(await leases.look(name)).toMatchObject({ fence: 7, holder: undefined });
      expect(await leases.heartbeat(lease)).toBe(false);
      const next = await leases.acquire(name, holder('b'), 30_000);
      expect(next).toMatchObject({ fence: 8 });
      await leases.raise(name, 5);
      expect(await leases.look(name)).toMatchObject({ fence: 8, holder: holder('b') });
      await leases.raise('environment/lost', 3);
      expect(await leases.acquire('environment/lost', holder('b'), 30_000)).toMatchObject({ fence: 4 });
    }),
  );
  test(
    'a heartbeat counts, until the lease has passed on or was released',
    withLedger(async ({ leases }) => {
      const lease = await leases.acquire(name, holder('a'), 30_000);
      if (lease === null) throw new Error('a free lease was refused');
      expect(await leases.heartbeat(lease)).toBe(true);
      expect(await leases.heartbeat(lease)).toBe(true);
      expect(await leases.look(name)).toMatchObject({ beats: 2 });
      await leases.release(lease);
      expect(await leases.heartbeat(lease)).toBe(false);
      await leases.acquire(name, holder('b'), 30_000);
      expect(await leases.heartbeat(lease)).toBe(false);
      await leases.release(lease);
      expect(await leases.look(name)).toMatchObject({ fence: 2, holder: holder('b') });
    }),
  );
  test(
    'a silent holder is replaced, one that still beats is not',
    withLedger(async ({ leases }) => {
      const lease = await leases.acquire(name, holder('a'), 30_000);
      const seen = await leases.look(name);
      if (lease === null || seen === undefined) throw new Error('a free lease was refused');
      await leases.heartbeat(lease);
      expect(await leases.takeOver(name, seen, holder('b'), 30_000)).toBeNull();
      const later = await leases.look(name);
      if (later === undefined) throw new Error('the lease is gone');
      expect(await leases.takeOver(name, later, holder('b'), 9_000)).toMatchObject({ fence: 2, holder: holder('b') });
      expect(await leases.takeOver(name, later, holder('c'), 9_000)).toBeNull();
      expect(await leases.heartbeat(lease)).toBe(false);
    }),
  );
  test(
    'a holder that is dead on this host is replaced at once, on another host never',
    withLedger(async (_, place) => {
      const alive = new Set([1]);
      const { leases } = await place.open({ host: 'here', isAlive: (pid) => alive.has(pid) });
      const elsewhere = (await place.open({ host: 'there', isAlive: () => false })).leases;
      await leases.acquire(name, holder('a', { pid: 1 }), 30_000);
      expect(await leases.acquire(name, holder('b', { pid: 2 }), 30_000)).toBeNull();
      alive.delete(1);
      expect(await elsewhere.acquire(name, holder('c', { host: 'there' }), 30_000)).toBeNull();
      expect(await leases.acquire(name, holder('b', { pid: 2 }), 30_000)).toMatchObject({ fence: 2 });
    }),
  );
  test(
    'of many that want a lease one gets it',
    withLedger(async (_, place) => {
      const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
      const won = await Promise.all(
        ids.map(async (id) => (await place.open()).leases.acquire(name, holder(id), 30_000)),
      );
      expect(won.filter((lease) => lease !== null)).toHaveLength(1);
    }),
  );
}
