import { leastUntrusted } from '../../config/interval.ts';
import type { ScheduleSetting } from '../../config/karma-file.ts';
import { scheduleWord } from '../../observe/estate/outside.ts';
import { readTrust, type Trust, trustsAll } from '../../observe/estate/trust.ts';
import type { EngineContext } from '../context.ts';
import { committedFile } from '../view/committed-file.ts';

export interface KnownSchedule extends ScheduleSetting {
  /** Why nobody may carry it out. */
  readonly refused?: string;
}

/** A service does one after the other and looks every few seconds: what is beyond this it would never come round to. */
const most = 100;

/** The work that `karma.yaml` wants done, as the followed commit has it. What runs the estate's programs a person must trust. */
export async function schedulesOf(context: EngineContext): Promise<readonly KnownSchedule[]> {
  const head = await committedFile(context);
  const karmaFile = head?.follow === undefined ? head : await committedFile(context, head.follow);
  const trust = context.request.configFile === undefined ? readTrust(context.env) : trustsAll;
  return (karmaFile?.schedules ?? []).map((schedule, at) =>
    at >= most ? { ...schedule, refused: `it is beyond the first ${most} of karma.yaml` } : asTrusted(schedule, trust),
  );
}

/** As far as it may be done. What only reads is done untrusted too, and no more often than nobody has to be asked about. */
export function asTrusted(schedule: ScheduleSetting, trust: Trust): KnownSchedule {
  const word = scheduleWord(schedule);
  if (word === undefined || trust.has(word)) return schedule;
  if (schedule.does === 'build' || schedule.does === 'check') return { ...schedule, every: leastUntrusted };
  const refused = `it runs Terraform by itself, and nobody on this machine trusts that: \`karma trust\`, or KARMA_TRUST=${word.digest.slice(0, 16)}`;
  return { ...schedule, refused };
}
