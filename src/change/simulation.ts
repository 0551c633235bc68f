import type { FindingCause } from '../graph/findings-by-cause.ts';
import type { Comparison } from '../graph/impact-of-change/compare.ts';
import type { GraphDiff } from '../graph/operations/diff.ts';
import type { Order } from '../graph/operations/order.ts';
import type { Finding } from '../model/finding.ts';
import type { Footprint } from './footprint.ts';
import type { Clause } from './unblock.ts';

/** Something that stands in the way of a change. */
export interface Blocker {
  /** `contract-broken`, `dangling-reference`, `variable-required`, `policy` …: a finding's code, or what else it is. */
  readonly code: string;
  /** Whom it is told of. */
  readonly subject: string;
  readonly message: string;
  /** Tells two of one code and subject apart. */
  readonly key: string;
  /** What would take it away: one move of each clause. None: only another change does. */
  readonly clauses: readonly Clause[];
}

/** Raised where a simulation holds something else than before: what an older Karma kept is found out anew. */
export const simulationFormat = 1;

/**
 * What a change would do, found out without running anything: a function of the two commits, of what the parameter stores hold, and
 * of Karma. Holds no time and no person, so that an equal consequence is an equal document with an equal digest.
 */
export interface Simulation {
  /** {@link simulationFormat}; one of another is not read. */
  readonly format: number;
  /** The followed ref, and the content as it would be on top of it. */
  readonly base: string;
  readonly head: string;
  /** Files that Git cannot put together with what the followed ref holds by now; then nothing else could be found out. */
  readonly conflicts: readonly string[];
  readonly files: readonly { readonly path: string; readonly kind: 'added' | 'modified' | 'deleted' }[];
  /** Two lines: what it does, and what to make of it. */
  readonly summary: readonly [string, string];
  readonly comparison: Comparison;
  readonly graph: GraphDiff;
  /** What would run, in which order. */
  readonly order: Pick<Order, 'waves' | 'cycles' | 'critical' | 'notRun'>;
  /** What gets worse: findings that come, contracts, variables and states included. */
  readonly worse: readonly Finding[];
  /** Findings of the later end that the earlier does not have, by what causes them. */
  readonly causes: readonly FindingCause[];
  readonly blockers: readonly Blocker[];
  readonly footprint: Footprint;
}
