import { systemClock } from '../../deploy/clock.ts';
import { type HeldLease, holdLease } from '../../deploy/lease.ts';
import { isKarmaError } from '../../model/errors.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { EngineContext } from '../context.ts';

/** The lease of a piece of scheduled work; undefined while somebody else has it. */
export async function holdSchedule(context: EngineContext, name: string, who: string): Promise<HeldLease | undefined> {
  const { leases } = await context.stores.ledger();
  const holder = { id: who, host: thisHost().host, pid: process.pid, actor: context.actor, since: context.now() };
  try {
    return await holdLease(leases, systemClock, { name: `schedule:${name}`, holder });
  } catch (error) {
    if (isKarmaError(error) && (error.code === 'KARMA_LOCK_HELD' || error.code === 'KARMA_CONFLICT')) return undefined;
    throw error;
  }
}
