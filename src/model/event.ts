/** One immutable fact in the ledger. */
export type Door = 'cli' | 'api' | 'ui' | 'mcp' | 'schedule' | 'lambda';

export interface EventDraft {
  /** `graph.published`, `config.published`, `run.applied` … */
  readonly action: string;
  readonly actor: string;
  readonly door: Door;
  /** What it is about: a component id, a version, a change request. */
  readonly subject: string;
  /** An attribute, not a partition: an estate has one sequence. */
  readonly environment?: string;
  /** The id of the event it follows from. */
  readonly cause?: string;
  /** The trace that whoever asked for it belongs to (W3C Trace Context): 32 hex digits. */
  readonly trace?: string;
  readonly outcome: 'ok' | 'failed' | 'refused' | 'intent';
  /** ISO 8601, UTC. Injected. */
  readonly at: string;
  /** Made from Git or parameter history, not witnessed. */
  readonly reconstructed?: boolean;
  /** JSON, redacted at the source. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What was written together with it, so that an edited one shows; made by the ledger itself. */
  readonly bound?: Bound;
}

export interface Bound {
  /** By `kind/id`: SHA-256 over the canonical JSON of the body. */
  readonly documents?: Readonly<Record<string, string>>;
  /** By `kind/id`: the revision it then had. Older events do not say it. */
  readonly revisions?: Readonly<Record<string, number>>;
  /** What counters were moved to. */
  readonly counters?: Readonly<Record<string, number>>;
  /** The fences under which it was written, by the lease's name. A lease never falls below one. Older events do not say it. */
  readonly fences?: Readonly<Record<string, number>>;
}

export interface LedgerEvent extends EventDraft {
  /** From 1, without gaps. */
  readonly seq: number;
  /** `e<seq>`. */
  readonly id: string;
  /** Hash of the event before; 64 zeros for the first. */
  readonly previous: string;
  /** SHA-256 over `previous` and the canonical JSON of the event without `hash`. */
  readonly hash: string;
}
