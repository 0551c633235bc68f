import type { LedgerEvent } from '../model/event.ts';
import type { RunRecord } from '../model/record.ts';
import { recordOf, runActions } from './run-events.ts';

/** Events arranged for walking: by id, by subject in order, and the records by the deployment they belong to. */
export interface EventIndex {
  byId(id: string): LedgerEvent | undefined;
  /** Oldest first. */
  of(subject: string): readonly LedgerEvent[];
  /** Finished and failed runs of a component with their records, oldest first. */
  runs(component: string): readonly RecordedRun[];
}

export interface RecordedRun {
  readonly event: LedgerEvent;
  readonly record: RunRecord;
}

const ends: ReadonlySet<string> = new Set([
  runActions.applied,
  runActions.failed,
  runActions.destroyed,
  runActions.recorded,
]);

/** O(events). */
export function indexEvents(events: readonly LedgerEvent[]): EventIndex {
  const ids = new Map<string, LedgerEvent>();
  const subjects = new Map<string, LedgerEvent[]>();
  const runs = new Map<string, RecordedRun[]>();
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    ids.set(event.id, event);
    put(subjects, event.subject, event);
    const record = ends.has(event.action) ? recordOf(event) : undefined;
    if (record !== undefined) put(runs, record.component, { event, record });
  }
  return {
    byId: (id) => ids.get(id),
    of: (subject) => subjects.get(subject) ?? [],
    runs: (component) => runs.get(component) ?? [],
  };
}

function put<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
