import { errorKinds, isKarmaError, KarmaError } from '../../model/errors.ts';
import { printable } from '../../model/printable.ts';
import { hideInText, hideInTexts } from '../../model/secrets/text.ts';

/** RFC 9457, with what Karma adds: the code that the command line prints, what to do next, whether to try again. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly hint?: string;
  readonly retryable: boolean;
  /** Facts for programs: the parameter, the file, who holds the lock. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What went wrong, for who asked over HTTP. What nobody expected is told as a bug, without its insides. */
export function problemOf(error: unknown, instance: string): Problem {
  const known = isKarmaError(error)
    ? error
    : new KarmaError('KARMA_BUG', 'something went wrong that should not', {
        hint: 'this is a bug in Karma; the log of the service has the rest',
      });
  const kind: { readonly title: string; readonly http: number; readonly retryable?: boolean } = errorKinds[known.code];
  return {
    type: `https://usekarma.dev/errors#${known.code.toLowerCase()}`,
    title: kind.title,
    status: kind.http,
    detail: printable(hideInText(known.message)),
    instance,
    code: known.code,
    ...(known.hint === undefined ? {} : { hint: printable(hideInText(known.hint)) }),
    retryable: kind.retryable === true,
    ...(known.details === undefined ? {} : { details: hideInTexts(known.details) }),
  };
}

export function problemResponse(
  error: unknown,
  instance: string,
  { status, headers = {} }: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
): Response {
  const told = problemOf(error, instance);
  const problem = status === undefined ? told : { ...told, status };
  return new Response(`${JSON.stringify(problem, null, 2)}\n`, {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...headers,
    },
  });
}
