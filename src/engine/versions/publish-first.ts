import { type Row, rowId } from '../../model/rows.ts';
import type { EngineContext } from '../context.ts';
import { appendHistory, type TakenHistory } from '../history/append-history.ts';
import { traced } from '../traced.ts';
import type { Publication } from './project.ts';
import { publish, putDelta, type Sources } from './publish.ts';

/** The rows of an estate's first version, made from all of its sources: plain data, so that another thread can publish it. */
export interface FirstRows {
  /** Sorted by table and key. */
  readonly rows: readonly Row[];
  readonly hash: string;
  readonly counts: Publication['counts'];
}

/** In whose name it is published. */
export type Publisher = Pick<EngineContext, 'actor' | 'person' | 'door' | 'trace'>;

/** What is published with them. */
export interface FirstPublication {
  readonly history: TakenHistory;
  readonly sources: Omit<Sources, 'changesSince'>;
  readonly publisher: Publisher;
}

export interface FirstPublished {
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
  /** Rows first: they are much work by themselves. */
  take(rows: FirstRows): void;
  /** Undefined where the thread failed, whatever it had done by then: all of it can be done again. */
  publish(first: FirstPublication): Promise<FirstPublished | undefined>;
  /** Lets go of a thread that nobody needs. */
  end(): void;
}

/** The other thread's part. */
export class FirstPublisher {
  readonly #context: EngineContext;
  readonly #rows: FirstRows;
  readonly #object: Promise<string>;

  constructor(context: EngineContext, rows: FirstRows) {
    this.#context = context;
    this.#rows = rows;
    this.#object = context.stores.ledger().then((ledger) => putDelta(ledger, { put: rows.rows, remove: [] }));
    // Awaited in `publish`; until then a failure must not count as unhandled.
    this.#object.catch(() => undefined);
  }

  /** History, then the version; where another process was first, what differs from its version. */
  async publish({ history, sources, publisher: { trace, ...who } }: FirstPublication): Promise<FirstPublished> {
    const { rows, hash, counts } = this.#rows;
    const object = await this.#object;
    const context = traced({ ...this.#context, ...who }, trace);
    const ledger = await context.stores.ledger();
    await appendHistory(ledger, history);
    const all = () => new Map(rows.map((row) => [rowId(row), row]));
    const published = await publish(context, all, {
      ...sources,
      changesSince: (parent) =>
        parent === undefined ? { delta: { put: rows, remove: [] }, hash, counts, object } : undefined,
    });
    const { version, changed, delta } = published;
    return {
      version,
      changed,
      hash: published.hash,
      put: delta.put.length,
      removed: delta.remove.length,
    };
  }
}
