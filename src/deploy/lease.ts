import { isKarmaError, KarmaError } from '../model/errors.ts';
import { leaseLost } from '../stores/ledger/binding.ts';
import type { HeldFence, Lease, LeaseHolder, LeaseState, Leases } from '../stores/ledger/port.ts';
import type { Clock } from './clock.ts';

/**
 * Holds one environment's lease while a deploy runs: beats its heart every third of its life, and says at once when the lease
 * passed to someone else. A holder that was paused beyond its lease notices on its own clocks before its next effect, not
 * after: on the monotonic one when its process was stopped, on the wall's when the whole machine slept, which the other does
 * not count.
 */
export interface HeldLease {
  readonly fence: number;
  /** What every append is held to, so that nothing of a holder lands after somebody else took over. */
  readonly held: readonly HeldFence[];
  /** Aborted when the lease is lost: programs are then asked to stop. */
  readonly lost: AbortSignal;
  /** Called before every effect outside. @throws KARMA_LEASE_LOST */
  check(): Promise<void>;
  /** Said by whoever was told by a store that it is lost. */
  lose(): void;
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly name: string;
  readonly holder: LeaseHolder;
  /** How long a lease lives without a beat. Default 30 s. */
  readonly ttlMs?: number;
  /** Whether to wait a whole lease for a holder that may be dead elsewhere. Default false. */
  readonly takeOver?: boolean;
  /** Aborted: no longer wait for it. */
  readonly giveUp?: AbortSignal;
}

export const usualTtlMs = 30_000;

/** A lease that somebody else holds for us: it is worked under, and not given back. */
export function lent(lease: HeldLease): HeldLease {
  return { ...lease, release: async () => undefined };
}

/** @throws KARMA_LOCK_HELD with who holds it and since when */
export async function holdLease(leases: Leases, clock: Clock, options: LeaseOptions): Promise<HeldLease> {
  const ttl = options.ttlMs ?? usualTtlMs;
  const begun = timeOf(clock);
  const lease = (await acquire(leases, options, ttl)) ?? (await observe(leases, clock, options, ttl));
  if (lease === null) throw await held(leases, options.name);
  return keep(leases, clock, lease, ttl, begun);
}

async function observe(leases: Leases, clock: Clock, options: LeaseOptions, ttl: number): Promise<Lease | null> {
  if (options.takeOver !== true) return null;
  const seen = await leases.look(options.name);
  if (seen === undefined) return leases.acquire(options.name, options.holder, ttl);
  for (let part = 0; part < looks; part += 1) {
    await clock.sleep(seen.ttlMs / looks, options.giveUp ?? new AbortController().signal);
    if (options.giveUp?.aborted === true) return null;
    // It may end by itself meanwhile: then nothing need be taken from anybody.
    if ((await leases.look(options.name))?.holder === undefined)
      return leases.acquire(options.name, options.holder, ttl);
  }
  // Beaten once more and gone since: what was seen does not hold any more, but it is free.
  return (
    (await leases.takeOver(options.name, seen, options.holder, ttl)) ??
    (await leases.acquire(options.name, options.holder, ttl))
  );
}

const looks = 10;

/** Who stands still in the middle of a write blocks every other one: whoever takes over looks at that, others try again. */
async function acquire(leases: Leases, options: LeaseOptions, ttl: number): Promise<Lease | null> {
  try {
    return await leases.acquire(options.name, options.holder, ttl);
  } catch (error) {
    if (options.takeOver === true && isKarmaError(error) && error.code === 'KARMA_CONFLICT') return null;
    throw error;
  }
}

async function held(leases: Leases, name: string): Promise<KarmaError> {
  const state: LeaseState | undefined = await leases.look(name);
  const holder = state?.holder;
  const who =
    holder === undefined
      ? 'someone'
      : `${holder.actor} (process ${holder.pid} on ${holder.host}) since ${holder.since}`;
  return new KarmaError('KARMA_LOCK_HELD', `${name} is held by ${who}`, {
    hint: 'wait until that deploy ends, and try again; if it stands still or its machine is gone, --take-over waits out its lease and goes on from there',
    details: { lease: name, ...(holder === undefined ? {} : { holder }) },
  });
}

interface Time {
  readonly monotonic: number;
  readonly wall: number;
}

function timeOf(clock: Clock): Time {
  return { monotonic: clock.monotonic(), wall: Date.parse(clock.now()) };
}

function keep(leases: Leases, clock: Clock, lease: Lease, ttl: number, begun: Time): HeldLease {
  const lost = new AbortController();
  const over = new AbortController();
  let lastBeat = begun;
  const beat = async (): Promise<void> => {
    const at = timeOf(clock);
    if (await leases.heartbeat(lease)) lastBeat = at;
    else lost.abort();
  };
  const isOverdue = () => {
    const { monotonic, wall } = timeOf(clock);
    return Math.max(monotonic - lastBeat.monotonic, wall - lastBeat.wall) > ttl;
  };
  const beating = (async () => {
    while (!over.signal.aborted && !lost.signal.aborted) {
      await clock.sleep(ttl / 3, over.signal);
      if (over.signal.aborted) return;
      // A ledger that cannot be reached is no answer: the lease is given up only when its life is over.
      await beat().catch(() => {
        if (isOverdue()) lost.abort();
      });
    }
  })();
  return {
    fence: lease.fence,
    held: [{ name: lease.name, fence: lease.fence, ...(lease.from === undefined ? {} : { from: lease.from }) }],
    lost: lost.signal,
    lose: () => lost.abort(),
    check: async () => {
      if (!lost.signal.aborted && isOverdue()) await beat();
      if (lost.signal.aborted) throw leaseLost(lease.name);
    },
    release: async () => {
      over.abort();
      await beating;
      if (!lost.signal.aborted) await leases.release(lease);
    },
  };
}
