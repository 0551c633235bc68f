import { KarmaError } from '../../model/errors.ts';
import { hashRows } from '../../model/merkle.ts';
import type { EngineContext } from '../context.ts';
import { graphCounter, type Publication, publicationOf, publishedAction, rollForward } from './project.ts';

export interface VersionEntry extends Publication {
  readonly at: string;
  readonly actor: string;
  readonly cause?: string;
}

/** Published versions, newest first. */
export async function listVersions(context: EngineContext, limit: number): Promise<readonly VersionEntry[]> {
  const ledger = await context.stores.ledger();
  const events = await ledger.read({ action: publishedAction, limit, backwards: true });
  return events.map(({ at, actor, cause, details }) => ({
    ...(details as unknown as Publication),
    at,
    actor,
    ...(cause === undefined ? {} : { cause }),
  }));
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
}

/** Drops the graph store and replays every recorded delta into it; the hash must come out the same. */
export async function rebuildStore(context: EngineContext): Promise<StoreVerdict> {
  const store = await context.stores.graph();
  await store.clear();
  return verifyStore(context);
}

/** Whether the rows of the newest version have the hash that the ledger committed. */
export async function verifyStore(context: EngineContext): Promise<StoreVerdict> {
  const ledger = await context.stores.ledger();
  const store = await context.stores.graph();
  const version = await rollForward(ledger, store);
  if (version === 0) return { version, expected: '', found: '', same: true };
  const { publication } = await publicationOf(ledger, version);
  const found = hashRows(await store.load(version)).hash;
  return { version, expected: publication.hash, found, same: found === publication.hash };
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
      action: 'graph.forgotten',
      actor: context.actor,
      door: context.door,
      subject: `v${before}`,
      outcome: 'ok',
      at: context.now(),
      details: { before },
    },
  ]);
}
