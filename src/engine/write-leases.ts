import { systemClock } from '../deploy/clock.ts';
import { leaseName } from '../deploy/deploy.ts';
import { type HeldLease, holdLease, lent } from '../deploy/lease.ts';
import { thisHost } from '../stores/ledger/liveness.ts';
import type { EngineContext } from './context.ts';

/** Gives the lease of an environment, taken when first asked for. @throws KARMA_LOCK_HELD with who holds it */
export type HoldLease = (environment: string) => Promise<HeldLease>;

/**
 * Whoever writes parameters outside a deploy holds the same lease as a deploy of the environment: Parameter Store has no
 * compare-and-set, so two who write at once must not meet. Released at the end, whatever happened.
 */
export async function withWriteLeases<T>(context: EngineContext, work: (hold: HoldLease) => Promise<T>): Promise<T> {
  const held = new Map<string, Promise<HeldLease>>();
  const hold: HoldLease = (environment) => {
    const lease = held.get(environment) ?? take(context, environment);
    held.set(environment, lease);
    return lease;
  };
  try {
    return await work(hold);
  } finally {
    for (const lease of await Promise.allSettled(held.values()))
      if (lease.status === 'fulfilled') await lease.value.release();
  }
}

async function take(context: EngineContext, environment: string): Promise<HeldLease> {
  const already = context.held?.(leaseName(environment));
  if (already !== undefined) return lent(already);
  const { leases } = await context.stores.ledger();
  const { actor } = context;
  const holder = { id: context.newId(), host: thisHost().host, pid: process.pid, actor, since: context.now() };
  return holdLease(leases, systemClock, { name: leaseName(environment), holder });
}
