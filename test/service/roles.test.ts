import { beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../src/engine/access/grants.ts';
import { karma } from '../support/karma.ts';
import { estateOf, type Service, startOpen, text } from '../support/service.ts';

interface Operation {
  readonly 'x-karma-role'?: (typeof roles)[number];
}

/** What is asked of each route that takes something; all others are asked with nothing. */
const bodies: Readonly<Record<string, unknown>> = {
  '/v1/ask': { verb: 'list', query: {} },
  '/v1/events': { id: '1', source: 'test', type: 'deployed', subject: 'dev/lambda/stock' },
  '/v1/graph/query': { select: ['dev/lambda/stock'] },
  '/v1/runs': { action: 'deploy', select: ['dev/lambda/stock'] },
  '/v1/request/cancel': { id: 'qnone' },
  '/v1/config/validate': { id: 'dev/lambda/stock', config: {} },
  '/v1/changes': { reason: 'more', patches: [{ id: 'dev/lambda/stock', patch: { timeout: 31 } }], dryRun: true },
  '/v1/request-change': { component: 'dev/lambda/stock', proposed_change: { timeout: 31 }, requested_by: 'ted' },
};

/** What is asked is about these; everything else that writes is about the whole estate. */
const about: Readonly<Record<string, readonly string[]>> = {
  '/v1/events': ['dev'],
  '/v1/runs': ['dev'],
  // Of what is not there nobody is kept away.
  '/v1/request/cancel': ['dev', 'prod'],
  '/v1/changes': ['dev'],
  '/v1/changes/{id}/simulate': ['dev', 'prod'],
  '/v1/changes/{id}/cancel': ['dev', 'prod'],
  // Which environments a change is about is asked of the change: of one that is not there nobody is kept away.
  '/v1/changes/{id}/approve': ['dev', 'prod'],
  '/v1/changes/{id}/reject': ['dev', 'prod'],
  '/v1/changes/{id}/plan': ['dev', 'prod'],
  '/v1/changes/{id}/apply': ['dev', 'prod'],
  '/v1/changes/{id}/resume': ['dev', 'prod'],
  '/v1/changes/{id}/revert': ['dev', 'prod'],
  '/v1/request-change': ['dev'],
};

describe('who may do what', () => {
  let place: string;
  let service: Service;
  const tokens = new Map<string, string>();

  beforeAll(async () => {
    place = estateOf('twelve').root;
    for (const role of roles)
      for (const environment of ['', 'dev', 'prod']) {
        const where = environment === '' ? [] : ['--environment', environment];
        const made = await karma(['token', 'create', `${role}-${environment}`, '--role', role, ...where, '--json'], {
          cwd: place,
        });
        tokens.set(`${role} ${environment}`, (JSON.parse(made.stdout) as { token: string }).token);
      }
    service = await startOpen(place, ['--no-follow', '--no-worker']);
  });

  const ask = async (role: string, environment: string, method: string, path: string, body?: unknown) => {
    const got = await fetch(service.address + path, {
      method,
      headers: {
        authorization: `Bearer ${tokens.get(`${role} ${environment}`)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await got.body?.cancel();
    return got.status;
  };

  it('is told by the description, and held to on each route, for each role, and by environment', async () => {
    const told = await text(service, '/v1/openapi.json', {
      headers: { authorization: `Bearer ${tokens.get('viewer ')}` },
    });
    const { paths } = JSON.parse(told.body) as { paths: Record<string, Record<string, Operation>> };
    const wrong: object[] = [];
    let asked = 0;
    for (const [path, methods] of Object.entries(paths))
      for (const [method, operation] of Object.entries(methods))
        for (const [rank, role] of roles.entries())
          for (const environment of ['', 'dev', 'prod']) {
            const needs = operation['x-karma-role'] ?? 'viewer';
            const hasRank = rank >= roles.indexOf(needs);
            const where = ['', ...(about[path] ?? [])];
            const may = hasRank && (needs === 'viewer' || where.includes(environment));
            const status = await ask(
              role,
              environment,
              method.toUpperCase(),
              path,
              method === 'post' ? bodies[path] : undefined,
            );
            asked += 1;
            if ((status !== 403) !== may || status >= 500 || status === 401)
              wrong.push({ path, method, role, environment, status });
          }
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(400);
  });

  it.each([
    ['about a component of another environment', { subject: 'prod/vpc/main' }, 'dev', 403],
    ['about one of its own', { subject: 'prod/vpc/main' }, 'prod', 202],
    ['about no component', { subject: 'the weather' }, 'prod', 403],
    ['about no component, from who may everywhere', { subject: 'the weather' }, '', 202],
  ])('takes no event %s from a token of %s', async (_, more, environment, status) => {
    const event = { id: `${environment}-${JSON.stringify(more)}`, source: 'test', type: 'deployed', ...more };
    expect(await ask('proposer', environment, 'POST', '/v1/events', event)).toBe(status);
    // One of a batch is enough to refuse all of it.
    const batch = [event, { ...event, subject: 'dev/lambda/stock' }];
    const got = await fetch(`${service.address}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.get(`proposer ${environment}`)}`,
        'content-type': 'application/cloudevents-batch+json',
      },
      body: JSON.stringify(batch),
    });
    await got.body?.cancel();
    expect(got.status).toBe(environment === '' ? 202 : 403);
  });

  it('holds who asks by name to the same', async () => {
    const body = { verb: 'build', query: {} };
    expect(await ask('operator', 'dev', 'POST', '/v1/ask', body)).toBe(403);
    expect(await ask('approver', '', 'POST', '/v1/ask', body)).toBe(403);
  });

  it('writes down each kind of denial', async () => {
    const event = { id: 'denied', source: 'test', type: 'deployed', subject: 'dev/lambda/stock' };
    await ask('viewer', '', 'POST', '/v1/build');
    await ask('operator', 'dev', 'POST', '/v1/build');
    await ask('proposer', 'prod', 'POST', '/v1/events', event);
    const { stdout } = await karma(['log', 'list', '--action', 'access.denied', '--json'], { cwd: place });
    const { events } = JSON.parse(stdout) as { events: { actor: string; details: { reason: string } }[] };
    const reasons = events.map(({ actor, details }) => `${actor}: ${details.reason}`);
    expect(reasons).toContain('api/viewer-: needs operator, has viewer');
    expect(reasons).toContain('api/operator-dev: the whole estate, is operator in dev');
    expect(reasons).toContain('api/proposer-prod: in dev, is proposer in prod');
  });
});

describe('a listener whose token is revoked', () => {
  it('hears nothing more', async () => {
    const place = estateOf('three').root;
    const make = async (name: string, role: string) =>
      JSON.parse((await karma(['token', 'create', name, '--role', role, '--json'], { cwd: place })).stdout) as {
        id: string;
        token: string;
      };
    const [listener, teller] = [await make('listener', 'viewer'), await make('teller', 'proposer')];
    const service = await startOpen(place, ['--no-follow']);
    const stream = await fetch(`${service.address}/v1/log/stream`, {
      headers: { authorization: `Bearer ${listener.token}` },
    });
    expect(stream.status).toBe(200);
    const heard = stream.text();
    expect((await karma(['token', 'revoke', listener.id], { cwd: place })).code).toBe(0);
    const event = JSON.stringify({ id: '1', source: 'test', type: 'said afterwards' });
    const headers = { authorization: `Bearer ${teller.token}`, 'content-type': 'application/json' };
    await fetch(`${service.address}/v1/events`, { method: 'POST', body: event, headers });
    // It ends by itself.
    expect(await heard).not.toContain('said afterwards');
  });
});
