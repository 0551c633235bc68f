import type { StateMark } from '../model/record.ts';

/**
 * Why the state that stands somewhere is not provably the one that a run left, in words; undefined when it is. Equal outputs say
 * nothing of it: a run by hand may have changed resources alone.
 */
export function stateMismatch(left: StateMark | undefined, now: StateMark | undefined): string | undefined {
  if (left === undefined) return 'its last record does not say which state its run left';
  if (now === undefined) return 'its state could not be read';
  if (now.lineage === left.lineage && now.serial === left.serial) return undefined;
  if (now.lineage === '') return 'its state is not there any more';
  if (now.lineage !== left.lineage) return 'its state is another one than its last run left';
  return now.serial > left.serial
    ? `somebody else wrote its state since: it has serial ${now.serial}, its last run left ${left.serial}`
    : `its state is older than what its last run left: it has serial ${now.serial}, not ${left.serial}`;
}
