import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../../src/engine/verbs/table.ts';
import { version } from '../../src/faces/cli/version.ts';
import type { HttpResult } from '../../src/faces/lambda/http-event.ts';
import { type LambdaAnswer, makeHandler } from '../../src/faces/lambda/make-handler.ts';
import type { TemporaryRepository } from '../../src/observe/git/temporary-repository.ts';
import { openEngine } from '../../src/wiring/open.ts';
import { environment, karmaOk } from '../support/karma.ts';
import { estateOf } from '../support/service.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-lambda-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As an HTTP API of API Gateway sends it; a function URL differs in its names alone. */
function overHttp(path: string, more: Record<string, unknown> = {}, method = 'GET') {
  const [rawPath = '', rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { accept: '*/*', 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3',
      domainName: 'a1b2c3.execute-api.eu-west-1.amazonaws.com',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'curl/8' },
      requestId: 'JKJaXmPLvHcESHA=',
      stage: '$default',
      time: '30/Nov/2026:12:00:00 +0000',
      timeEpoch: 1796040000000,
    },
    isBase64Encoded: false,
    ...more,
  };
}

const parameterChanged = {
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'Parameter Store Change',
  source: 'aws.ssm',
  account: '123456789012',
  time: '2026-11-30T12:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:ssm:eu-west-1:123456789012:parameter/iac/vpc/main/runtime'],
  detail: { operation: 'Update', name: '/iac/vpc/main/runtime', type: 'String', description: '' },
};
const scheduled = {
  version: '0',
  id: '53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa',
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: '123456789012',
  time: '2026-11-30T12:00:00Z',
  region: 'eu-west-1',
  resources: ['arn:aws:events:eu-west-1:123456789012:rule/karma-build'],
  detail: {},
};

describe('a function', () => {
  let repository: TemporaryRepository;
  let handle: (event: unknown) => Promise<LambdaAnswer>;
  let token: string;
  const http = async (...event: Parameters<typeof overHttp>) => (await handle(overHttp(...event))) as HttpResult;
  const shown = () => ({ headers: { authorization: `Bearer ${token}` } });

  beforeAll(async () => {
    repository = estateOf('three');
    const data = join(folder, 'data');
    const { stdout } = await karmaOk(['token', 'create', 'x', '--role', 'proposer', '--json', '--data', data], {
      cwd: repository.root,
    });
    token = (JSON.parse(stdout) as { token: string }).token;
    const options = { dir: repository.root, data };
    handle = makeHandler(openEngine({ options, env: {}, version, stays: true }));
  });

  it('publishes when it is time, and when a parameter is another one', async () => {
    expect(await handle(scheduled)).toEqual({ version: 1, changed: true });
    expect(await handle(parameterChanged)).toEqual({ version: 1, changed: false });
    repository.write({ 'iac/dev/vpc/second/config.json': '{"cidr": "10.9.0.0/16"}' }).commit('more');
    expect(await handle({ ...scheduled, source: 'aws.scheduler' })).toEqual({ version: 2, changed: true });
  });

  it('tells hooks when it is time, whether or not it can build, and nobody where nobody is to be told', async () => {
    const heard = join(folder, 'heard');
    const program = join(folder, 'told.sh');
    writeFileSync(program, `#!/bin/sh\ncat >> ${heard}\necho >> ${heard}\n`, { mode: 0o755 });
    const place = estateOf('three').write({
      'karma.yaml': `estate: told\nhooks: [{ name: desk, on: [proposed], run: [${program}] }]\n`,
      'iac/dev/vpc/own/config.json': '{"cidr": "10.9.0.0/16"}',
    });
    place.commit('hooks');
    const env = { ...environment(), KARMA_TRUST: 'all' };
    const options = { dir: place.root, data: join(folder, 'told-data') };
    const engine = openEngine({ options, env, version, stays: true });
    const handleIt = makeHandler(engine);
    expect(await handleIt(scheduled)).toMatchObject({ version: 1, told: 0 });
    const edits = [{ id: 'dev/vpc/own', set: { cidr: '10.1.0.0/16' } }];
    await ask(engine.as({ door: 'api' }), 'change-propose', { reason: 'wider', edits });
    expect(await handleIt(parameterChanged)).not.toHaveProperty('told');
    expect(existsSync(heard)).toBe(false);
    renameSync(join(place.root, '.git'), join(place.root, '.gone'));
    await handleIt(scheduled).catch(() => undefined);
    expect(
      readFileSync(heard, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([{ type: 'change.proposed', data: { door: 'api', change: { id: 'cr-1', reason: 'wider' } } }]);
    await engine.close();
  });

  it('answers who shows a token, as a service does', async () => {
    await handle(scheduled);
    expect((await http('/v1/components')).statusCode).toBe(401);
    const got = await http('/v1/components?select=kind%3Dvpc', shown());
    expect(got).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(got.headers['etag']).toMatch(/^"/);
    expect(JSON.parse(got.body)).toMatchObject({ components: expect.any(Array) });
    const again = { headers: { ...shown().headers, 'if-none-match': got.headers['etag'] } };
    expect(await http('/v1/components?select=kind%3Dvpc', again)).toMatchObject({ statusCode: 304, body: '' });
    const wrong = await http('/v1/component?id=nobody', shown());
    expect(JSON.parse(wrong.body)).toMatchObject({ status: 404, code: 'KARMA_NOT_FOUND' });
  });

  it('zips what is asked for zipped, and takes bodies in base64', async () => {
    const headers = { ...shown().headers, 'accept-encoding': 'gzip' };
    const zipped = await http('/v1/openapi.json', { headers });
    expect(zipped.isBase64Encoded).toBe(true);
    expect(JSON.parse(gunzipSync(Buffer.from(zipped.body, 'base64')).toString())).toMatchObject({ openapi: '3.1.0' });
    const body = Buffer.from(JSON.stringify({ id: '1', source: 'a', type: 'said' })).toString('base64');
    const sent = { ...shown(), body, isBase64Encoded: true };
    const headersOfBody = { ...shown().headers, 'content-type': 'application/json' };
    expect((await http('/v1/events', { ...sent, headers: headersOfBody }, 'POST')).statusCode).toBe(202);
  });

  it('answers below the name of a stage', async () => {
    const { requestContext } = overHttp('/');
    const event = { ...shown(), requestContext: { ...requestContext, stage: 'prod' } };
    expect((await http('/prod/v1/explain?code=cycle', event)).statusCode).toBe(200);
  });

  it('tells what there is of a stream, and ends', async () => {
    const { statusCode, body } = await http('/v1/log/stream?after=0', shown());
    expect(statusCode).toBe(200);
    expect(body).toContain('event: token.created');
  });

  it.each<[string, Record<string, unknown>, string, number]>([
    ['no headers', { headers: null }, 'GET', 401],
    ['headers that are none', { headers: { 'a b': 'c' } }, 'GET', 422],
    ['a value that no header has', { headers: { 'x-name': '\u{1f468}', 'x-list': ['a'] } }, 'GET', 422],
    ['a method that nobody may ask by', {}, 'CONNECT', 422],
    ['a method that is none', {}, 'G ET', 422],
    ['a body of numbers', { body: 7 }, 'POST', 401],
    ['no base64', { body: '%%%', isBase64Encoded: true }, 'POST', 401],
    ['an address in the path', { rawPath: '@evil.example/v1' }, 'GET', 401],
    ['a host that is none', { requestContext: { domainName: 'a b', http: { method: 'GET' } } }, 'GET', 422],
    ['a query of marks', { rawQueryString: '#?&=%zz\u0000' }, 'GET', 401],
  ])('answers an event with %s as a request, in words', async (_, more, method, status) => {
    const { statusCode, body } = await http('/v1/components', more, method);
    expect([statusCode, body]).toEqual([status, expect.not.stringContaining('KARMA_BUG')]);
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'hello'],
    ['a queue', { Records: [{ eventSource: 'aws:sqs', body: '{}' }] }],
    ['something else of the same source', { ...parameterChanged, 'detail-type': 'Parameter Store Policy Action' }],
    ['a name of every object', { source: 'constructor', 'detail-type': 'name' }],
  ])('does nothing at %s, and says so', async (_, event) => {
    await expect(handle(event)).rejects.toMatchObject({ code: 'KARMA_INPUT_INVALID' });
  });
});
