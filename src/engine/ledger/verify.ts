import { changeKind } from '../../change/change.ts';
import { recordOf, runActions } from '../../consequence/run-events.ts';
import { deployKind, runKind } from '../../deploy/journal.ts';
import { recordKind } from '../../deploy/records.ts';
import { isKarmaError } from '../../model/errors.ts';
import type { LedgerEvent } from '../../model/event.ts';
import { deploymentKey } from '../../model/record.ts';
import { documentDigest } from '../../stores/ledger/binding.ts';
import { type ChainVerdict, verifyLedger } from '../../stores/ledger/chain.ts';
import type { Ledger } from '../../stores/ledger/port.ts';
import { BoundByEvents, type BoundFault } from '../../stores/ledger/verify-bound.ts';
import type { EngineContext } from '../context.ts';
import { historyKind } from '../history/git-log.ts';
import { requestKind } from '../requests/run-request.ts';
import { graphCounter, publishedAction } from '../versions/project.ts';
import { breathing } from '../wanted.ts';

/** Kinds of documents that Karma keeps in a ledger. */
export const documentKinds = [recordKind, deployKind, runKind, historyKind, changeKind, requestKind] as const;

export interface LedgerVerdict {
  readonly chain: ChainVerdict;
  /** What rests on events and is not what they say. Sorted by the event. Empty where the chain itself does not hold. */
  readonly faults: readonly BoundFault[];
}

/** The chain, and everything that rests on it: documents, objects, counters. Reads all of them; changes nothing. */
export async function verifyWhole(ledger: Ledger, asked: Pick<EngineContext, 'signal'> = {}): Promise<LedgerVerdict> {
  const bound = new BoundByEvents();
  const objects = new Map<string, number>();
  const vouched = new Vouched();
  const breathe = breathing(asked);
  const chain = await verifyLedger(ledger, 1000, async (events) => {
    bound.take(events);
    for (const event of events) {
      await breathe();
      vouched.take(event);
      for (const digest of objectsOf(event)) objects.set(digest, event.seq);
      if (event.action === publishedAction) bound.counter(graphCounter, Number(event.details['version']), event.seq);
    }
  });
  if (!chain.sound) return { chain, faults: [] };
  const documents = await bound.faults(ledger, documentKinds, (kind, id, body) => vouched.for(kind, id, body));
  const faults = [...documents, ...(await objectFaults(ledger, objects))];
  return { chain, faults: faults.sort((a, b) => a.seq - b.seq) };
}

/** Objects that an event names by their digest. */
function objectsOf({ action, details }: LedgerEvent): readonly string[] {
  if (action === publishedAction) return [String(details['delta'])];
  const { simulation } = details as { readonly simulation?: { readonly digest?: unknown } };
  if (typeof simulation?.digest === 'string') return [simulation.digest];
  return action === runActions.deployStarted && typeof details['members'] === 'string' ? [details['members']] : [];
}

async function objectFaults(ledger: Ledger, objects: ReadonlyMap<string, number>): Promise<readonly BoundFault[]> {
  const faults: BoundFault[] = [];
  for (const [name, seq] of objects) {
    try {
      if ((await ledger.getObject(name)) !== undefined) continue;
      faults.push({ seq, kind: 'object', name, message: `the object ${name.slice(0, 12)} of event ${seq} is missing` });
    } catch (error) {
      if (!isKarmaError(error) || error.code !== 'KARMA_DATA_CORRUPT') throw error;
      faults.push({ seq, kind: 'object', name, message: `${error.message}, though event ${seq} names it` });
    }
  }
  return faults;
}

/**
 * What a ledger that began before documents were bound says of them: a record must be one that some event carries; a deploy or a
 * run must have been begun. How far history was read is bound by no event of old.
 */
class Vouched {
  readonly #records = new Set<string>();
  readonly #deploys = new Set<string>();

  take(event: LedgerEvent): void {
    const record = recordOf(event);
    if (record !== undefined)
      this.#records.add(`${deploymentKey(record.component, record.deployment)}\n${documentDigest(record)}`);
    if (event.action === runActions.deployStarted) this.#deploys.add(event.subject);
  }

  for(kind: string, id: string, body: unknown): boolean {
    if (kind === deployKind) return this.#deploys.has(id);
    if (kind === runKind) return this.#deploys.has(id.slice(0, Math.max(0, id.indexOf('/'))));
    if (kind === changeKind) return false;
    if (kind !== recordKind) return true;
    const { last, finished } = body as { readonly last?: unknown; readonly finished?: unknown };
    const known = (record: unknown) => this.#records.has(`${id}\n${documentDigest(record)}`);
    return known(last) && (finished === undefined || known(finished));
  }
}
