import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KarmaClient } from '../../src/faces/client/client.ts';
import { type Answer, karma, karmaSeveral } from '../support/karma.ts';
import { type Service, serve } from '../support/service.ts';

const elsewhere = mkdtempSync(join(tmpdir(), 'karma-elsewhere-'));
afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** The same command lines beside the estate, and from a folder that holds nothing. */
async function bothWays(service: Service, questions: readonly (readonly string[])[]) {
  const [here, afar] = await Promise.all([
    karmaSeveral(questions, { cwd: service.place }),
    karmaSeveral(questions, { cwd: elsewhere, env: { KARMA_URL: service.address } }),
  ]);
  const told = (answers: readonly Answer[]) => answers.map((answer, place) => ({ args: questions[place], ...answer }));
  return { here: told(here), afar: told(afar) };
}

describe.each(['twelve', 'terraform', 'terragrunt'])('the command line of %s, asked of a service', (example) => {
  let service: Awaited<ReturnType<typeof serve>>;
  let ids: readonly string[];

  beforeAll(async () => {
    service = await serve(example, ['--no-follow']);
    const { components } = JSON.parse((await karma(['list', '--json'], { cwd: service.place })).stdout) as {
      components: { id: string; kind: string }[];
    };
    ids = components.filter(({ kind }) => kind !== 'parameter').map(({ id }) => id);
  });

  it('says the same, in text and as a document, and leaves with the same code', async () => {
    const [first = '', second = ''] = ids;
    const questions: string[][] = [
      [],
      ['list', `...${first}`, '--columns', 'owner,nothing', '--exit-code'],
      ['show', first],
      ['show', 'no/such/component'],
      ['outputs', first],
      ['impact', second],
      ['impact', first, '--forward', '--depth', '1', '--exit-code'],
      ['impact', 'nothing-of-that-name'],
      ['impact', '--since', 'HEAD', '--output', 'markdown'],
      ['impact', '--since', 'HEAD'],
      ['why', first, second],
      ['why', first],
      ['order'],
      ['order', '--reverse', '--output', 'gitlab'],
      ['diff', 'HEAD..'],
      ['check', '--fail-on', 'info'],
      ['check', '--output', 'sarif'],
      ['status', '--exit-code'],
      ['log', 'list'],
      ['log', 'verify'],
      ['graph', 'draw', '--format', 'mermaid'],
      ['graph', 'versions'],
      ['config', 'show', first],
      ['config', 'validate'],
      ['type', 'list'],
      ['modules', 'list'],
      ['env', 'list'],
      ['export'],
      ['explain', 'cycle'],
      ['log', 'export'],
      ['type', 'infer', 'vpc'],
      ['type', 'schema', 'vpc'],
      ['type', 'docs', 'vpc'],
      ['schemas'],
      ['query', '--gremlin', 'g.V().count()'],
      ['complete-ids', first.slice(0, 3)],
      ['env', 'promote', 'dev', 'prod'],
    ];
    const { here, afar } = await bothWays(
      service,
      questions.flatMap((question) => [question, [...question, '--json']]),
    );
    expect(afar).toEqual(here);
  });
});

describe('a service from afar', () => {
  let service: Service;

  beforeAll(async () => {
    service = await serve('three', ['--no-follow']);
  });

  it.each([
    ['plan', '--all'],
    ['deploy', '--all', '--verify'],
    ['deploy', '--all', '--no-cutoff'],
    ['destroy', '--all', '--dry-run'],
    ['change', 'apply', 'cr-1', '--dry-run'],
    ['record', 'x.json'],
    ['token', 'create', 'me', '--role', 'approver'],
    ['token', 'list'],
    ['parameter', 'get', '/a'],
    ['trust'],
    ['serve'],
    ['list', '-C', '/tmp'],
    ['status', '--states', '/etc'],
    ['check', '--write-baseline'],
  ])('does not do what needs the estate itself: %s %s', async (...args) => {
    const { code, stderr } = await karma(args, { cwd: elsewhere, env: { KARMA_URL: service.address } });
    expect({ code, stderr }).toEqual({ code: 64, stderr: expect.stringContaining('KARMA_NOT_FROM_AFAR') });
    expect(stderr).toContain('hint');
  });

  it('is missed in words', async () => {
    const ask = (url: string) => karma(['list'], { cwd: elsewhere, env: { KARMA_URL: url } });
    expect(await ask('http://127.0.0.1:1')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('KARMA_UPSTREAM'),
    });
    expect(await ask('nonsense')).toMatchObject({ code: 64, stderr: expect.stringContaining('KARMA_USAGE') });
  });

  it('answers a program by its client, with types, errors and events', async () => {
    const client = new KarmaClient({ url: service.address });
    const { components } = await client.ask('list', { select: ['...*'] });
    expect(components.length).toBeGreaterThan(0);
    await expect(client.ask('show', { id: 'nobody' })).rejects.toMatchObject({ code: 'KARMA_NOT_FOUND' });
    const stop = new AbortController();
    const built = client.ask('build', {});
    for await (const event of client.events({ after: 0, signal: stop.signal })) {
      if (event.action === 'graph.published') stop.abort();
    }
    expect(await built).toMatchObject({ version: 1 });
  });

  it.each([
    ...['parameter', 'parameter-put', 'trust', 'token-create', 'record', 'plan', 'deploy', 'destroy', 'store-rebuild'],
    ...['compare-terragrunt', 'config-publish', 'versions-forget', 'modules-fetch', 'repository-fetch'],
  ])('does not do for who asks by name what is done beside the estate: %s', async (verb) => {
    const body = JSON.stringify({ verb, query: {} });
    const headers = { 'content-type': 'application/json' };
    const got = await fetch(`${service.address}/v1/ask`, { method: 'POST', body, headers });
    expect({ verb, status: got.status }).toEqual({ verb, status: 501 });
  });

  it.each([
    ['no JSON', '{', 'application/json', 422],
    ['a list', '[]', 'application/json', 422],
    ['no verb', '{}', 'application/json', 400],
    ['another member', '{"verb": "list", "cwd": "/etc"}', 'application/json', 400],
    ['a form of another site', 'verb=list', 'application/x-www-form-urlencoded', 400],
    ['no end', `"${'x'.repeat(1_100_000)}"`, 'application/json', 422],
  ])('refuses what is no question: %s', async (_, body, type, status) => {
    const got = await fetch(`${service.address}/v1/ask`, { method: 'POST', body, headers: { 'content-type': type } });
    expect(got.status).toBe(status);
    expect(got.headers.get('content-type')).toBe('application/problem+json');
  });
});
