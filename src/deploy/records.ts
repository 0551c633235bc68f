import type { EventDraft } from '../model/event.ts';
import type { RunRecord } from '../model/record.ts';
import { deploymentKey } from '../model/record.ts';
import type { AppendTogether, DocumentWrite, Ledger } from '../stores/ledger/port.ts';

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

export const recordKind = 'record';

export async function recordsOf(
  ledger: Ledger,
  component: string,
  deployment: string,
): Promise<KeptRecords | undefined> {
  const found = await ledger.getDocument(recordKind, deploymentKey(component, deployment));
  return found?.body as KeptRecords | undefined;
}

/** Every deployment's records, by {@link deploymentKey}. */
export async function allRecords(ledger: Ledger): Promise<ReadonlyMap<string, KeptRecords>> {
  const all = new Map<string, KeptRecords>();
  let after: string | undefined;
  for (;;) {
    const page = await ledger.listDocuments(recordKind, after === undefined ? { limit: 500 } : { after, limit: 500 });
    for (const one of page) all.set(one.id, one.body as KeptRecords);
    after = page.at(-1)?.id;
    if (page.length < 500 || after === undefined) return all;
  }
}

/**
 * Appends events and keeps a record with them, or neither. A reconstructed record never replaces one of Karma's own that is as
 * new: what a state shows is less than what a run knows.
 *
 * @param beside further documents, read anew each time somebody else was first
 */
export async function appendWithRecord(
  ledger: Ledger,
  drafts: readonly EventDraft[],
  record: RunRecord | undefined,
  { leases, beside = async () => [] }: Together = {},
): Promise<void> {
  for (;;) {
    const documents = [...(record === undefined ? [] : await recordWrite(ledger, record)), ...(await beside())];
    const together = { documents, ...(leases === undefined ? {} : { leases }) };
    if ((await ledger.append(drafts, undefined, together)) !== false) return;
  }
}

interface Together {
  readonly leases?: AppendTogether['leases'];
  readonly beside?: () => Promise<readonly DocumentWrite[]>;
}

async function recordWrite(ledger: Ledger, record: RunRecord): Promise<readonly DocumentWrite[]> {
  const id = deploymentKey(record.component, record.deployment);
  const found = await ledger.getDocument(recordKind, id);
  const before = found?.body as KeptRecords | undefined;
  const body = foldRecord(before, record);
  return body === before ? [] : [{ kind: recordKind, id, body, revision: found?.revision ?? 0 }];
}

/** What is kept after a record, given what was kept before it; the same object where it brings nothing new. */
export function foldRecord(before: KeptRecords | undefined, record: RunRecord): KeptRecords {
  if (record.reconstructed && before !== undefined && knowsMore(before.last, record)) return before;
  const isOver = record.outcome === 'finished';
  const gone = isOver && record.action === 'destroy';
  const finished = isOver && !gone ? record : gone ? undefined : before?.finished;
  return finished === undefined ? { last: record } : { last: record, finished };
}

/**
 * Whether a record on file is of the very run that another one was read from, or of a later one. That outputs are equal does not
 * say so: a run by hand may have changed resources alone. Of two that others left, the later one counts.
 */
function knowsMore(before: RunRecord, now: RunRecord): boolean {
  if (before.state !== undefined && now.state !== undefined) {
    if (before.state.lineage !== now.state.lineage) return false;
    return (
      before.state.serial > now.state.serial || (!before.reconstructed && before.state.serial === now.state.serial)
    );
  }
  // Outputs tell of no run of their own; what was planned by others and applied is one.
  return (
    !before.reconstructed &&
    now.source !== 'plan' &&
    now.state === undefined &&
    before.outcome === now.outcome &&
    before.version === now.version
  );
}

/**
 * What stands for everything a provider has in the cloud: the run that last changed a resource of it. Undefined when its runs
 * are not known, for then nobody can say.
 */
export function cloudChangeOf(records: KeptRecords | undefined): string | null | undefined {
  if (records === undefined || records.last.reconstructed) return undefined;
  return records.last.cloudChange;
}
