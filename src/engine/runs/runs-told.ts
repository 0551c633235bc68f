import { recordOf, runActions, stateAfter } from '../../consequence/run-events.ts';
import type { CheckResult } from '../../model/check.ts';
import type { ComponentId } from '../../model/component.ts';
import type { Door, LedgerEvent } from '../../model/event.ts';
import type { RecordSource } from '../../model/record.ts';
import { type ChangeCounts, isOver, type RunState } from '../../model/run.ts';
import type { Ledger } from '../../stores/ledger/port.ts';

/** One run of one component, as the events of the ledger tell it. */
export interface ToldRun {
  /** Of a run that never started: the event that says so. */
  readonly id: string;
  readonly component: ComponentId;
  readonly deployment: string;
  readonly environment: string;
  /** The deploy that it belongs to. */
  readonly deploy?: string;
  readonly action?: 'apply' | 'destroy';
  /** `recorded`: made by others, and told to Karma. */
  readonly state: RunState | 'recorded';
  readonly outcome: LedgerEvent['outcome'];
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly seconds?: number;
  readonly actor: string;
  readonly door: Door;
  readonly changes?: ChangeCounts;
  /** Of a run that others made: where it was read from. */
  readonly source?: RecordSource;
  readonly commit?: string;
  /** The digest of the outputs that it left. */
  readonly version?: string;
  /** What its type's checks said after it. */
  readonly checks?: readonly CheckResult[];
  readonly code?: string;
  /** Why it failed or did not run, in words. */
  readonly reason?: string;
}

/** The first event of a run, or the only one of a run that never started. */
export function opensRun({ action, details }: LedgerEvent): boolean {
  if (action === runActions.planning || action === runActions.skipped || action === runActions.recorded) return true;
  return (action === runActions.failed || action === runActions.discarded) && nameIn(details['run']) === '';
}

const most = 100;

/** Every event of the run that one opens, oldest first. Other runs of its component come after its end. */
export async function eventsOfRun(ledger: Ledger, opening: LedgerEvent): Promise<readonly LedgerEvent[]> {
  const run = nameIn(opening.details['run']);
  if (run === '' || isEnd(opening)) return [opening];
  const events = [opening];
  for (let after = opening.seq; ; ) {
    const page = await ledger.read({ subject: opening.subject, after, limit: most });
    for (const event of page) {
      if (event.details['run'] !== run) continue;
      events.push(event);
      if (isEnd(event)) return events;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < most) return events;
    after = last.seq;
  }
}

function isEnd({ action }: LedgerEvent): boolean {
  const state = stateAfter[action];
  return action === runActions.recorded || (state !== undefined && isOver(state));
}

/** @param events of one run, oldest first; not empty */
export function tellRun([opening, ...later]: readonly [LedgerEvent, ...LedgerEvent[]]): ToldRun {
  const newest = later.at(-1) ?? opening;
  const all = [opening, ...later];
  const record = recordOf(newest);
  const { deploy, deployment, run, code, message, reason } = newest.details;
  const changes = all.findLast(({ details }) => details['changes'] !== undefined)?.details['changes'];
  const isDestroy = all.some(({ action }) => action === runActions.destroying || action === runActions.destroyed);
  const words = nameIn(message) || nameIn(reason);
  const seconds = record?.seconds;
  return {
    id: nameIn(run) || record?.id || opening.id,
    component: opening.subject,
    deployment: nameIn(deployment) || (record?.deployment ?? ''),
    environment: opening.environment ?? record?.place?.environment ?? '',
    ...(nameIn(deploy) === '' ? {} : { deploy: nameIn(deploy) }),
    ...(record === undefined ? (isDestroy ? { action: 'destroy' } : {}) : { action: record.action }),
    state:
      opening.action === runActions.recorded
        ? 'recorded'
        : (all.flatMap(({ action }) => stateAfter[action] ?? []).at(-1) ?? 'planning'),
    outcome: newest.outcome,
    startedAt: opening.at,
    ...(isEnd(newest) ? { endedAt: newest.at } : {}),
    ...(seconds === undefined ? {} : { seconds }),
    actor: record?.actor ?? opening.actor,
    door: opening.door,
    ...(changes === undefined ? {} : { changes: changes as ChangeCounts }),
    ...(record === undefined || record.source === 'run' ? {} : { source: record.source }),
    ...(record?.commit === undefined ? {} : { commit: record.commit }),
    ...(record === undefined ? {} : { version: record.version }),
    ...(record?.checks === undefined ? {} : { checks: record.checks }),
    ...(typeof code === 'string' ? { code } : {}),
    ...(words === '' ? {} : { reason: words }),
  };
}

function nameIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
