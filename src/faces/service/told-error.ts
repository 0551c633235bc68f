import { type ErrorCode, isKarmaError, KarmaError } from '../../model/errors.ts';

/** An error as it goes from one process to another: plain data. */
export interface ToldError extends Pick<KarmaError, 'hint' | 'details'> {
  readonly message: string;
  readonly code?: ErrorCode;
}

export function toldError(error: unknown): ToldError {
  const message = error instanceof Error ? error.message : String(error);
  if (!isKarmaError(error)) return { message, hint: undefined, details: undefined };
  const { code, hint, details } = error;
  // Plain data is all that goes through.
  return { message, code, hint, details: details === undefined ? undefined : JSON.parse(JSON.stringify(details)) };
}

export function errorOf({ message, code, hint, details }: ToldError): Error {
  if (code === undefined) return new Error(message);
  return new KarmaError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}
