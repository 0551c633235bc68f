import type { EventDraft } from '../../model/event.ts';
import type { Row } from '../../model/rows.ts';
import type { EngineContext } from '../context.ts';
import { appendHistory } from '../history/append-history.ts';
import type { Publication } from './project.ts';
import { publish, type Sources } from './publish.ts';

/** The first version of an estate, made from all of its sources: plain data, so that another thread can publish it. */
export interface FirstPublication {
  readonly history: readonly EventDraft[];
  /** Sorted by table and key. */
  readonly rows: readonly Row[];
  readonly sources: Omit<Sources, 'changesSince'>;
  readonly hash: string;
  readonly counts: Publication['counts'];
}

export interface FirstPublished {
  /** Whether this process took the history; another one may have. */
  readonly tookHistory: boolean;
  readonly version: number;
  readonly hash: string;
  readonly changed: boolean;
  readonly put: number;
  readonly removed: number;
}

/**
 * Publishes the first version in another thread, while the caller keeps what a later process starts from. Never needed: who has
 * no such thread, or whose thread fails, publishes as always.
 */
export interface PublishBeside {
  /**
   * The thread is made ready meanwhile; undefined where one would cost more than it gains.
   * @param files how large the estate is
   */
  start(files: number): BesidePublisher | undefined;
}

export interface BesidePublisher {
  /** Undefined where the thread failed, whatever it had done by then: all of it can be done again. */
  publish(first: FirstPublication): Promise<FirstPublished | undefined>;
  /** Lets go of a thread that nobody needs. */
  end(): void;
}

/** History, then the version; where another process was first, what differs from its version. */
export async function publishFirst(
  context: EngineContext,
  { history, rows, sources, hash, counts }: FirstPublication,
): Promise<FirstPublished> {
  const ledger = await context.stores.ledger();
  const tookHistory = history.length === 0 || (await appendHistory(ledger, history));
  const all = () => new Map(rows.map((row) => [`${row.table}|${row.key}`, row]));
  const { version, changed, delta, ...published } = await publish(context, all, {
    ...sources,
    changesSince: (parent) => (parent === undefined ? { delta: { put: rows, remove: [] }, hash, counts } : undefined),
  });
  return {
    tookHistory,
    version,
    changed,
    hash: published.hash,
    put: delta.put.length,
    removed: delta.remove.length,
  };
}
