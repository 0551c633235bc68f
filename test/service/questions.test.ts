import { get, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { wrongInAnswer } from '../support/answers.ts';
import { karma } from '../support/karma.ts';
import { type Service, serve, text, until } from '../support/service.ts';

const ask = async (service: Service, path: string): Promise<Record<string, unknown>> => {
  const { status, body } = await text(service, path);
  expect({ path, status }).toEqual({ path, status: 200 });
  return JSON.parse(body) as Record<string, unknown>;
};

/** As it comes, but for what a connection says of itself. */
function raw(
  { address }: Service,
  path: string,
  headers: OutgoingHttpHeaders,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((answered, failed) => {
    const asked = get(address + path, { headers, agent: false }, (got) => {
      const parts: Buffer[] = [];
      got.on('data', (part: Buffer) => parts.push(part));
      got.on('end', () => {
        const { date, connection, 'keep-alive': _, 'transfer-encoding': _chunked, ...others } = got.headers;
        const { 'content-length': _length, ...told } = others;
        answered({ status: got.statusCode ?? 0, headers: told, body: Buffer.concat(parts).toString('base64') });
      });
    });
    asked.on('error', failed);
  });
}

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

  it('is answered alike by the short way and by the long one', async () => {
    const id = encodeURIComponent('prod/vpc/main');
    const { etag = '' } = (await raw(service, `/v1/impact?of=${id}`, {})).headers;
    const questions: [string, Record<string, string>][] = [
      [`/v1/impact?of=${id}`, {}],
      [`/v1/impact?of=${id}`, { 'accept-encoding': 'gzip' }],
      [`/v1/impact?of=${id}`, { 'if-none-match': String(etag) }],
      [`/v1/impact?of=${id}`, { 'if-match': '"another"' }],
      [`/v1/impact?of=${id}&limit=1`, { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }],
      [`/v1/impact?of=${id}&forward`, {}],
      ['/v1/impact?of=nobody', {}],
      ['/v1/impact?off=x', {}],
      [`/v1/components?select=${'x'.repeat(17_000)}`, {}],
      ['/v1/overview', {}],
      ['/v1/runs', {}],
      ['/v1/graph', { accept: 'image/svg+xml' }],
      ['/v1/order', { origin: 'http://elsewhere.example' }],
      ['/v1/order', { authorization: 'Bearer karma_a_b' }],
      ['/v1/order', { host: 'elsewhere.example' }],
    ];
    for (const [path, headers] of questions) {
      const short = await raw(service, path, headers);
      // Of a header that stands twice nobody knows which is meant: it goes the long way.
      const long = await raw(service, path, { ...headers, 'x-nothing': ['1', '2'] });
      const { traceparent: one, vary: _, ...others } = short.headers;
      const { traceparent: another, vary: _vary, ...same } = long.headers;
      const of = path.slice(0, 60);
      expect({ of, ...short, headers: others }).toEqual({ of, ...long, headers: same });
      expect(String(one).slice(0, 36)).toBe(String(another).slice(0, 36));
    }
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
