import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { hashRows } from '../../model/merkle.ts';
import { type Row, rowId } from '../../model/rows.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';
import { rebuildDocuments } from '../ledger/rebuild-documents.ts';
import { verifyWhole } from '../ledger/verify.ts';
import { PastVersions } from './past-versions.ts';
import { graphCounter, type Publication, publicationOf, publishedAction, readDelta, rollForward } from './project.ts';

export interface VersionEntry extends Publication {
  readonly at: string;
  readonly actor: string;
  readonly cause?: string;
}

export interface VersionsAnswer {
  readonly versions: readonly VersionEntry[];
  /** The number of the last one's event, where more may follow: `before` goes on with it. */
  readonly next?: number;
}

/** Published versions, newest first. */
export async function listVersions(
  context: EngineContext,
  { limit, before }: { readonly limit: number; readonly before?: number },
): Promise<VersionsAnswer> {
  const ledger = await context.stores.ledger();
  const earlier = before === undefined ? {} : { after: before };
  const events = await ledger.read({ action: publishedAction, limit, backwards: true, ...earlier });
  const versions = events.map(({ at, actor, cause, details }) => ({
    ...(details as unknown as Publication),
    at,
    actor,
    ...(cause === undefined ? {} : { cause }),
  }));
  const last = events.at(-1);
  return {
    versions,
    ...(last === undefined || versions.at(-1)?.version === 1 || events.length < limit ? {} : { next: last.seq }),
  };
}

/** The newest version committed by then. @throws KARMA_NO_SUCH_VERSION for a time before the first, naming it */
export async function versionAt(context: EngineContext, time: string): Promise<number> {
  const ledger = await context.stores.ledger();
  let after: number | undefined;
  let earliest: { version: number; at: string } | undefined;
  for (;;) {
    const page = await ledger.read({
      action: publishedAction,
      limit: 100,
      backwards: true,
      ...(after === undefined ? {} : { after }),
    });
    for (const event of page) {
      earliest = { version: (event.details as unknown as Publication).version, at: event.at };
      if (Date.parse(event.at) <= Date.parse(time)) return earliest.version;
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.seq;
  }
  throw new KarmaError(
    'KARMA_NO_SUCH_VERSION',
    earliest === undefined ? 'nothing was published yet' : `nothing was published by ${time}`,
    {
      hint:
        earliest === undefined
          ? '`karma build` publishes the first version'
          : `the first is v${earliest.version}, of ${earliest.at}`,
    },
  );
}

export interface StoreVerdict {
  readonly version: number;
  readonly expected: string;
  readonly found: string;
  readonly same: boolean;
  /** Everything in which ledger and store are not what events say, in words. Empty when the verdict is that they are. */
  readonly problems: readonly string[];
  /** Documents that were made again from events. */
  readonly rebuilt?: readonly string[];
}

/**
 * Makes again what the ledger's events tell: documents and leases that were edited, and the graph store out of every recorded delta. Whether
 * that can be done is looked at first: a store that still answers is not thrown away for nothing.
 */
export async function rebuildStore(context: EngineContext): Promise<StoreVerdict> {
  const ledger = await context.stores.ledger();
  const { faults } = await verifyWhole(ledger);
  const rebuilt = await rebuildDocuments(context, faults);
  for (const { kind, name, fence } of faults)
    if (kind === 'lease' && fence !== undefined) await ledger.leases.raise(name, fence);
  await replay(ledger);
  await (await context.stores.graph()).clear();
  return { ...(await verifyStore(context)), rebuilt };
}

/**
 * Whether the ledger holds and a rebuild of it gives what the store has: every delta is replayed in memory and compared with what
 * the store says lies between two versions, and the rows of the newest one by one, what is not hashed included.
 */
export async function verifyStore(context: EngineContext): Promise<StoreVerdict> {
  const ledger = await context.stores.ledger();
  const { chain, faults } = await verifyWhole(ledger);
  const problems = [...(chain.sound ? [] : [chain.break.message]), ...faults.map(({ message }) => message)];
  if (problems.length > 0)
    return { version: await ledger.counter(graphCounter), expected: '', found: '', same: false, problems };
  const store = await context.stores.graph();
  const version = await rollForward(ledger, store);
  if (version === 0) return { version, expected: '', found: '', same: true, problems };
  const past = new PastVersions(store, await forgottenBefore(ledger));
  const replayed = await replay(ledger, past);
  const { publication } = await publicationOf(ledger, version);
  const rows = await store.load(version);
  const found = hashRows(rows).hash;
  const differing = differingRows(replayed, rows);
  if (hashRows(replayed.values()).hash !== publication.hash)
    problems.push(`the recorded deltas do not lead to v${version} as it was published`);
  if (differing.length > 0)
    problems.push(
      `the store differs from the recorded deltas in ${differing.length} rows: ${differing.slice(0, 3).join(', ')}`,
    );
  await past.finish();
  problems.push(...past.problems);
  const same = found === publication.hash && problems.length === 0;
  return { version, expected: publication.hash, found, same, problems };
}

/** The rows that all deltas lead to. @throws KARMA_DATA_CORRUPT when one is not there any more */
async function replay(ledger: Ledger, past?: PastVersions): Promise<ReadonlyMap<string, Row>> {
  const newest = await ledger.counter(graphCounter);
  const rows = new Map<string, Row>();
  for (let version = 1; version <= newest; version += 1) {
    const { publication } = await publicationOf(ledger, version);
    const { put, remove } = await readDelta(ledger, publication);
    await past?.compare(publication, { put, remove }, rows);
    for (const row of remove) rows.delete(rowId(row));
    for (const row of put) rows.set(rowId(row), row);
  }
  return rows;
}

function differingRows(expected: ReadonlyMap<string, Row>, found: readonly Row[]): readonly string[] {
  const left = new Set(expected.keys());
  const differing: string[] = [];
  for (const row of found) {
    const name = rowId(row);
    const other = expected.get(name);
    left.delete(name);
    if (other === undefined || other.value !== row.value || (other.note ?? '') !== (row.note ?? ''))
      differing.push(name);
  }
  return [...differing, ...left].sort(byCodeUnit);
}

const forgottenAction = 'graph.forgotten';

/** The first version that nobody forgot. */
async function forgottenBefore(ledger: Ledger): Promise<number> {
  let first = 1;
  for (let after = 0; ; ) {
    const page = await ledger.read({ action: forgottenAction, limit: 500, ...(after === 0 ? {} : { after }) });
    for (const { details } of page) first = Math.max(first, Number(details['before']));
    const last = page.at(-1)?.seq;
    if (page.length < 500 || last === undefined) return first;
    after = last;
  }
}

/** Forgets in the store what was visible only before a version. The ledger keeps its deltas. */
export async function forgetVersions(context: EngineContext, before: number): Promise<void> {
  const ledger = await context.stores.ledger();
  const newest = await ledger.counter(graphCounter);
  if (before > newest)
    throw new KarmaError('KARMA_NO_SUCH_VERSION', `there is no graph version v${before}`, {
      hint: `the newest is v${newest}`,
    });
  const store = await context.stores.graph();
  await rollForward(ledger, store);
  await store.forgetBefore(before);
  await ledger.append([
    {
      action: forgottenAction,
      actor: context.actor,
      door: context.door,
      subject: `v${before}`,
      outcome: 'ok',
      at: context.now(),
      details: { before },
    },
  ]);
}
