import { byCodeUnit } from '../model/by-code-unit.ts';

/** What was predicted of a change, and what really came of it. Every list is sorted. */
export interface Outcome {
  readonly change: string;
  /** What it was to change itself, and what that was to affect. */
  readonly written: readonly string[];
  readonly affected: readonly string[];
  /** What ran and changed something: a resource or an output. */
  readonly changed: readonly string[];
  /** What ran and changed nothing, or was skipped with proof. */
  readonly unchanged: readonly string[];
  /** Outputs that moved, as `component#name`, read by somebody who was not told: by what its last run consumed. */
  readonly missed: readonly string[];
  /** The rules by which each component was reached. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
}

export interface ChangeScore {
  readonly change: string;
  /** Predicted and so; predicted, and nothing came of it; not predicted, and so. */
  readonly right: readonly string[];
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
  /** Predicted and not known: it did not run. */
  readonly unknown: readonly string[];
  /** Of what was predicted and is known, the part that was so; absent where nothing is known. */
  readonly precision?: number;
  /** Of what came of it, the part that was predicted. */
  readonly recall?: number;
  readonly rules: readonly RuleScore[];
}

export interface RuleScore {
  readonly rule: string;
  readonly predicted: number;
  readonly right: number;
}

export function scoreOf(outcome: Outcome): ChangeScore {
  const { change, written, affected, missed, rules } = outcome;
  const predicted = [...new Set([...written, ...affected])].sort(byCodeUnit);
  const [changed, unchanged] = [new Set(outcome.changed), new Set(outcome.unchanged)];
  const right = predicted.filter((id) => changed.has(id));
  const wrong = predicted.filter((id) => unchanged.has(id) && !changed.has(id));
  const known = right.length + wrong.length;
  const so = right.length + missed.length;
  const counts = new Map<string, { predicted: number; right: number }>();
  for (const id of [...right, ...wrong])
    for (const rule of rules.get(id) ?? []) {
      const count = counts.get(rule) ?? { predicted: 0, right: 0 };
      counts.set(rule, { predicted: count.predicted + 1, right: count.right + (changed.has(id) ? 1 : 0) });
    }
  return {
    ...{ change, right, wrong, missed },
    unknown: predicted.filter((id) => !changed.has(id) && !unchanged.has(id)),
    ...(known === 0 ? {} : { precision: right.length / known }),
    ...(so === 0 ? {} : { recall: right.length / so }),
    rules: ruleScores(counts),
  };
}

/** All changes together, each component of each counted once. */
export function totalOf(
  scores: readonly ChangeScore[],
): Omit<ChangeScore, 'change' | 'right' | 'wrong' | 'missed' | 'unknown'> {
  const sum = (of: (score: ChangeScore) => number) => scores.reduce((all, score) => all + of(score), 0);
  const [right, wrong, missed] = [
    sum((one) => one.right.length),
    sum((one) => one.wrong.length),
    sum((one) => one.missed.length),
  ];
  const counts = new Map<string, { predicted: number; right: number }>();
  for (const { rule, predicted, right: so } of scores.flatMap(({ rules }) => rules)) {
    const count = counts.get(rule) ?? { predicted: 0, right: 0 };
    counts.set(rule, { predicted: count.predicted + predicted, right: count.right + so });
  }
  return {
    ...(right + wrong === 0 ? {} : { precision: right / (right + wrong) }),
    ...(right + missed === 0 ? {} : { recall: right / (right + missed) }),
    rules: ruleScores(counts),
  };
}

function ruleScores(counts: ReadonlyMap<string, { readonly predicted: number; readonly right: number }>): RuleScore[] {
  return [...counts].map(([rule, count]) => ({ rule, ...count })).sort((a, b) => byCodeUnit(a.rule, b.rule));
}
