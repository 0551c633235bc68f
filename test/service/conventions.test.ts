import { beforeAll, describe, expect, it } from 'vitest';
import { karma } from '../support/karma.ts';
import { estateOf, type Service, serve, start, startOpen, text } from '../support/service.ts';

const json = { 'content-type': 'application/json' };

describe('a request that is sent again under its key', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('three', ['--no-follow']);
  });

  const tell = (key: string, id: string, more: Record<string, string> = {}) =>
    text(service, '/v1/events', {
      method: 'POST',
      body: JSON.stringify({ id, source: 'test', type: 'said' }),
      headers: { ...json, 'idempotency-key': key, ...more },
    });

  it('is done once, and answered alike', async () => {
    const first = await tell('"one"', '1');
    const again = await tell('"one"', '1');
    expect(first).toMatchObject({ status: 202 });
    // An event that was taken twice would say so.
    expect({ status: again.status, body: again.body }).toEqual({ status: 202, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(first.headers.get('idempotency-replayed')).toBeNull();
  });

  it('is refused with another body, and free again where it came to nothing', async () => {
    await tell('"two"', '2');
    expect(await tell('"two"', '3')).toMatchObject({ status: 422, body: expect.stringContaining('another request') });
    expect((await tell('"three"', 'x'.repeat(2_000))).status).toBe(422);
    expect((await tell('"three"', '4')).status).toBe(202);
  });

  it('is done once when several arrive together', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => tell('"four"', '5')));
    const taken = all.filter(({ status }) => status === 202);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken.map(({ body }) => body)).size).toBe(1);
    expect(all.filter(({ status }) => status !== 202 && status !== 409)).toEqual([]);
  });

  it.each(['', '""', '"half', `"${'x'.repeat(300)}"`, 'two words'])('needs a key that is one: %s', async (key) => {
    expect((await tell(key, '6')).status).toBe(400);
  });

  it('is known to the next service of the estate', async () => {
    const build = (of: Service) => text(of, '/v1/build', { method: 'POST', headers: { 'idempotency-key': '"five"' } });
    const first = await build(service);
    const next = await start(service.place, ['--no-follow']);
    const again = await build(next);
    expect(first.status).toBe(200);
    expect({ replayed: again.headers.get('idempotency-replayed'), body: again.body }).toEqual({
      ...{ replayed: 'true', body: first.body },
    });
    expect((await karma(['log', 'verify'], { cwd: service.place })).code).toBe(0);
  });
});

describe('a request that belongs to a trace', () => {
  it('is answered in it, and what it wrote names it', async () => {
    const service = await serve('three', ['--no-follow', '--verbose']);
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const got = await text(service, '/v1/events', {
      method: 'POST',
      body: JSON.stringify({ id: '1', source: 'test', type: 'said' }),
      headers: { ...json, traceparent: `00-${trace}-00f067aa0ba902b7-01` },
    });
    expect(got.headers.get('traceparent')).toMatch(new RegExp(`^00-${trace}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`));
    const { stdout } = await karma(['log', 'list', '--json'], { cwd: service.place });
    expect(JSON.parse(stdout)).toMatchObject({ events: [{ action: 'event.received', trace }] });
    expect(service.talk()).toContain(trace);
    expect((await karma(['log', 'verify'], { cwd: service.place })).code).toBe(0);
  });
});

describe('a caller who asks too often', () => {
  it('is told how much is left, and when to come again; others are not held up', async () => {
    const place = estateOf('three').root;
    const make = async (name: string) =>
      (JSON.parse((await karma(['token', 'create', name, '--json'], { cwd: place })).stdout) as { token: string })
        .token;
    const [one, other] = [await make('one'), await make('other')];
    const service = await startOpen(place, ['--no-follow', '--rate', '3']);
    const ask = (token: string) =>
      text(service, '/v1/explain?code=cycle', { headers: { authorization: `Bearer ${token}` } });
    const answers = [];
    for (let asked = 0; asked < 4; asked++) answers.push(await ask(one));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.replace(/t=.*/, ''))).toEqual(
      [2, 1, 0, 0].map((left) => `"caller";r=${left};`),
    );
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"caller";q=3;w=60');
    expect(JSON.parse(answers[3]?.body ?? '')).toMatchObject({ code: 'KARMA_TOO_MANY', retryable: true });
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(other)).status).toBe(200);
    const guesses = [];
    for (let guess = 0; guess < 4; guess++) guesses.push((await ask(`karma_${guess}`)).status);
    expect(guesses).toEqual([401, 401, 401, 429]);
    expect((await ask(other)).status).toBe(200);
    // How it is is always told.
    expect((await text(service, '/healthz')).status).toBe(200);
  });
});

describe('a config that is not written', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('twelve', ['--no-follow']);
  });

  const judge = async (body: unknown) => {
    const { status, body: said } = await text(service, '/v1/config/validate', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: json,
    });
    return { status, said: JSON.parse(said) as Record<string, unknown> };
  };

  it('is judged as if it were', async () => {
    const { said } = await judge({ id: 'dev/vpc/main', config: { cidr: 4 } });
    expect(said).toMatchObject({
      ...{ component: 'dev/vpc/main', isNew: true, valid: false },
      findings: [{ code: 'schema-violation', key: '/cidr', subject: 'dev/vpc/main' }],
    });
    expect((await judge({ id: 'dev/vpc/main', config: { cidr: '10.1.0.0/16' } })).said).toMatchObject({ valid: true });
    expect((await karma(['list', 'dev/vpc/main'], { cwd: service.place })).stdout).not.toContain('dev/vpc/main');
  });

  it('says which references it would gain and lose', async () => {
    const { said } = await judge({ id: 'prod/ecs-service/checkout', config: {} });
    expect(said).toMatchObject({ isNew: false, needs: { added: expect.any(Array) } });
    expect((said['needs'] as { removed: string[] }).removed.length).toBeGreaterThan(0);
  });

  it.each([
    ['no object', { id: 'dev/vpc/main', config: [] }, 422],
    ['no config at all', { id: 'dev/vpc/main' }, 400],
    ['of a place elsewhere', { id: '../../etc', config: {} }, 400],
    ['of a place elsewhere, deep enough', { id: 'dev/../etc', config: {} }, 400],
    ['of nothing that is a component', { id: 'vpc', config: {} }, 400],
  ])('is refused where it is %s', async (_, body, status) => expect((await judge(body)).status).toBe(status));

  it('gives away no secret that stands in it', async () => {
    const { said } = await judge({ id: 'dev/vpc/main', config: { cidr: '10.1.0.0/16', password: 'hunter2-hunter2' } });
    expect(JSON.stringify(said)).toContain('secret-in-config');
    expect(JSON.stringify(said)).not.toContain('hunter2');
  });
});
