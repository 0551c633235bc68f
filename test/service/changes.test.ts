import { beforeAll, describe, expect, it } from 'vitest';
import { karmaJson } from '../support/karma.ts';
import { type Service, serve, startOpen, text } from '../support/service.ts';

/** Change requests over HTTP: proposed, looked at, ended; by whom it may be. */

let service: Service & { readonly repository: { readonly root: string } };

beforeAll(async () => {
  service = await serve('twelve', ['--no-follow']);
});

const json = { 'content-type': 'application/json' };

async function post(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  at: Service = service,
) {
  const got = await text(at, path, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } });
  return { ...got, document: JSON.parse(got.body) as Record<string, unknown> };
}

const wider = { id: 'prod/vpc/main', patch: { cidr: '10.30.0.0/16' } };

describe('a change over HTTP', () => {
  it('is tried out, proposed once by its key, shown, and ended', async () => {
    const tried = await post('/v1/changes', { reason: 'room', patches: [wider], dryRun: true });
    expect(tried).toMatchObject({ status: 201, document: { state: 'simulated', warnings: [] } });
    expect(tried.document).not.toHaveProperty('id');
    const key = { 'idempotency-key': '"once"' };
    const made = await post('/v1/changes', { reason: 'room', patches: [wider] }, key);
    expect(made).toMatchObject({ status: 201, document: { id: 'cr-1', change: { proposer: expect.any(String) } } });
    const again = await post('/v1/changes', { reason: 'room', patches: [wider] }, key);
    expect(again.document['id']).toBe('cr-1');
    const list = JSON.parse((await text(service, '/v1/changes')).body);
    expect(list.changes).toMatchObject([{ id: 'cr-1', state: 'simulated', ways: ['edit'] }]);
    const shown = JSON.parse((await text(service, '/v1/changes/cr-1')).body);
    expect(shown.events[0]).toMatchObject({ action: 'change.proposed', door: 'api' });
    const { simulation } = JSON.parse((await text(service, '/v1/changes/1/simulation')).body);
    expect(simulation.comparison.affected.length).toBeGreaterThan(0);
    expect(JSON.parse((await text(service, '/v1/changes/cr-1/diff')).body).diff).toContain(
      '+  "cidr": "10.30.0.0/16",',
    );
    expect((await post('/v1/changes/cr-1/simulate', {})).document).toMatchObject({ change: { state: 'simulated' } });
    expect((await post('/v1/changes/cr-1/cancel', { reason: 'not now' })).document).toMatchObject({
      change: { state: 'cancelled' },
    });
    // What happened here is there for who sits at the estate, too.
    const { changes } = await karmaJson<{ changes: readonly object[] }>(['change', 'list', '--all'], {
      cwd: service.repository.root,
    });
    expect(changes).toMatchObject([{ id: 'cr-1', state: 'cancelled' }]);
  });

  it('comes in the published shape', async () => {
    const { document } = await post('/request-change', {
      component: 'prod/vpc/main',
      proposed_change: { az_count: 2 },
      requested_by: 'ana',
    });
    expect(document).toMatchObject({
      status: 'simulated',
      warnings: expect.any(Array),
      log_entry_id: expect.any(String),
    });
    expect(document['affected_components']).toContain('prod/vpc/main');
  });

  it.each([
    ['/v1/changes', { reason: 'r' }, 400, 'KARMA_USAGE'],
    ['/v1/changes', { reason: '', patches: [wider] }, 400, 'KARMA_USAGE'],
    ['/v1/changes', { reason: 'r', patches: [{ id: 'prod/vpc/mian', patch: {} }] }, 404, 'KARMA_NOT_FOUND'],
    ['/v1/changes', { reason: 'r', diff: '--- a/../x\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n' }, 422, 'KARMA_INPUT_INVALID'],
    ['/v1/changes', { reason: 'r', worktree: true }, 400, 'KARMA_USAGE'],
    ['/v1/changes/cr-99/cancel', {}, 404, 'KARMA_NOT_FOUND'],
  ])('%s with %j is answered %i', async (path, body, status, code) => {
    expect(await post(path, body)).toMatchObject({ status, document: { code } });
  });

  it('is not there under a name that is none', async () => {
    for (const path of ['/v1/changes/', '/v1/changes/..%2f..', '/v1/changes/cr-1/x'])
      expect((await text(service, path)).status).toBe(404);
    expect((await text(service, '/v1/changes/cr-1', { method: 'DELETE' })).status).toBe(405);
  });
});

it('takes a proposer, and of one for some environments only what is theirs', async () => {
  const cwd = service.repository.root;
  const tokenOf = async (role: string, ...more: string[]) =>
    (await karmaJson<{ token: string }>(['token', 'create', role, '--role', role, ...more], { cwd })).token;
  const [viewer, proposer, dev] = [
    await tokenOf('viewer'),
    await tokenOf('proposer'),
    await tokenOf('proposer', '--environment', 'dev'),
  ];
  const open = await startOpen(cwd, ['--no-follow']);
  const as = (token: string, path: string, body: unknown) =>
    post(path, body, { authorization: `Bearer ${token}` }, open);
  const proposal = { reason: 'r', patches: [{ id: 'prod/vpc/main', patch: { az_count: 4 } }] };
  expect((await as(viewer, '/v1/changes', proposal)).status).toBe(403);
  expect((await as(dev, '/v1/changes', proposal)).status).toBe(403);
  const made = await as(proposer, '/v1/changes', proposal);
  expect(made).toMatchObject({ status: 201, document: { change: { proposer: 'api/proposer' } } });
  const id = String(made.document['id']);
  // Called alike, and of the same name: it is the same who asks.
  expect((await as(dev, `/v1/changes/${id}/cancel`, {})).status).toBe(200);
});
