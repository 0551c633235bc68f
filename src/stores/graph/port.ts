import type { Delta, Row, RowTable } from '../../model/rows.ts';

/**
 * A projection of the ledger: the rows of each graph version as generation intervals; a row is visible at version G iff
 * `from ≤ G < to`. It only applies committed deltas, in order, idempotently; a store that is behind is rolled forward.
 */
export interface GraphStore {
  /** The newest version whose delta was applied in full; 0 for an empty store. */
  head(): Promise<number>;
  /**
   * Applies the delta that leads from `version - 1` to `version`. Answers `applied`; `already` when the head is at or beyond
   * `version`; `behind` when the head is before `version - 1` and the caller must roll forward first. A crash between leaves
   * the head where it was and may be repeated.
   */
  apply(version: number, delta: Delta, hash: string): Promise<'applied' | 'already' | 'behind'>;
  /** All rows visible at a version, sorted by table and key. @throws KARMA_NO_SUCH_VERSION */
  load(version: number): Promise<readonly Row[]>;
  /** The content hash recorded with a version. */
  hash(version: number): Promise<string | undefined>;
  /** Every state a row ever had, oldest first. */
  history(table: RowTable, key: string): Promise<readonly RowInterval[]>;
  /** What leads from one version to a later one, read from the intervals. */
  between(from: number, to: number): Promise<Delta>;
  /** Forgets what was visible only before `version`; later versions are untouched. */
  forgetBefore(version: number): Promise<void>;
  /** Drops everything, so that the ledger can be replayed into it. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface RowInterval {
  readonly from: number;
  /** Exclusive; undefined while the row is visible at the head. */
  readonly to: number | undefined;
  readonly row: Row;
}
