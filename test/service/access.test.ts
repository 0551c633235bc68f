import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entry, environment, karma } from '../support/karma.ts';
import { estateOf, type Service, text } from '../support/service.ts';

interface Made {
  readonly id: string;
  readonly token: string;
}

describe('a service that others reach', () => {
  let place: string;
  let service: Service;
  const tokens: Record<string, Made> = {};
  let child: ChildProcess | undefined;

  const make = async (role: string, ...more: string[]): Promise<Made> =>
    JSON.parse(
      (await karma(['token', 'create', role, '--role', role, ...more, '--json'], { cwd: place })).stdout,
    ) as Made;

  beforeAll(async () => {
    place = estateOf('three').root;
    const refused = await karma(['serve', '--host', '0.0.0.0', '--port', '0'], { cwd: place });
    expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('KARMA_REFUSED') });
    for (const role of ['viewer', 'proposer', 'approver', 'operator']) tokens[role] = await make(role);
    child = spawn(process.execPath, [entry, 'serve', '--host', '0.0.0.0', '--port', '0', '--json', '--no-follow'], {
      ...{ cwd: place, env: environment(), stdio: ['ignore', 'pipe', 'ignore'] },
    });
    const port = await new Promise<string>((ready) => {
      let said = '';
      child?.stdout?.on('data', (part: Buffer) => {
        said += part.toString();
        const found = /"address": "http:\/\/0\.0\.0\.0:(\d+)"/.exec(said)?.[1];
        if (found !== undefined) ready(found);
      });
    });
    service = { address: `http://127.0.0.1:${port}`, child: child as ChildProcess, place, talk: () => '' };
  });
  afterAll(() => child?.kill('SIGKILL'));

  const as = (token: string | undefined, path: string, init: RequestInit = {}) =>
    text(service, path, {
      ...init,
      headers: { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    });

  it('answers nobody who shows no token, but for whether it is well', async () => {
    expect((await as(undefined, '/healthz')).status).toBe(200);
    for (const path of ['/v1', '/v1/components', '/v1/log/stream', '/metrics', '/mcp', '/v1/openapi.json', '/v2/x']) {
      const got = await as(undefined, path);
      expect({ path, status: got.status }).toEqual({ path, status: 401 });
      expect(got.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it.each(['viewer', 'proposer', 'approver', 'operator'])('lets a %s look', async (role) => {
    expect((await as(tokens[role]?.token, '/v1/components')).status).toBe(200);
    const body = JSON.stringify({ verb: 'list', query: {} });
    const asked = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    expect((await as(tokens[role]?.token, '/v1/ask', asked)).status).toBe(200);
  });

  it.each([
    ['viewer', 403],
    ['proposer', 403],
    ['approver', 403],
    ['operator', 200],
  ])('lets an operator alone build: %s', async (role, status) => {
    expect((await as(tokens[role]?.token, '/v1/build', { method: 'POST' })).status).toBe(status);
    const body = JSON.stringify({ verb: 'build' });
    const asked = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    expect((await as(tokens[role]?.token, '/v1/ask', asked)).status).toBe(status);
  });

  it('makes no token for who asks with one', async () => {
    const body = JSON.stringify({ verb: 'token-create', query: { name: 'x', role: 'operator' } });
    const asked = { method: 'POST', body, headers: { 'content-type': 'application/json' } };
    expect((await as(tokens['operator']?.token, '/v1/ask', asked)).status).toBe(501);
  });

  it('takes one credential a request, and none that was changed, has run out or was revoked', async () => {
    const good = tokens['viewer']?.token ?? '';
    const status = async (authorization: string, path = '/v1/explain?code=cycle') =>
      (await text(service, path, { headers: { authorization } })).status;
    expect(await status(`bearer ${good}`)).toBe(200);
    expect(await status(`Bearer ${good}, Bearer ${tokens['operator']?.token}`)).toBe(401);
    expect(await status(`Bearer ${good}`, '/v1/explain?code=cycle&access_token=x')).toBe(401);
    expect(await status(`Basic ${good}`)).toBe(401);
    expect(await status(`Bearer ${good.slice(0, -1)}${good.endsWith('A') ? 'E' : 'A'}`)).toBe(401);
    expect(await status('Bearer karma_000000000000_'.padEnd(70, 'x'))).toBe(401);
    const short = await make('viewer', '--days', '1');
    expect(await status(`Bearer ${short.token}`)).toBe(200);
    expect((await karma(['token', 'revoke', short.id], { cwd: place })).code).toBe(0);
    expect(await status(`Bearer ${short.token}`)).toBe(401);
  });

  it('writes down whom it refused, once for many', async () => {
    for (let knocks = 0; knocks < 5; knocks++) await as('karma_wrong', '/v1');
    const { events } = JSON.parse(
      (await karma(['log', 'list', '--action', 'access.denied', '--json'], { cwd: place })).stdout,
    ) as {
      events: { details: { reason: string }; actor: string }[];
    };
    expect(events.filter(({ details }) => details.reason === 'the token opens nothing')).toHaveLength(1);
    expect(events.map(({ actor }) => actor)).toContain('api/viewer');
  });

  it('keeps no token anywhere: what was made opens, and stands in no answer and no file', async () => {
    const secret = (tokens['operator']?.token ?? '').slice('karma_000000000000_'.length);
    expect(secret).toHaveLength(43);
    for (const args of [
      ['token', 'list', '--json'],
      ['log', 'list', '--json'],
      ['log', 'export'],
    ])
      expect((await karma(args, { cwd: place })).stdout).not.toContain(secret);
    const listed = JSON.parse((await karma(['token', 'list', '--json'], { cwd: place })).stdout) as {
      tokens: object[];
    };
    expect(listed.tokens).toContainEqual(
      expect.objectContaining({ name: 'operator', role: 'operator', state: 'open' }),
    );
  });

  it('is asked from afar with a token', async () => {
    const env = { KARMA_URL: service.address };
    expect(await karma(['list'], { env })).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('KARMA_UNKNOWN_CALLER'),
    });
    expect((await karma(['list'], { env: { ...env, KARMA_TOKEN: tokens['viewer']?.token } })).code).toBe(0);
  });
});
