import { KarmaError } from '../../../model/errors.ts';
import { credentialsHint } from '../../aws/trouble.ts';

/** What a failed request means: send the same again, or not. Every write of Karma may be sent twice. */
export interface Fault {
  readonly name: string;
  readonly message: string;
  readonly retry: boolean;
}

/** Neptune's documented codes that pass by themselves. */
const passing = new Set([
  'CancelledByUserException',
  'ConcurrentModificationException',
  // Two writers created the same element: the second try finds it.
  'ConstraintViolationException',
  'InternalFailureException',
  'MemoryLimitExceededException',
  'QueryLimitExceededException',
  // The endpoint moved to another instance: names are resolved anew for each connection.
  'ReadOnlyViolationException',
  'ServiceUnavailableException',
  'ServerShutdownException',
  'ThrottlingException',
  'TimeLimitExceededException',
  'TooManyRequestsException',
]);

const denied =
  /^(AccessDeniedException|InvalidSignatureException|UnrecognizedClientException|MissingAuthentication.*|ExpiredToken.*|IncompleteSignature.*)$/;

/** Reads an error answer of Neptune, or of the Gremlin Server that stands in for it. */
export function faultOfAnswer(status: number, header: string | null, body: string): Fault {
  const told = readError(body) ?? { code: header?.split(':')[0] ?? '', message: body.slice(0, 500) };
  if (told.code !== '') return { name: told.code, message: told.message, retry: passing.has(told.code) };
  if (/TransactionException|another transaction|already exists/.test(body)) {
    return { name: 'ConcurrentModificationException', message: told.message, retry: true };
  }
  return {
    name: `HTTP ${status}`,
    message: told.message,
    retry: status === 429 || status === 502 || status === 503 || status === 504,
  };
}

/**
 * A 200 whose body does not end: Neptune streams, and may fail after it said 200. Engines from 1.4.5.0 append the error to
 * what was sent; older ones just stop. Either way the outcome of a write is unknown.
 */
export function faultOfCutBody(body: string): Fault {
  const at = body.lastIndexOf('{"', body.lastIndexOf('"detailedMessage"'));
  const told =
    at < 0 ? undefined : (readError(body.slice(at)) ?? readError(body.slice(body.lastIndexOf('{"requestId"'))));
  if (told === undefined) return { name: 'CutAnswer', message: 'the answer was cut off', retry: true };
  return { name: told.code, message: told.message, retry: passing.has(told.code) };
}

/** The connection broke or never came to be. */
export function faultOfConnection(error: unknown): Fault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const message = cause instanceof Error ? cause.message : String(cause);
  return { name: code === '' ? 'ConnectionError' : code, message, retry: code !== 'ENOTFOUND' };
}

export function faultError(fault: Fault, endpoint: string): KarmaError {
  const message = `Neptune at ${endpoint}: ${fault.name}: ${fault.message}`;
  const details = { neptune: fault.name };
  if (denied.test(fault.name)) {
    const hint = `${credentialsHint(fault.name, fault.message)}; signing needs region and credentials of the cluster’s account`;
    return new KarmaError('KARMA_ACCESS', message, { hint, details });
  }
  const unreachable = /^(ECONN|ENOTFOUND|EHOST|ETIMEDOUT|UND_ERR|ConnectionError)/.test(fault.name);
  const hint = unreachable ? 'Neptune is reached from inside its VPC only: see docs/neptune.md' : 'see docs/neptune.md';
  return new KarmaError('KARMA_UPSTREAM', message, { hint, details });
}

function readError(body: string): { readonly code: string; readonly message: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    if (parsed === null || typeof parsed !== 'object') return undefined;
    const { code, detailedMessage, message } = parsed as Readonly<Record<string, unknown>>;
    const said = [detailedMessage, message].find((each) => typeof each === 'string');
    return { code: typeof code === 'string' ? code : '', message: typeof said === 'string' ? said : '' };
  } catch {
    return undefined;
  }
}
