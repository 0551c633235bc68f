import type { Digest, RunRecord, StateMark } from '../model/record.ts';
import { type Comparison, compareDigests, isUnpublished } from './digests.ts';
import type { Staleness } from './stale.ts';

/**
 * The four kinds of drift. Each has its own cause and its own person who must act, so they stand side by side and are never
 * summed up. `not-asked` is for what only Terraform could tell; `not-applicable` where the layout has no such thing.
 */
export interface Drift {
  /** Git ≠ Parameter Store. */
  readonly unpublished: DriftAnswer;
  /** What the last run consumed ≠ what is there now. */
  readonly stale: DriftAnswer;
  /** The runtime ≠ what the last run wrote, in the outputs that run owns. */
  readonly edited: DriftAnswer;
  /** The real resources ≠ Terraform's state. */
  readonly drifted: DriftAnswer;
}

export interface DriftAnswer {
  readonly state: 'yes' | 'no' | 'unknown' | 'not-asked' | 'not-applicable';
  readonly reasons: readonly string[];
}

export interface DriftQuestion {
  /** The digest of the effective config in Git; `null`: there is none. */
  readonly committed: Digest | null | undefined;
  /** The published one; `not-applicable` where configs are not published. */
  readonly published: Digest | null | undefined | 'not-applicable';
  readonly staleness: Staleness;
  /** The last finished apply. */
  readonly record: RunRecord | undefined;
  /** Each output's digest as it stands in the runtime; undefined when it was not read. */
  readonly outputs: Readonly<Record<string, Digest | null>> | undefined;
  readonly alsoWritten?: ReadonlySet<string>;
  /** Why the state is not provably the one that the last run left; see `state-mismatch.ts`. */
  readonly stateMismatch?: string | undefined;
  /** Undefined when nobody asked. */
  readonly refreshed?: Refreshed;
}

/** What `plan -refresh-only` said: addresses of resources that differ, sorted, and of which state; or why it could not say. */
export type Refreshed =
  | { readonly changed: readonly string[]; readonly state?: StateMark | undefined }
  | { readonly failed: string };

export function driftOf(question: DriftQuestion): Drift {
  return {
    unpublished: unpublished(question),
    stale: staleAnswer(question.staleness),
    edited: edited(question),
    drifted: drifted(question.refreshed),
  };
}

function answer(state: DriftAnswer['state'], ...reasons: string[]): DriftAnswer {
  return { state, reasons };
}

function unpublished({ committed, published }: DriftQuestion): DriftAnswer {
  if (published === 'not-applicable') return answer('not-applicable');
  if (published === undefined) return answer('unknown', 'the published config could not be read');
  if (committed === undefined) return answer('unknown', 'the config in Git could not be read');
  if (published === null && committed === null) return answer('not-applicable');
  if (published === null) return answer('yes', 'the config was never published');
  if (committed === null) return answer('yes', 'the published config is in no commit');
  const verdict: Comparison = compareDigests(committed, published);
  if (verdict === 'unknown') return answer('unknown', 'the two configs were digested with different keys');
  return verdict === 'equal' ? answer('no') : answer('yes', 'the config in Git is not the published one');
}

function staleAnswer(staleness: Staleness): DriftAnswer {
  if (staleness.state === 'current') return answer('no');
  if (staleness.state === 'unknown') return answer('unknown', ...staleness.unknown);
  return answer('yes', ...staleness.reasons.map((one) => one.text));
}

function edited({ record, outputs, alsoWritten, stateMismatch }: DriftQuestion): DriftAnswer {
  if (record === undefined || record.outcome !== 'finished' || record.action !== 'apply') {
    return answer('unknown', 'no finished run is recorded');
  }
  if (outputs === undefined) return answer('unknown', stateMismatch ?? 'the runtime could not be read');
  const names = [...new Set([...Object.keys(record.outputs), ...Object.keys(outputs)])].sort();
  const changed: string[] = [];
  const unsure: string[] = [];
  for (const name of names) {
    // An output that the run never wrote is not the run's to own: whoever wrote it is not editing Karma's work.
    if (alsoWritten?.has(name) || !Object.hasOwn(record.outputs, name)) continue;
    if (isUnpublished(record.outputs[name], outputs[name])) continue;
    const verdict = compareDigests(record.outputs[name], outputs[name] ?? null);
    if (verdict === 'different') changed.push(`/${name} is not what the last run wrote`);
    if (verdict === 'unknown') unsure.push(`/${name} cannot be compared`);
  }
  if (changed.length > 0) return answer('yes', ...changed);
  if (stateMismatch !== undefined || unsure.length > 0) return answer('unknown', ...present(stateMismatch), ...unsure);
  // Equal to what a state showed: somebody else's run may have come since.
  return record.reconstructed ? answer('unknown', 'the record was read from a state') : answer('no');
}

function present(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}

function drifted(refreshed: DriftQuestion['refreshed']): DriftAnswer {
  if (refreshed === undefined) return answer('not-asked');
  if ('failed' in refreshed) return answer('unknown', `it could not be refreshed: ${refreshed.failed}`);
  return refreshed.changed.length === 0 ? answer('no') : answer('yes', ...refreshed.changed);
}
