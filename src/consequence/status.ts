import { type CheckResult, checkInWords, notPassed } from '../model/check.ts';
import type { ComponentId } from '../model/component.ts';
import type { RunInputs, RunRecord } from '../model/record.ts';
import { type Drift, type DriftQuestion, driftOf } from './drift.ts';
import { staleness } from './stale.ts';

/**
 * The one word that is shown for a deployment, beside the four kinds of drift it is made of. `deployed` is said only when
 * everything else was looked at and excluded.
 */
export type StatusWord =
  | 'deployed'
  | 'stale'
  | 'unpublished'
  | 'edited'
  | 'drifted'
  | 'never run'
  | 'failed'
  /** It ran, and something that its type says must hold after a run does not. */
  | 'check failed'
  | 'external'
  /** Deployed, and nothing in the estate names it any more. */
  | 'orphaned'
  /** A deploy that goes on is at it. */
  | 'running'
  /** A deploy that was killed was at it, and nobody went on since. */
  | 'interrupted'
  | 'unknown';

export interface DeploymentStatus {
  readonly component: ComponentId;
  readonly deployment: string;
  readonly status: StatusWord;
  readonly drift: Drift;
  /** In words, the most important first. */
  readonly reasons: readonly string[];
  /** What its type's checks said after the run that it rests on. */
  readonly checks?: readonly CheckResult[];
  readonly lastRun?: {
    readonly id: string;
    readonly at: string;
    readonly actor?: string;
    readonly reconstructed: boolean;
  };
}

export interface StatusQuestion extends Omit<DriftQuestion, 'staleness' | 'record'> {
  readonly component: ComponentId;
  readonly deployment: string;
  /** Not managed here: a system outside, a runtime that a script publishes. */
  readonly external: boolean;
  /** The last run, whatever came of it. */
  readonly lastRun: RunRecord | undefined;
  /** The last apply that finished; the same record when the last run did. */
  readonly lastFinished: RunRecord | undefined;
  readonly now: RunInputs | undefined;
  /** Whether a runtime or a state is there: `false` only after a look. */
  readonly exists: boolean | undefined;
}

export function statusOf(question: StatusQuestion): DeploymentStatus {
  const destroyed = question.lastRun?.action === 'destroy' && question.lastRun.outcome === 'finished';
  const record = destroyed ? undefined : question.lastFinished;
  const drift = driftOf({ ...question, record, staleness: staleness(record, question.now) });
  const { word, reasons } = judge(question, record, drift, destroyed);
  const run = question.lastRun;
  return {
    component: question.component,
    deployment: question.deployment,
    status: word,
    drift,
    reasons: [...reasons, ...besides(word, drift)],
    ...(record?.checks === undefined ? {} : { checks: record.checks }),
    ...(run === undefined
      ? {}
      : {
          lastRun: {
            id: run.id,
            at: run.at,
            reconstructed: run.reconstructed,
            ...(run.actor === undefined ? {} : { actor: run.actor }),
          },
        }),
  };
}

/** What a refresh said stands beside whatever else is true of it: the kinds of drift are never summed up. */
function besides(word: StatusWord, { drifted }: Drift): readonly string[] {
  if (word !== 'drifted' && drifted.state === 'yes') return drifted.reasons.map((one) => `drifted too: ${one}`);
  return word !== 'unknown' && drifted.state === 'unknown' ? drifted.reasons : [];
}

interface Judgement {
  readonly word: StatusWord;
  readonly reasons: readonly string[];
}

/** Worst first: what failed, what somebody else changed, what is behind, what nobody can say. */
function judge(question: StatusQuestion, record: RunRecord | undefined, drift: Drift, destroyed: boolean): Judgement {
  if (question.external) return { word: 'external', reasons: [] };
  if (question.lastRun?.outcome === 'failed') {
    return { word: 'failed', reasons: [`run ${question.lastRun.id} failed`, ...drift.stale.reasons] };
  }
  if (destroyed) return { word: 'never run', reasons: [`run ${question.lastRun?.id} destroyed it`] };
  const unpassed = notPassed(record?.checks).map(checkInWords);
  if (record?.checks?.some(({ outcome }) => outcome === 'failed') === true)
    return { word: 'check failed', reasons: [...unpassed, ...drift.stale.reasons] };
  if (record === undefined && question.exists === false) return { word: 'never run', reasons: [] };
  const order = [
    ['edited', drift.edited],
    ['stale', drift.stale],
    ['drifted', drift.drifted],
    ['unpublished', drift.unpublished],
  ] as const;
  for (const [word, kind] of order) if (kind.state === 'yes') return { word, reasons: kind.reasons };
  const unsure = order.flatMap(([, kind]) => (kind.state === 'unknown' ? kind.reasons : []));
  unsure.push(...unpassed);
  if (unsure.length > 0) return { word: 'unknown', reasons: [...new Set(unsure)] };
  return { word: 'deployed', reasons: [] };
}
