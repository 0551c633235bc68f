import { describe, expect, it } from 'vitest';
import { faultError, faultOfAnswer, faultOfConnection, faultOfCutBody } from './faults.ts';

const neptune = (code: string) => JSON.stringify({ requestId: 'r', code, detailedMessage: `about ${code}` });

describe('faultOfAnswer', () => {
  it.each([
    ['ConcurrentModificationException', 500, true],
    ['ConstraintViolationException', 400, true],
    ['CancelledByUserException', 500, true],
    ['MemoryLimitExceededException', 500, true],
    ['QueryLimitExceededException', 500, true],
    ['ReadOnlyViolationException', 400, true],
    ['ThrottlingException', 500, true],
    ['TimeLimitExceededException', 500, true],
    ['TooManyRequestsException', 429, true],
    ['AccessDeniedException', 403, false],
    ['BadRequestException', 400, false],
    ['MalformedQueryException', 400, false],
    ['UnsupportedOperationException', 400, false],
  ])('knows whether %s passes by itself', (code, status, retry) => {
    expect(faultOfAnswer(status, null, neptune(code))).toEqual({ name: code, message: `about ${code}`, retry });
  });

  it('takes the code from the header when the body has none', () => {
    expect(faultOfAnswer(500, 'ThrottlingException:http://internal', 'busy')).toMatchObject({
      name: 'ThrottlingException',
      retry: true,
    });
  });

  it('takes what Gremlin Server says of a conflict as what Neptune says of it', () => {
    const body = JSON.stringify({ message: 'Conflict: element modified in another transaction' });
    expect(faultOfAnswer(500, null, body)).toMatchObject({ name: 'ConcurrentModificationException', retry: true });
  });

  it('does not repeat a query that the server cannot read', () => {
    const body = JSON.stringify({ message: 'Query parsing failed', 'Exception-Class': 'GremlinParserException' });
    expect(faultOfAnswer(500, null, body)).toMatchObject({ retry: false });
  });
});

describe('faultOfCutBody', () => {
  it('finds the error that Neptune appends to what it sent already', () => {
    const body = `{"requestId":"r","result":{"data":["a","b${neptune('MemoryLimitExceededException')}`;
    expect(faultOfCutBody(body)).toEqual({
      name: 'MemoryLimitExceededException',
      message: 'about MemoryLimitExceededException',
      retry: true,
    });
  });

  it('repeats what just stops', () => {
    expect(faultOfCutBody('{"requestId":"r","result":{"data":["a","b')).toMatchObject({
      name: 'CutAnswer',
      retry: true,
    });
    expect(faultOfCutBody('')).toMatchObject({ retry: true });
  });
});

describe('errors of Neptune', () => {
  it('say who can act', () => {
    const denied = faultError(faultOfAnswer(403, null, neptune('AccessDeniedException')), 'https://n:8182');
    expect(denied).toMatchObject({ code: 'KARMA_ACCESS' });
    const unreachable = new TypeError('fetch failed', {
      cause: Object.assign(new Error('getaddrinfo ENOTFOUND n'), { code: 'ENOTFOUND' }),
    });
    const fault = faultOfConnection(unreachable);
    expect(fault.retry).toBe(false);
    expect(faultError(fault, 'https://n:8182')).toMatchObject({
      code: 'KARMA_UPSTREAM',
      hint: expect.stringContaining('VPC'),
    });
  });
});
