import { Cron } from 'croner';
import { millisecondsOf } from '../../config/interval.ts';
import type { ScheduleSetting } from '../../config/karma-file.ts';

/**
 * When work is to be done next: an interval after it ended last, or the first time of its cron line since then, in UTC. What was
 * missed while nobody was there is done once. Undefined: never.
 * @param last when it ended last; undefined: never yet
 * @param started since when somebody is there to do it
 */
export function nextDue(
  { every, cron }: Pick<ScheduleSetting, 'every' | 'cron'>,
  last: string | undefined,
  started: string,
): string | undefined {
  if (every !== undefined)
    return last === undefined ? started : new Date(Date.parse(last) + millisecondsOf(every)).toISOString();
  if (cron === undefined) return undefined;
  return cronOf(cron)
    .nextRun(new Date(last ?? started))
    ?.toISOString();
}

/** @throws what is wrong with the line, in words */
export function cronOf(line: string): Cron {
  return new Cron(line, { timezone: 'UTC', mode: '5-part', paused: true });
}
