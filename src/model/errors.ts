/**
 * Every error a person can meet has a stable code, a sentence, a hint and an owner. Match on `code`, never on text.
 * Expected trouble in an estate is not an error but a {@link Finding}.
 */

/** Who has to act: the person at the keyboard, Karma's makers, or a system Karma talks to. */
export type ErrorOwner = 'user' | 'karma' | 'upstream';

interface ErrorKind {
  readonly title: string;
  readonly owner: ErrorOwner;
  /** Process exit code; the table of all of them stands in `faces/cli/exit-codes.ts`. */
  readonly exit: 1 | 3 | 64 | 75 | 130;
  readonly http: number;
  readonly retryable?: boolean;
}

/** The registry: `docs/errors.md` is generated from it, and a test holds the two together. */
export const errorKinds = {
  KARMA_USAGE: { title: 'the command line is off', owner: 'user', exit: 64, http: 400 },
  KARMA_NO_ESTATE: { title: 'there is nothing here that Karma can read', owner: 'user', exit: 64, http: 404 },
  KARMA_CONFIG_INVALID: { title: 'karma.yaml does not validate', owner: 'user', exit: 64, http: 422 },
  KARMA_NOT_CONFIGURED: { title: 'what this needs is not set up', owner: 'user', exit: 64, http: 409 },
  KARMA_NOT_FROM_AFAR: { title: 'a service cannot do this', owner: 'user', exit: 64, http: 501 },
  KARMA_NOT_FOUND: { title: 'nothing of that name', owner: 'user', exit: 64, http: 404 },
  KARMA_AMBIGUOUS: { title: 'the name fits several components', owner: 'user', exit: 64, http: 409 },
  KARMA_SELECTION: { title: 'the selection cannot be read', owner: 'user', exit: 64, http: 400 },
  KARMA_NO_SUCH_REVISION: { title: 'the revision is not there', owner: 'user', exit: 64, http: 404 },
  KARMA_NO_SUCH_VERSION: { title: 'the graph version is not there', owner: 'user', exit: 64, http: 404 },
  KARMA_SHALLOW: { title: 'the clone does not hold that commit', owner: 'user', exit: 64, http: 409 },
  KARMA_UNRELATED: { title: 'the two revisions share no history', owner: 'user', exit: 64, http: 409 },
  KARMA_GIT: { title: 'git could not answer', owner: 'upstream', exit: 1, http: 502 },
  KARMA_UNREADABLE: { title: 'a file or folder cannot be read', owner: 'user', exit: 1, http: 500 },
  KARMA_DATA_UNWRITABLE: { title: 'the data folder cannot be written', owner: 'user', exit: 1, http: 500 },
  KARMA_DATA_NEWER: { title: 'the data was written by a newer Karma', owner: 'user', exit: 1, http: 500 },
  KARMA_DATA_CORRUPT: { title: 'the data does not hold together', owner: 'karma', exit: 1, http: 500 },
  KARMA_CHANGED: { title: 'it is not as it was when you looked', owner: 'user', exit: 75, http: 412 },
  KARMA_CONFLICT: { title: 'somebody else was first', owner: 'user', exit: 75, http: 409, retryable: true },
  KARMA_LOCK_HELD: {
    title: 'the environment is being changed by someone else',
    owner: 'user',
    exit: 75,
    http: 423,
    retryable: true,
  },
  KARMA_LEASE_LOST: {
    title: 'the lease passed to someone else',
    owner: 'upstream',
    exit: 75,
    http: 409,
    retryable: true,
  },
  KARMA_INPUT_INVALID: { title: 'the input does not validate', owner: 'user', exit: 64, http: 422 },
  KARMA_REFUSED: { title: 'refused: it would break something', owner: 'user', exit: 3, http: 403 },
  KARMA_DECLINED: { title: 'declined', owner: 'user', exit: 3, http: 403 },
  KARMA_UNKNOWN_CALLER: { title: 'who asks is not known', owner: 'user', exit: 3, http: 401 },
  KARMA_FORBIDDEN: { title: 'whoever asks may not do this', owner: 'user', exit: 3, http: 403 },
  KARMA_TOO_MANY: { title: 'asked too often', owner: 'user', exit: 75, http: 429, retryable: true },
  KARMA_TOOL_MISSING: { title: 'a program that this needs is not installed', owner: 'user', exit: 1, http: 501 },
  KARMA_RUN_FAILED: { title: 'a run failed', owner: 'user', exit: 1, http: 502 },
  KARMA_UPSTREAM: {
    title: 'a service did not answer as it should',
    owner: 'upstream',
    exit: 1,
    http: 502,
    retryable: true,
  },
  KARMA_ACCESS: { title: 'the service refused the credentials', owner: 'user', exit: 1, http: 502 },
  KARMA_INTERRUPTED: { title: 'interrupted', owner: 'user', exit: 130, http: 499 },
  KARMA_BUG: { title: 'this is a bug in Karma', owner: 'karma', exit: 1, http: 500 },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorKinds;

export interface ErrorDetails {
  /** What to do next, as a sentence or a command. */
  readonly hint?: string;
  /** Machine-readable facts: file, line, parameter, holder … Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class KarmaError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  /** @param message lower-case start; names the wrong value. */
  constructor(code: ErrorCode, message: string, { hint, details, cause }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'KarmaError';
    this.code = code;
    this.hint = hint;
    this.details = details;
  }

  get kind(): ErrorKind {
    return errorKinds[this.code];
  }
}

/** Recognised by name, not by `instanceof`, so that it survives two copies of the package. */
export function isKarmaError(error: unknown): error is KarmaError {
  return error instanceof Error && error.name === 'KarmaError' && 'code' in error;
}
