import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import type { ContractChange } from '../../graph/impact-of-change/contract-changes.ts';
import { assumedWords, uncovered, unreadWords } from '../../graph/unread.ts';

/** `7 files → read by 214 units → 3 changed, 210 identical, 1 undecided · 19 affected, 2 possible`: the whole in one line. */
export function summaryLine(comparison: Comparison): string {
  const { files, readers, added, removed, changed, identical, undecided, affected, possible } = comparison;
  const verdicts = [
    `${changed.length} changed`,
    ...(added.length > 0 ? [`${added.length} added`] : []),
    ...(removed.length > 0 ? [`${removed.length} removed`] : []),
    `${identical.length} identical`,
    `${undecided.length} undecided`,
  ];
  const read = `${counted(files.changed, 'file')} → read by ${counted(readers, 'component')}`;
  return `${read} → ${verdicts.join(', ')} · ${affected.length} affected, ${possible.length} possible`;
}

/** The second line: what is wrong, or whether the answer is proved to be all. */
export function verdictLine(comparison: Comparison): string {
  const { contracts, states, variables, findingsNew, complete, undecided } = comparison;
  const judged = (verdict: ContractChange['verdict']) => contracts.filter((one) => one.verdict === verdict).length;
  const [refused, warned, listed] = [judged('refused'), judged('warned'), judged('listed')];
  const missing = variables.required.filter((one) => !one.given).length;
  const errors = findingsNew.filter(({ severity }) => severity === 'error').length;
  const faults = [
    ...(refused > 0 ? [`${counted(refused, 'output')} that others read would break (a deploy refuses)`] : []),
    ...(warned > 0 ? [`${counted(warned, 'output')} that others read would change`] : []),
    ...(listed > 0 ? [`${counted(listed, 'output')} to confirm with those who read everything`] : []),
    ...(states.shared.length > 0 ? [`${counted(states.shared.length, 'state')} would be shared`] : []),
    ...(states.moved.length > 0 ? [`${counted(states.moved.length, 'state')} would move`] : []),
    ...(missing > 0 ? [`${counted(missing, 'required variable')} not given`] : []),
    ...(errors > 0 ? [`${counted(errors, 'new error')}`] : []),
  ];
  const proof = complete ? '' : notProved(comparison);
  if (faults.length > 0) return `Look at this before merging: ${faults.join(', ')}. ${proof}`.trimEnd();
  if (!complete) return proof;
  const assumed = assumedWords(comparison.unread);
  const whole = assumed === '' ? 'Complete' : `Complete, ${assumed}`;
  return undecided.length > 0
    ? `${whole}; what is undecided counts as changed.`
    : `${whole}: everything beyond this is proved untouched.`;
}

/** `Not proved to be all: 2 blind spots may hide more; 3 modules elsewhere were not read.` */
function notProved({ blindSpots, unread }: Comparison): string {
  const open = uncovered(unread);
  const parts = [
    ...(blindSpots.length > 0 ? [`${counted(blindSpots.length, 'blind spot')} may hide more`] : []),
    ...(open.length > 0 ? [`not looked into: ${unreadWords(open)}`] : []),
  ];
  return `Not proved to be all: ${parts.join('; ')}.`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
