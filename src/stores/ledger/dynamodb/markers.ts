import { byCodeUnit, sha256 } from '../../../model/digest.ts';
import type { LedgerEvent } from '../../../model/event.ts';
import type { EventQuery } from '../port.ts';
import { type Item, padded, partition, type Table } from './table.ts';

/**
 * Markers say which items of events hold something about a subject or of a kind of action, so that a filtered read does not
 * walk millions of events. Written by Karma itself and not by an index of DynamoDB: that one lags behind.
 */
export function markersOf(table: Table, events: readonly LedgerEvent[]): readonly Item[] {
  const last = events.at(-1);
  if (last === undefined) return [];
  const sk = padded(last.seq);
  const subjects = Map.groupBy(events, ({ subject }) => bySubject(table, subject));
  const kinds = new Set(events.map(({ action }) => byKind(table, kindOf(action))));
  return [
    ...[...subjects].map(([pk, about]) => ({ pk, sk, kinds: [...new Set(about.map(({ action }) => kindOf(action)))] })),
    ...[...kinds].map((pk) => ({ pk, sk })),
  ].sort((a, b) => byCodeUnit(a.pk, b.pk));
}

/** Whether what a marker of a subject leads to may hold an action that is asked for. */
export function mayHold({ kinds }: Item, { action }: EventQuery): boolean {
  return action === undefined || !Array.isArray(kinds) || kinds.includes(kindOf(action));
}

/** The partition whose markers cover a filter; undefined when there is no filter. A subject is the narrower of two. */
export function markerPartition(table: Table, { action, subject }: EventQuery): string | undefined {
  if (subject !== undefined) return bySubject(table, subject);
  return action === undefined ? undefined : byKind(table, kindOf(action));
}

/** Hashed: a key holds 2048 bytes, a subject any number. */
function bySubject(table: Table, subject: string): string {
  return partition(table, 'subject', sha256(subject).slice(0, 32));
}

function byKind(table: Table, kind: string): string {
  return partition(table, 'kind', kind);
}

/** `run` of `run.applied`. */
function kindOf(action: string): string {
  return action.split('.', 1)[0]?.slice(0, 200) ?? '';
}
