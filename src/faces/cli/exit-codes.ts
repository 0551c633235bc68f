import { type ErrorCode, errorKinds } from '../../model/errors.ts';

/** What each exit code means; `karma help exit-codes` prints it, and nothing else sets one. */
export const exitCodes = {
  0: 'done, or nothing to say',
  1: 'failed',
  2: 'done, and there is something to act on (`check` at or above --fail-on; questions with --exit-code)',
  3: 'refused: a contract, a policy or a missing confirmation',
  64: 'usage: the command line, a name or a file given is off',
  75: 'try again: somebody else holds the lock or was first',
  130: 'interrupted',
} as const;

export type ExitCode = keyof typeof exitCodes;

export function exitCodeOf(code: ErrorCode): ExitCode {
  return errorKinds[code].exit;
}

/** What plan, deploy and destroy leave with for their failed runs, by the code of each: the same for all three. */
export function exitOfFailures(codes: readonly (ErrorCode | undefined)[]): ExitCode {
  if (codes.length === 0) return 0;
  if (codes.includes('KARMA_LEASE_LOST')) return 75;
  return codes.every((code) => code === 'KARMA_REFUSED' || code === 'KARMA_DECLINED') ? 3 : 1;
}
