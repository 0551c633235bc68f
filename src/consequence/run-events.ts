import type { LedgerEvent } from '../model/event.ts';
import type { RunRecord } from '../model/record.ts';
import type { RunState } from '../model/run.ts';

/**
 * What the ledger says of runs, deploys and what they published: the actions, and the details each one carries. `deploy/`
 * writes them, `why` and `status` read them.
 */
export const runActions = {
  deployStarted: 'run.deploy.started',
  deployFinished: 'run.deploy.finished',
  deploySettled: 'run.deploy.settled',
  planning: 'run.planning',
  planned: 'run.planned',
  applying: 'run.applying',
  applied: 'run.applied',
  destroying: 'run.destroying',
  destroyed: 'run.destroyed',
  failed: 'run.failed',
  skipped: 'run.skipped',
  discarded: 'run.discarded',
  recorded: 'run.recorded',
  settled: 'run.settled',
  publishing: 'runtime.publishing',
  published: 'runtime.published',
  refreshed: 'drift.refreshed',
  checking: 'check.started',
  checkPassed: 'check.passed',
  checkFailed: 'check.failed',
  checkUnknown: 'check.unknown',
} as const;

/** What a run is after an event of it. */
export const stateAfter: Readonly<Record<string, RunState>> = {
  [runActions.planning]: 'planning',
  [runActions.planned]: 'unconfirmed',
  [runActions.applying]: 'applying',
  [runActions.destroying]: 'applying',
  [runActions.applied]: 'finished',
  [runActions.destroyed]: 'finished',
  [runActions.settled]: 'finished',
  [runActions.failed]: 'failed',
  [runActions.skipped]: 'skipped',
  [runActions.discarded]: 'discarded',
};

/** The record an event carries, if it is one that ends a run. */
export function recordOf(event: LedgerEvent): RunRecord | undefined {
  const record = event.details.record;
  return record !== null && typeof record === 'object' && 'outputs' in record && 'consumed' in record
    ? (record as RunRecord)
    : undefined;
}
