import type { RunRequest } from '../../api/answers.ts';

/** What is done, as a person would say it. */
export function wordOf({ action, change }: RunRequest): string {
  return change === undefined ? action : 'apply';
}

/** Of what: a change, everything, or a selection. */
export function subjectOf({ change, of, all, select }: RunRequest): string {
  return change ?? of ?? (all ? 'everything' : select.join(' '));
}
