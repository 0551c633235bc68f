import { beforeAll, describe, expect, it } from 'vitest';
import { karma } from '../support/karma.ts';
import { type Service, serve, text } from '../support/service.ts';

describe('what happened elsewhere', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('twelve', ['--no-follow']);
  });

  const send = async (body: unknown, headers: Record<string, string> = {}) => {
    const got = await text(service, '/v1/events', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/cloudevents+json', ...headers },
    });
    return { status: got.status, body: JSON.parse(got.body) as Record<string, unknown> };
  };
  const deployed = {
    ...{ specversion: '1.0', id: '1', source: 'ci/shop', type: 'dev.cdevents.service.deployed.0.2.0' },
    data: { subject: { id: 'lambda/stock', content: { environment: { id: 'dev' } } } },
  };

  it('is taken once, and stands in the history of the component that it names', async () => {
    const first = await send(deployed);
    expect(first).toMatchObject({
      status: 202,
      body: { events: [{ component: 'dev/lambda/stock', duplicate: false }] },
    });
    expect(await send(deployed)).toMatchObject({ status: 202, body: { events: [{ duplicate: true }] } });
    const { moments } = JSON.parse((await text(service, '/v1/lineage?id=dev/lambda/stock')).body) as {
      moments: object[];
    };
    expect(moments).toContainEqual(expect.objectContaining({ action: 'event.received', kind: 'event' }));
    expect((await karma(['log', 'verify'], { cwd: service.place })).code).toBe(0);
  });

  it('comes in batches, and with its attributes in headers', async () => {
    const batch = await send(
      [
        { ...deployed, id: '2' },
        { ...deployed, id: '3', subject: 'prod/vpc/main' },
      ],
      {
        'content-type': 'application/cloudevents-batch+json',
      },
    );
    expect(batch.body['events']).toMatchObject([{ component: 'dev/lambda/stock' }, { component: 'prod/vpc/main' }]);
    const headers = {
      'content-type': 'application/json',
      'ce-id': '4',
      'ce-source': 'alerts',
      'ce-type': 'alert%20fired',
    };
    const binary = await send({ level: 'high' }, { ...headers, 'ce-subject': 'no/such/component' });
    expect(binary).toMatchObject({ status: 202, body: { events: [{ duplicate: false }] } });
    const { stdout } = await karma(['log', 'list', '--action', 'event.received', '--limit', '1', '--json'], {
      cwd: service.place,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      events: [{ subject: 'alert fired', details: { data: { level: 'high' } } }],
    });
  });

  it('leaves no secret in the ledger', async () => {
    const secret = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';
    const data = { password: 'correct horse battery', note: `token ${secret}` };
    expect((await send({ ...deployed, id: '5', data })).status).toBe(202);
    const { stdout } = await karma(['log', 'export'], { cwd: service.place });
    expect(stdout).not.toContain('correct horse');
    expect(stdout).not.toContain(secret);
  });

  it.each([
    ['no source', { id: '1', type: 'x' }, 400],
    ['an empty id', { ...deployed, id: '' }, 422],
    ['another version', { ...deployed, specversion: '0.3' }, 422],
    ['a time that is none', { ...deployed, id: '9', time: 'yesterday' }, 422],
    ['far too much', { ...deployed, id: '9', data: 'x'.repeat(40_000) }, 422],
    ['a list where one stands', [deployed], 422],
  ])('is refused in words: %s', async (_, event, status) => {
    expect((await send(event)).status).toBe(status);
  });
});

describe('questions in a body', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('three', ['--no-follow']);
  });

  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    text(service, path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    });

  it('are asked in the selection language, and in others where the store speaks them', async () => {
    const got = JSON.parse((await post('/v1/graph/query', { select: '...*' })).body) as { results: unknown[] };
    expect(got.results.length).toBeGreaterThan(0);
    expect((await post('/v1/graph/query', { gremlin: 'g.V().count()' })).status).toBe(409);
    expect((await post('/v1/graph/query', { select: '*', cypher: 'MATCH (n) RETURN n' })).status).toBe(400);
    expect((await post('/graph/query', { select: 'env=' })).status).toBe(400);
  });

  it('change something only while it is as it was', async () => {
    expect((await post('/v1/build', {}, { 'if-match': '"1-0000000000000000-test"' })).status).toBe(412);
    expect((await post('/v1/build', {})).status).toBe(200);
    const tag = (await text(service, '/v1/components')).headers.get('etag') ?? '';
    expect((await post('/v1/build', {}, { 'if-match': tag })).status).toBe(200);
    expect((await post('/v1/build', {}, { 'if-match': '"0-0-0"' })).status).toBe(412);
  });
});
