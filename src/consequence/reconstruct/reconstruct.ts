import type { RunRecord } from '../../model/record.ts';
import { readOutputs, recordFromOutputs } from './outputs.ts';
import { readPlan, recordFromPlan } from './plan.ts';
import { type ReportedRun, readRunReport } from './run-report.ts';
import { type Reconstruction, readState, recordFromState } from './state.ts';

/**
 * Takes whatever a run of somebody else left behind, a state, a plan, outputs or a Terragrunt run report, and tells them apart
 * by what they hold.
 */
export type Reconstructed =
  | {
      readonly kind: 'state' | 'plan' | 'outputs';
      readonly record: RunRecord;
      /** The runtime: outputs that are not sensitive, by value. */
      readonly outputs: Readonly<Record<string, unknown>>;
      /** Names of outputs that are sensitive: only their digests are known. */
      readonly sensitive: readonly string[];
    }
  | { readonly kind: 'run-report'; readonly runs: readonly ReportedRun[] };

/** Undefined when the document is none of them. */
export function reconstruct(document: unknown, given: Reconstruction): Reconstructed | undefined {
  const state = readState(document, given.seal);
  if (state !== undefined) {
    const { outputs, sensitive } = state;
    return { kind: 'state', record: recordFromState(state, given), outputs, sensitive };
  }
  const plan = readPlan(document, given.seal);
  if (plan !== undefined) {
    const { outputs, sensitive } = plan;
    return { kind: 'plan', record: recordFromPlan(plan, given), outputs, sensitive };
  }
  const runs = readRunReport(document);
  if (runs !== undefined) return { kind: 'run-report', runs };
  const outputs = readOutputs(document, given.seal);
  if (outputs === undefined) return undefined;
  return {
    kind: 'outputs',
    record: recordFromOutputs(outputs, given),
    outputs: outputs.outputs,
    sensitive: outputs.sensitive,
  };
}
