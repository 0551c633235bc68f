import { KarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import type { Delta } from '../../model/rows.ts';
import type { GraphStore } from '../../stores/graph/port.ts';
import type { Ledger } from '../../stores/ledger/port.ts';

/** What a `graph.published` event says; the delta itself is an object named by its digest. */
export interface Publication {
  readonly version: number;
  readonly parent: number;
  /** Digest of the delta's object. */
  readonly delta: string;
  /** Content hash of the version. */
  readonly hash: string;
  readonly manifest: Manifest;
  /** Digest of everything the version was made from; an estate with the same one need not be read again. */
  readonly identity: string;
  /** Environment values that it rests on, as sealed digests. */
  readonly environment: Readonly<Record<string, string | null>>;
  readonly counts: { readonly components: number; readonly references: number; readonly findings: number };
  readonly changed: { readonly put: number; readonly removed: number };
  /** How whoever published it reads an estate: a higher number finds more. Left out by an earlier Karma. */
  readonly reading?: number;
}

/** Each source with the position that was read; `read: false` keeps what was last seen of it. */
export type Manifest = readonly SourcePosition[];

export interface SourcePosition {
  readonly source: string;
  /** A commit, `worktree`, or the digest of what was listed. */
  readonly position: string;
  readonly read: boolean;
  readonly reason?: string;
  /** When this position was read, ISO 8601. */
  readonly at: string;
}

export const graphCounter = 'graph';
export const publishedAction = 'graph.published';

export function versionSubject(version: number): string {
  return `v${version}`;
}

export interface FoundPublication {
  readonly event: LedgerEvent;
  readonly publication: Publication;
}

/** The event that published a version. @throws KARMA_NO_SUCH_VERSION */
export async function publicationOf(ledger: Ledger, version: number): Promise<FoundPublication> {
  const [event] = await ledger.read({ action: publishedAction, subject: versionSubject(version), limit: 1 });
  if (event === undefined) {
    const newest = await ledger.counter(graphCounter);
    throw new KarmaError('KARMA_NO_SUCH_VERSION', `there is no graph version v${version}`, {
      hint:
        newest === 0
          ? 'nothing was published yet: `karma build` publishes the first version'
          : `the newest is v${newest}; \`karma graph versions\` lists them`,
    });
  }
  return { event, publication: event.details as unknown as Publication };
}

/**
 * Applies every committed delta that a store has not seen yet, in order. Any process may do it at any time; doing it twice
 * is nothing. Answers the version the store now stands at.
 */
export async function rollForward(ledger: Ledger, store: GraphStore): Promise<number> {
  const target = await ledger.counter(graphCounter);
  let head = await store.head();
  // Between the two questions another process may have published; a store ahead of what the ledger says now is not ours.
  const published = head > target ? await ledger.counter(graphCounter) : target;
  if (head > published)
    throw new KarmaError(
      'KARMA_DATA_CORRUPT',
      `the graph store stands at v${head}, the ledger at v${published}: they are of two estates`,
      {
        hint: 'give each estate a name and a ledger of its own, or empty the store: `karma store rebuild`',
      },
    );
  while (head < target) {
    const { publication } = await publicationOf(ledger, head + 1);
    const applied = await store.apply(publication.version, await readDelta(ledger, publication), publication.hash);
    if (applied === 'behind')
      throw new KarmaError('KARMA_DATA_CORRUPT', `the graph store did not take v${publication.version}`, {
        hint: 'rebuild it from the ledger: `karma store rebuild`',
      });
    head = await store.head();
  }
  return head;
}

export async function readDelta(ledger: Ledger, publication: Publication): Promise<Delta> {
  return JSON.parse(await deltaText(ledger, publication)) as Delta;
}

/** The delta as it was written. @throws KARMA_DATA_CORRUPT */
export async function deltaText(ledger: Ledger, publication: Pick<Publication, 'version' | 'delta'>): Promise<string> {
  const bytes = await ledger.getObject(publication.delta);
  if (bytes === undefined)
    throw new KarmaError('KARMA_DATA_CORRUPT', `the delta of v${publication.version} is missing from the ledger`, {
      hint: '`karma log verify` says what else is',
      details: { object: publication.delta },
    });
  return new TextDecoder().decode(bytes);
}
