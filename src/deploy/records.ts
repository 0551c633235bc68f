import type { RunRecord } from '../model/record.ts';
import { deploymentKey } from '../model/record.ts';
import type { Ledger } from '../stores/ledger/port.ts';

/**
 * The newest records of each deployment, kept as small documents beside the events they come from, so that a question about
 * one component need not read the ledger. The events are the truth: these can be made again from them.
 */
export interface KeptRecords {
  /** The last run, whatever came of it. */
  readonly last: RunRecord;
  /** The last apply that finished. */
  readonly finished?: RunRecord;
}

const kind = 'record';

export async function recordsOf(
  ledger: Ledger,
  component: string,
  deployment: string,
): Promise<KeptRecords | undefined> {
  const found = await ledger.getDocument(kind, deploymentKey(component, deployment));
  return found?.body as KeptRecords | undefined;
}

/** Every deployment's records, by {@link deploymentKey}. */
export async function allRecords(ledger: Ledger): Promise<ReadonlyMap<string, KeptRecords>> {
  const all = new Map<string, KeptRecords>();
  let after: string | undefined;
  for (;;) {
    const page = await ledger.listDocuments(kind, after === undefined ? { limit: 500 } : { after, limit: 500 });
    for (const one of page) all.set(one.id, one.body as KeptRecords);
    after = page.at(-1)?.id;
    if (page.length < 500 || after === undefined) return all;
  }
}

/**
 * Keeps a record. A reconstructed one never replaces a record of Karma's own that is as new: what a state shows is less than
 * what a run knows.
 */
export async function keepRecord(ledger: Ledger, record: RunRecord): Promise<void> {
  const id = deploymentKey(record.component, record.deployment);
  for (;;) {
    const found = await ledger.getDocument(kind, id);
    const before = found?.body as KeptRecords | undefined;
    if (record.reconstructed && before !== undefined && knowsMore(before.last, record)) return;
    const applied = record.action === 'apply' && record.outcome === 'finished';
    const finished = applied
      ? record
      : record.action === 'destroy' && record.outcome === 'finished'
        ? undefined
        : before?.finished;
    const body: KeptRecords = finished === undefined ? { last: record } : { last: record, finished };
    if (await ledger.putDocument(kind, id, body, found?.revision ?? 0)) return;
  }
}

/** Of two records that others left, the later one counts: its outputs may be equal and what it consumed new. */
function knowsMore(before: RunRecord, now: RunRecord): boolean {
  return !before.reconstructed && before.outcome === now.outcome && before.version === now.version;
}

/**
 * What stands for everything a provider has in the cloud: the run that last changed a resource of it. Undefined when its runs
 * are not known, for then nobody can say.
 */
export function cloudChangeOf(records: KeptRecords | undefined): string | null | undefined {
  if (records === undefined || records.last.reconstructed) return undefined;
  return records.last.cloudChange;
}
