import type { KeptRecords } from '../../deploy/records.ts';
import type { RunRecord } from '../../model/record.ts';
import type { ObservedState } from './observed-state.ts';

export interface Chosen {
  readonly last: RunRecord | undefined;
  readonly finished: RunRecord | undefined;
}

/**
 * Karma's own record knows most; of what others left, the state as it stands now says more than what was recorded of it
 * earlier. A failure on record stands until something says that a later run went well.
 */
export function chooseRecords(
  kept: KeptRecords | undefined,
  live: RunRecord | undefined,
  observation: ObservedState | undefined,
): Chosen {
  if (kept === undefined) return { last: live, finished: live?.action === 'apply' ? live : undefined };
  if (live === undefined || observation === undefined) return { last: kept.last, finished: kept.finished };
  if (!kept.last.reconstructed) return { last: kept.last, finished: kept.finished ?? live };
  if (kept.last.outcome === 'failed')
    return observation.own && observation.modifiedAt > kept.last.at
      ? { last: live, finished: live }
      : { last: kept.last, finished: live };
  const knowsMore = observation.kind === 'outputs' && kept.last.version === live.version && kept.finished !== undefined;
  if (knowsMore || isAfter(kept.last, live)) return { last: kept.last, finished: kept.finished };
  return { last: live, finished: live };
}

export function isAfter(a: RunRecord, b: RunRecord): boolean {
  return (
    a.state !== undefined &&
    b.state !== undefined &&
    a.state.lineage === b.state.lineage &&
    a.state.serial > b.state.serial
  );
}
