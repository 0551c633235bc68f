import { allRecords, type KeptRecords, recordKind } from '../../deploy/records.ts';
import { documentName } from '../../stores/ledger/binding.ts';
import type { Ledger, LedgerHead } from '../../stores/ledger/port.ts';

type Records = ReadonlyMap<string, KeptRecords>;

/** Beyond so many new events all records are read again. */
const mostEvents = 500;

/**
 * Every deployment's records, in a process that stays: what events of since say was written is read, the rest is as it was. An
 * event names the documents that were written with it, so there is no other way for one to change.
 */
export class ResidentRecords {
  #head: LedgerHead | undefined;
  #records: Records = new Map();

  /** The same map as long as nothing was written. */
  async of(ledger: Ledger): Promise<Records> {
    const head = await ledger.head();
    if (this.#head !== undefined && head.seq === this.#head.seq && head.hash === this.#head.hash) return this.#records;
    const written = this.#head === undefined ? undefined : await writtenSince(ledger, this.#head);
    this.#records = written === undefined ? await allRecords(ledger) : await this.#with(ledger, written);
    this.#head = head;
    return this.#records;
  }

  async #with(ledger: Ledger, ids: ReadonlySet<string>): Promise<Records> {
    if (ids.size === 0) return this.#records;
    const records = new Map(this.#records);
    // A new one has its place among the others, and of two that speak of one state the later one counts.
    if ([...ids].some((id) => !records.has(id))) return allRecords(ledger);
    for (const id of ids) {
      const found = await ledger.getDocument(recordKind, id);
      if (found !== undefined) records.set(id, found.body as KeptRecords);
    }
    return records;
  }
}

/** Ids of the records that events behind a head wrote; undefined where that head is no more, or too long ago. */
async function writtenSince(ledger: Ledger, { seq, hash }: LedgerHead): Promise<ReadonlySet<string> | undefined> {
  const events = await ledger.read({ after: Math.max(0, seq - 1), limit: mostEvents + 1 });
  const behind = seq === 0 ? events : events.slice(1);
  if (seq > 0 && events[0]?.hash !== hash) return undefined;
  if (behind.length >= mostEvents) return undefined;
  const kind = documentName(recordKind, '');
  const names = behind.flatMap(({ bound }) => Object.keys(bound?.documents ?? {}));
  return new Set(names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length)));
}
