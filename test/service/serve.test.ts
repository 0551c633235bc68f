import { get } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { karma } from '../support/karma.ts';
import { type Service, serve, start, text, until } from '../support/service.ts';

/** Whether an answer is what the service's own description says of its path. */
async function descriptionOf(service: Service): Promise<(path: string, answer: unknown) => boolean> {
  const { body } = await text(service, '/v1/openapi.json');
  const openapi = JSON.parse(body) as object;
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ $id: 'karma', ...openapi });
  return (path, answer) => {
    const at = `paths/${(path.split('?')[0] ?? '').replaceAll('/', '~1')}/get/responses/200/content/application~1json/schema`;
    return ajv.validate({ $ref: `karma#/${at}` }, answer);
  };
}

describe.each(['twelve', 'terraform', 'terragrunt'])('the API of %s', (example) => {
  let service: Awaited<ReturnType<typeof serve>>;
  let ids: readonly string[];

  beforeAll(async () => {
    service = await serve(example, ['--no-follow']);
    const listed = JSON.parse((await karma(['list', '--json'], { cwd: service.place })).stdout) as {
      components: { id: string; kind: string }[];
    };
    ids = listed.components.filter(({ kind }) => kind !== 'parameter').map(({ id }) => id);
  });

  it('answers every question as the command line does, byte for byte', async () => {
    const [first = '', second = ''] = ids;
    const q = encodeURIComponent;
    const pairs: readonly (readonly [path: string, args: readonly string[]])[] = [
      ['/v1/overview', []],
      ['/v1/components', ['list']],
      [
        `/v1/components?select=${q(`...${first}`)}&columns=owner&columns=region&groupBy=env`,
        ['list', `...${first}`, '--columns', 'owner,region', '--group-by', 'env'],
      ],
      ['/v1/findings', ['check', '--fail-on', 'never']],
      [`/v1/findings?select=${q(first)}`, ['check', first, '--fail-on', 'never']],
      ['/v1/order', ['order']],
      ['/v1/order?reverse=true', ['order', '--reverse']],
      ['/v1/types', ['type', 'list']],
      ['/v1/status', ['status']],
      ['/v1/versions', ['graph', 'versions']],
      ['/v1/log', ['log', 'list']],
      ['/v1/log/verify', ['log', 'verify']],
      ['/v1/explain?code=cycle', ['explain', 'cycle']],
      ['/v1/export', ['export', '--format', 'json']],
      ['/v1/modules', ['modules', 'list']],
      ['/v1/picture?format=mermaid', ['graph', 'draw', '--format', 'mermaid']],
      [`/v1/why?from=${q(first)}&to=${q(second)}`, ['why', first, second]],
      [`/v1/why?of=${q(first)}`, ['why', first]],
      ...ids.slice(0, 6).flatMap((id): [string, string[]][] => [
        [`/v1/component?id=${q(id)}`, ['show', id]],
        [`/v1/outputs?id=${q(id)}`, ['outputs', id]],
        [`/v1/impact?of=${q(id)}`, ['impact', id]],
        [`/v1/impact?of=${q(id)}&forward&depth=1`, ['impact', id, '--forward', '--depth', '1']],
      ]),
    ];
    const described = await descriptionOf(service);
    for (const [path, args] of pairs) {
      const [ours, theirs] = await Promise.all([
        text(service, path),
        karma([...args, '--json'], { cwd: service.place }),
      ]);
      expect({ path, status: ours.status, body: ours.body }).toEqual({ path, status: 200, body: theirs.stdout });
      expect(described(path, JSON.parse(ours.body)), path).toBe(true);
    }
  });

  it('describes itself, and every route that it describes is there', async () => {
    const { body } = await text(service, '/v1/openapi.json');
    const described = JSON.parse(body) as { openapi: string; paths: Record<string, object> };
    expect(described.openapi).toBe('3.1.0');
    for (const [path, methods] of Object.entries(described.paths)) {
      if (!('get' in methods) || path.endsWith('/stream')) continue;
      const { status, body: told } = await text(service, path);
      expect(status === 404 && told.includes('there is nothing at'), path).toBe(false);
    }
  });
});

describe('the service', () => {
  let standing: Service;

  beforeAll(async () => {
    standing = await serve('three', ['--no-follow']);
  });

  it('publishes what a commit makes of the estate, tells who listens, and answers at the newest version', async () => {
    const service = await serve('twelve');
    await until(
      () => text(service, '/v1/versions'),
      ({ body }) => body.includes('"version": 1'),
    );
    const events: string[] = [];
    const listening = get(`${service.address}/v1/log/stream`, (stream) => {
      stream.on('data', (part: Buffer) => events.push(part.toString()));
    });
    listening.on('error', () => undefined);
    await until(
      async () => events.join(''),
      (all) => all.includes('event: ready'),
    );
    const before = await text(service, '/v1/components');
    const tag = before.headers.get('etag') ?? '';
    expect((await text(service, '/v1/components', { headers: { 'if-none-match': tag } })).status).toBe(304);

    service.repository
      .write({ 'iac/dev/vpc/second/config.json': '{"cidr": "10.9.0.0/16"}' })
      .commit('a second network');
    const after = await until(
      () => text(service, '/v1/components', { headers: { 'if-none-match': tag } }),
      ({ status }) => status === 200,
    );
    expect(after.headers.get('karma-version')).toBe('v2');
    expect(after.body).toContain('dev/vpc/second');
    const told = await until(
      async () => events.join(''),
      (all) => all.includes('graph.published'),
    );
    const last = [...told.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';
    listening.destroy();

    service.child.kill('SIGTERM');
    const code = await new Promise((left) => service.child.once('exit', left));
    expect(code).toBe(0);
    const again = await start(service.place, []);
    const resumed: string[] = [];
    const back = get(
      `${again.address}/v1/log/stream`,
      { headers: { 'last-event-id': String(Number(last) - 1) } },
      (stream) => {
        stream.on('data', (part: Buffer) => resumed.push(part.toString()));
      },
    );
    back.on('error', () => undefined);
    await until(
      async () => resumed.join(''),
      (all) => all.includes(`id: ${last}\n`),
    );
    back.destroy();
  });

  it('answers to this machine alone, and to no page of another site', async () => {
    const { port } = new URL(standing.address);
    const as = (headers: Record<string, string>): Promise<number> =>
      new Promise((answered, failed) => {
        get({ host: '127.0.0.1', port, path: '/v1/overview', headers }, (got) => {
          got.resume();
          answered(got.statusCode ?? 0);
        }).on('error', failed);
      });
    expect(await as({ host: `127.0.0.1:${port}` })).toBe(200);
    expect(await as({ host: `localhost:${port}` })).toBe(200);
    expect(await as({ host: `evil.example:${port}` })).toBe(403);
    expect(await as({ host: `127.0.0.1:${port}`, origin: 'https://evil.example' })).toBe(403);
    expect(await as({ host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` })).toBe(200);
    expect(await as({ host: `127.0.0.1:${port}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
  });

  it.each([
    ['a member that is not there', '/v1/component?id=dev/vpc/main&foo=1', 400, 'KARMA_USAGE'],
    ['a member that must be there', '/v1/component', 400, 'KARMA_USAGE'],
    ['a member of another type', '/v1/impact?of=x&depth=deep', 400, 'KARMA_USAGE'],
    ['a component that is not there', '/v1/component?id=nosuch', 404, 'KARMA_NOT_FOUND'],
    ['a version that is not there', '/v1/components?at=v99', 404, 'KARMA_NO_SUCH_VERSION'],
    ['a path that is not there', '/v2/everything', 404, 'KARMA_NOT_FOUND'],
    ['a path that is asked otherwise', '/v1/build', 405, 'KARMA_USAGE'],
    ['a folder of the machine that serves', '/v1/status?states=/etc', 400, 'KARMA_USAGE'],
    ['half a component', '/v1/versions?limit=1.5', 400, 'KARMA_USAGE'],
    ['a name of every object', '/v1/component?id=x&__proto__=1&constructor=2', 400, 'KARMA_USAGE'],
    ['a question beyond all measure', `/v1/components?select=${'x'.repeat(20_000)}`, 400, 'KARMA_USAGE'],
  ])('tells as a problem what is wrong: %s', async (_, path, status, code) => {
    const service = standing;
    const got = await text(service, path);
    expect(got.status).toBe(status);
    expect(got.headers.get('content-type')).toBe('application/problem+json');
    expect(JSON.parse(got.body)).toMatchObject({ status, code, detail: expect.any(String) });
  });

  it('keeps counts of what it did', async () => {
    const service = standing;
    await text(service, '/v1/overview');
    const { body } = await text(service, '/metrics');
    expect(body).toMatch(/karma_requests_total\{route="\/v1\/overview",status="200"\} \d+/);
    expect((await text(service, '/readyz')).status).toBe(200);
  });

  it('says which port is taken', async () => {
    const service = standing;
    const { port } = new URL(service.address);
    const { code, stderr } = await karma(['serve', '--port', port], { cwd: service.place });
    expect({ code, stderr }).toEqual({ code: 75, stderr: expect.stringContaining(`port ${port} is taken`) });
  });
});
