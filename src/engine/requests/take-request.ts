import { systemClock } from '../../deploy/clock.ts';
import { type HeldLease, holdLease } from '../../deploy/lease.ts';
import { isKarmaError } from '../../model/errors.ts';
import { thisHost } from '../../stores/ledger/liveness.ts';
import type { EngineContext } from '../context.ts';
import { isOpen } from './run-request.ts';
import { type KnownRequest, readRequest, writeRequest } from './write-request.ts';

/** A request that this worker runs, and nobody else while its lease holds. */
export interface TakenRequest {
  readonly known: KnownRequest;
  readonly lease: HeldLease;
  /** Another worker had it, and is gone: what it left is looked at. */
  readonly tookOver: boolean;
}

/**
 * Takes a request, if it is there to be taken. One whose worker is gone is free at once where that can be known, that is on this
 * machine; elsewhere its heart must stand still for the life of a lease.
 */
export async function takeRequest(
  context: EngineContext,
  id: string,
  { worker, giveUp }: { readonly worker: string; readonly giveUp: AbortSignal },
): Promise<TakenRequest | undefined> {
  const { leases } = await context.stores.ledger();
  const before = await readRequest(context, id);
  if (!isOpen(before.request)) return undefined;
  const wasTaken = before.request.state !== 'asked';
  const holder = { id: worker, host: thisHost().host, pid: process.pid, actor: worker, since: context.now() };
  const lease = await free(() =>
    holdLease(leases, systemClock, { name: `request:${id}`, holder, takeOver: wasTaken, giveUp }),
  );
  if (lease === undefined) return undefined;
  try {
    // Whoever held it before may have ended it.
    const known = await readRequest(context, id);
    if (!isOpen(known.request)) return await left(lease);
    const state = known.request.state === 'stopping' ? 'stopping' : 'taken';
    const request = { ...known.request, state, worker } as const;
    const taken = await writeRequest(context, { ...known, request }, 'taken', lease.held);
    return { known: taken, lease, tookOver: known.request.state !== 'asked' };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

async function left(lease: HeldLease): Promise<undefined> {
  await lease.release();
  return undefined;
}

/** Undefined while somebody holds it. */
async function free<T>(take: () => Promise<T>): Promise<T | undefined> {
  try {
    return await take();
  } catch (error) {
    if (isKarmaError(error) && (error.code === 'KARMA_LOCK_HELD' || error.code === 'KARMA_CONFLICT')) return undefined;
    throw error;
  }
}
