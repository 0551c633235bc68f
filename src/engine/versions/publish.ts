import { roomFor, TextBuffer } from '../../graph/text-buffer.ts';
import { KarmaError } from '../../model/errors.ts';
import { hashRows, updateHash } from '../../model/merkle.ts';
import { type Delta, deltaBetween, deltaParts, type Row, rowId } from '../../model/rows.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { readingRevision } from '../reading.ts';
import {
  graphCounter,
  type Manifest,
  type Publication,
  publicationOf,
  publishedAction,
  rollForward,
  versionSubject,
} from './project.ts';

export interface Published {
  readonly version: number;
  readonly hash: string;
  /** False when nothing differed, so nothing was published. */
  readonly changed: boolean;
  readonly delta: Delta;
}

/** What a version is made from. */
export interface Sources {
  readonly manifest: Manifest;
  /** See {@link Publication.identity}. */
  readonly identity: string;
  readonly environment: Publication['environment'];
  /** The event that this version follows from. */
  readonly cause?: string;
  /**
   * What changed since a version, or since nothing, where that is known without looking at its rows; it must be what its rows
   * would show.
   */
  readonly changesSince?: (parent: Publication | undefined) => KnownChange | undefined;
}

/** A change, and what it leads to. */
export interface KnownChange {
  readonly delta: Delta;
  readonly hash: string;
  readonly counts: Publication['counts'];
  /** The delta's object, where it was put already. */
  readonly object?: string;
}

/** Puts a delta where publications find it; answers its digest. */
export function putDelta(ledger: Ledger, delta: Delta): Promise<string> {
  const { put } = delta;
  // Half again, for what is escaped and for the names of a row's parts.
  const lengthAt = (place: number) => ((put[place]?.value.length ?? 0) + (put[place]?.note.length ?? 0)) * 1.5 + 256;
  const bytes = new TextBuffer(roomFor(put.length, lengthAt));
  for (const part of deltaParts(delta)) bytes.append(part);
  return ledger.putObject(bytes.bytes);
}

const races = 20;

/**
 * Publishes rows as the next graph version: the delta becomes an object, then one event is appended on condition that the
 * version it starts from is still the newest. Whoever loses that race compares again with what the winner published.
 * The ledger is the commit point; the store is brought up to date afterwards and may be repaired by anyone.
 *
 * @param rowsAfter what the new version shall hold, given the rows before it: sources that were not read keep their rows.
 */
export async function publish(
  context: EngineContext,
  rowsAfter: (before: ReadonlyMap<string, Row>) => ReadonlyMap<string, Row>,
  { manifest, identity, environment, cause, changesSince }: Sources,
): Promise<Published> {
  const ledger = await context.stores.ledger();
  const store = await context.stores.graph();
  for (let attempt = 0; attempt < races; attempt++) {
    const parent = await rollForward(ledger, store);
    const known = changesSince?.(parent === 0 ? undefined : (await publicationOf(ledger, parent)).publication);
    const { delta, hash, counts, object }: KnownChange =
      known ?? changeOf(parent === 0 ? [] : await store.load(parent), rowsAfter);
    if (delta.put.length === 0 && delta.remove.length === 0) {
      return { version: parent, hash: (await store.hash(parent)) ?? hash, changed: false, delta };
    }
    const version = parent + 1;
    const publication: Publication = {
      version,
      parent,
      delta: object ?? (await putDelta(ledger, delta)),
      hash,
      manifest,
      identity,
      environment,
      counts,
      changed: { put: delta.put.length, removed: delta.remove.length },
      reading: readingRevision,
    };
    const appended = await ledger.append(
      [
        {
          action: publishedAction,
          actor: context.actor,
          door: context.door,
          subject: versionSubject(version),
          outcome: 'ok',
          at: context.now(),
          ...(cause === undefined ? {} : { cause }),
          details: { ...publication },
        },
      ],
      { counter: graphCounter, from: parent, to: version },
    );
    if (appended === false) continue;
    await store.apply(version, delta, hash);
    return { version, hash, changed: true, delta };
  }
  throw new KarmaError('KARMA_CONFLICT', `other builds were first ${races} times in a row`, {
    hint: 'run `karma build` again',
  });
}

function changeOf(
  rows: readonly Row[],
  rowsAfter: (before: ReadonlyMap<string, Row>) => ReadonlyMap<string, Row>,
): KnownChange {
  const before = new Map(rows.map((row) => [rowId(row), row]));
  const after = rowsAfter(before);
  const delta = deltaBetween(before, after);
  const { hash } = updateHash(hashRows(before.values()), delta);
  return { delta, hash, counts: countsOf(after) };
}

function countsOf(rows: ReadonlyMap<string, Row>): Publication['counts'] {
  let components = 0;
  let references = 0;
  let findings = 0;
  for (const { table } of rows.values()) {
    if (table === 'component') components += 1;
    else if (table === 'reference') references += 1;
    else if (table === 'finding') findings += 1;
  }
  return { components, references, findings };
}
