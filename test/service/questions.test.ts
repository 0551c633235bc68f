import { beforeAll, describe, expect, it } from 'vitest';
import { wrongInAnswer } from '../support/answers.ts';
import { karma } from '../support/karma.ts';
import { type Service, serve, text, until } from '../support/service.ts';

const ask = async (service: Service, path: string): Promise<Record<string, unknown>> => {
  const { status, body } = await text(service, path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return JSON.parse(body) as Record<string, unknown>;
};

describe('what no command line asks', () => {
  let service: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    service = await serve('twelve');
    await until(
      () => text(service, '/v1/versions'),
      ({ body }) => body.includes('"version": 1'),
    );
  });

  it('the entrance says whose estate it is, which version, and where everything is', async () => {
    expect(await ask(service, '/v1')).toMatchObject({
      schemaVersion: 1,
      version: { version: 1, hash: expect.any(String) },
      layouts: ['adage'],
      environments: expect.arrayContaining([
        expect.objectContaining({ name: 'dev', references: { within: expect.any(Number), out: expect.any(Number) } }),
      ]),
      links: expect.arrayContaining(['/v1/findings', '/v1/runs']),
    });
  });

  it('an answer that is no graph is told to be as it was by what it says', async () => {
    const first = await text(service, '/v1/runs');
    const tag = first.headers.get('etag') ?? '';
    expect((await text(service, '/v1/runs', { headers: { 'if-none-match': tag } })).status).toBe(304);
    const outputs = JSON.stringify({ id: { value: 'f-1', type: 'string', sensitive: false } });
    const recorded = await karma(['record', '-', '--component', 'dev/lambda/stock'], {
      cwd: service.place,
      input: outputs,
    });
    expect(recorded.code).toBe(0);
    const after = await text(service, '/v1/runs', { headers: { 'if-none-match': tag } });
    expect(JSON.parse(after.body)).toMatchObject({ runs: [{ component: 'dev/lambda/stock', state: 'recorded' }] });
  });

  it('what happened to a component', async () => {
    service.repository
      .write({
        'iac/dev/lambda/stock/config.json':
          '{"$extends": "_base/lambda/python", "timeout": 31, "s3_bucket_nickname": "shop"}',
      })
      .commit('a longer timeout');
    const told = await until(
      () => ask(service, '/v1/lineage?id=dev/lambda/stock'),
      ({ moments }) => JSON.stringify(moments).includes('"version":2'),
    );
    expect(told['moments']).toContainEqual(
      expect.objectContaining({
        version: 2,
        changed: expect.arrayContaining([expect.objectContaining({ what: 'component' })]),
      }),
    );
    expect(wrongInAnswer('lineage', told)).toEqual([]);
    expect(JSON.stringify(told['moments'])).toContain('config.committed');
  });
});
