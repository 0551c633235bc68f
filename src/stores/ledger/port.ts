import type { EventDraft, LedgerEvent } from '../../model/event.ts';

/**
 * The ledger: one append-only, hash-chained sequence of events per estate, content-addressed objects beside it, small
 * documents (change requests, runs) and leases. The only commit point of Karma; everything else is a projection of it.
 */
export interface Ledger {
  /** The last event's sequence number and hash; `{ seq: 0, hash: '0'.repeat(64) }` when empty. */
  head(): Promise<LedgerHead>;
  /**
   * Appends all drafts, in order, or none. With `expect`, only if the named counter still has that value; it is then moved to
   * `to`. Several processes may append at once: without `expect` a race is retried inside, with it the loser gets `false`.
   */
  append(
    drafts: readonly EventDraft[],
    expect?: CounterMove,
    together?: AppendTogether,
  ): Promise<readonly LedgerEvent[] | false>;
  /** A counter's value; 0 when never moved. `graph` is the number of the newest graph version. */
  counter(name: string): Promise<number>;
  /** Events in order of `seq`, paged: at most `limit`, from `after` on (exclusive). `backwards` walks from the end. */
  read(query: EventQuery): Promise<readonly LedgerEvent[]>;
  /** Stores bytes under their SHA-256 and returns it; storing twice is nothing. */
  putObject(bytes: Uint8Array): Promise<string>;
  getObject(digest: string): Promise<Uint8Array | undefined>;

  /** A document by kind and id, with the revision it was read at. */
  getDocument(kind: string, id: string): Promise<StoredDocument | undefined>;
  /**
   * Writes when the stored revision is still `revision` (0: when there is none yet); false when somebody was first.
   * @param until after this time, ISO 8601, nobody misses it: a store that lets go of things by itself may let go of it
   */
  putDocument(kind: string, id: string, body: unknown, revision: number, until?: string): Promise<boolean>;
  /** Documents of a kind, sorted by id, paged by `after`. */
  listDocuments(kind: string, query?: DocumentsQuery): Promise<readonly StoredDocument[]>;

  readonly leases: Leases;
  close(): Promise<void>;
}

export interface LedgerHead {
  readonly seq: number;
  readonly hash: string;
}

export interface CounterMove {
  readonly counter: string;
  readonly from: number;
  readonly to: number;
}

/** What is committed with an append, or nothing of it is. */
export interface AppendTogether {
  /** Bound to the last event by their digests. One that somebody else wrote since makes the whole append answer `false`. */
  readonly documents?: readonly DocumentWrite[];
  /** Leases that must still be held, each with the fence it was taken with. @throws KARMA_LEASE_LOST */
  readonly leases?: readonly HeldFence[];
}

export interface DocumentWrite {
  readonly kind: string;
  readonly id: string;
  readonly body: unknown;
  /** What was read; 0 when there is none yet. */
  readonly revision: number;
  /** See {@link Ledger.putDocument}. */
  readonly until?: string;
}

export interface EventQuery {
  readonly after?: number;
  readonly limit: number;
  readonly backwards?: boolean;
  /** Exact, or a prefix ending in `.`: `run.`. */
  readonly action?: string;
  readonly subject?: string;
  /** To verify: an event whose text is not exactly what was written comes without its hash. */
  readonly exact?: boolean;
}

export interface StoredDocument {
  readonly id: string;
  readonly revision: number;
  readonly body: unknown;
}

export interface DocumentsQuery {
  readonly after?: string;
  readonly limit?: number;
  /** To verify: a document whose text is not exactly what was written comes without its body. */
  readonly exact?: boolean;
}

/**
 * Locks with an expiry and an ever-increasing number, the fence. No clock is compared: whoever waits watches the lease's
 * heartbeat count for one whole `ttl` on its own monotonic clock before it may take it over.
 */
export interface Leases {
  /** Takes a free lease, or one whose holder is known dead. Null when it is held. */
  acquire(name: string, holder: LeaseHolder, ttlMs: number): Promise<Lease | null>;
  /** Takes a lease from a holder whose heartbeat did not move between two looks a `ttl` apart. Null when it moved. */
  takeOver(name: string, seen: LeaseState, holder: LeaseHolder, ttlMs: number): Promise<Lease | null>;
  /** False when the lease passed to someone else: stop at once. */
  heartbeat(lease: Lease): Promise<boolean>;
  release(lease: Lease): Promise<void>;
  look(name: string): Promise<LeaseState | undefined>;
  /** Brings a lease that fell below a fence it once had back to it, free: whoever held it at less holds nothing. */
  raise(name: string, fence: number): Promise<void>;
}

export interface LeaseHolder {
  /** Unique for one process and deploy; injected. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  /** Who and since when, for the message to whoever waits. */
  readonly actor: string;
  readonly since: string;
}

export interface Lease {
  readonly name: string;
  readonly fence: number;
  readonly holder: LeaseHolder;
  /** Who held it until it was taken over. */
  readonly from?: LeaseHolder;
}

/** A lease that must still be held for a write to be one. */
export type HeldFence = Pick<Lease, 'name' | 'fence' | 'from'>;

export interface LeaseState {
  readonly name: string;
  readonly fence: number;
  readonly beats: number;
  readonly ttlMs: number;
  /** Undefined when released. */
  readonly holder: LeaseHolder | undefined;
}
