import type { Change } from '../../change/change.ts';
import {
  type ChangePolicy,
  emptyPolicyInput,
  type PolicyExample,
  type PolicyInput,
  type PolicyOutcome,
  policyInput,
  policyNames,
} from '../../change/policy.ts';
import type { Blocker, Simulation } from '../../change/simulation.ts';
import { readExpression } from '../../config/expression.ts';
import type { KarmaFile } from '../../config/karma-file.ts';
import { mergePatch } from '../../config/merge-patch.ts';
import type { EngineContext } from '../context.ts';
import { type OpenedChanges, viewAt } from './opened-changes.ts';

/** What a policy says of a change, where it says anything. */
export interface PolicyVerdict {
  readonly policy: string;
  readonly outcome: PolicyOutcome;
  /** `unknown`: nobody can say whether it holds; then it counts as holding. */
  readonly is: 'holds' | 'unknown';
  /** Why it is there, as `karma.yaml` says it; of one that is unknown, why. */
  readonly reason: string;
}

/** Every policy that has something to say. What nobody can tell holds: a rule is not passed by being unreadable. */
export function judgePolicies(policies: readonly ChangePolicy[], input: PolicyInput): readonly PolicyVerdict[] {
  return policies.flatMap(({ name: policy, when, outcome, reason = '' }): PolicyVerdict[] => {
    const truth = readExpression(when, policyNames).holds({ ...input });
    if (truth === false) return [];
    return truth === true
      ? [{ policy, outcome, is: 'holds', reason }]
      : [{ policy, outcome, is: 'unknown', reason: truth.unknown }];
  });
}

/**
 * The policies that a change is held to: those of the followed ref as it is, so that no change takes away what guards it.
 */
export async function policiesInForce(context: EngineContext, opened: OpenedChanges): Promise<readonly ChangePolicy[]> {
  const { estate } = await viewAt(context, opened, opened.followed.commit);
  return estate?.karmaFile?.changePolicies ?? [];
}

export async function inputOf(
  context: EngineContext,
  opened: OpenedChanges,
  change: Pick<Change, 'id' | 'reason' | 'proposer' | 'revision' | 'ways'>,
  simulation: Simulation,
): Promise<PolicyInput> {
  const before = await viewAt(context, opened, simulation.base);
  const after = await viewAt(context, opened, simulation.head);
  return policyInput(change, simulation, { before: before.graph, after: after.graph }, context.now());
}

export function blockersOfPolicies(verdicts: readonly PolicyVerdict[]): readonly Blocker[] {
  return verdicts.flatMap(({ policy, outcome, is, reason }) => {
    if (outcome !== 'refuse' && outcome !== 'hold') return [];
    const word = outcome === 'refuse' ? 'forbids it' : 'holds it back';
    const why = reason === '' ? '' : `: ${reason}`;
    return [
      {
        ...{ code: `policy-${outcome}`, subject: policy, key: is },
        message:
          is === 'holds' ? `policy ${policy} ${word}${why}` : `whether policy ${policy} ${word} is not known${why}`,
        // What a condition wants nobody can read out of it.
        clauses: [],
      },
    ];
  });
}

/** An example of a policy: what it says, and what came of it. */
export interface TriedExample {
  readonly policy: string;
  readonly example: string;
  readonly expected: boolean;
  readonly found: 'holds' | 'does not hold' | 'unknown';
  readonly passed: boolean;
  /** Why nobody can say. */
  readonly why?: string;
}

export function tryExamples({ name: policy, when, examples = [] }: ChangePolicy): readonly TriedExample[] {
  const expression = readExpression(when, policyNames);
  return examples.map(({ name: example, input, holds: expected }: PolicyExample) => {
    const truth = expression.holds(mergePatch(emptyPolicyInput as never, input as never) as Record<string, unknown>);
    if (typeof truth !== 'boolean')
      return { ...{ policy, example, expected, found: 'unknown' as const, passed: false }, why: truth.unknown };
    return { policy, example, expected, found: truth ? 'holds' : 'does not hold', passed: truth === expected };
  });
}

/** Why a policy cannot be used. */
export function brokenPolicies({ changePolicies, file, lineOf }: KarmaFile): readonly string[] {
  return changePolicies.flatMap(({ name, when, place }) => {
    const { broken } = readExpression(when, policyNames);
    return broken === undefined ? [] : [`${file}:${lineOf(`/policies/${place}/when`)}: policy ${name}: ${broken}`];
  });
}
