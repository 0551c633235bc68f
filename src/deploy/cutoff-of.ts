import { type CutoffDecision, decideCutoff, ofTheState } from '../consequence/cutoff.ts';
import type { KeptRecords } from './records.ts';
import type { ComponentWork, SetMember } from './set.ts';

/**
 * Whether one component need not run. The state is looked at last, and only where everything else says that it need not: of a
 * state that lies elsewhere that is a call.
 */
export async function cutoffOf(
  member: Pick<SetMember, 'selected'>,
  work: ComponentWork,
  kept: KeptRecords | undefined,
): Promise<CutoffDecision> {
  const decision = decideCutoff({
    record: kept?.last,
    now: work.inputs,
    selected: member.selected,
    outputs: work.outputsNow,
    ...(work.alsoWritten === undefined ? {} : { alsoWritten: work.alsoWritten }),
  });
  if (!decision.skip) return decision;
  const reasons = ofTheState(kept?.last.state, await work.stateNow?.());
  return reasons.length === 0 ? decision : { skip: false, reasons };
}
