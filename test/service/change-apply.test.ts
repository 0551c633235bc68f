import { describe, expect, it } from 'vitest';
import { outputOf, runningFiles } from '../support/changing.ts';
import { estateMaker } from '../support/estates.ts';
import { git, karmaJson } from '../support/karma.ts';
import { startOpen } from '../support/service.ts';
import { withoutTerraform } from '../terraform/real-terraform.fixture.ts';

const estates = estateMaker();

describe.skipIf(withoutTerraform)('a change over the network (needs terraform on PATH)', () => {
  it('is proposed, agreed to, applied by a worker, and taken back, each by who may', async () => {
    const place = estates.repository({
      ...runningFiles,
      'karma.yaml': 'estate: running\napprovals: [{ count: 1 }]\n',
    });
    const cwd = place;
    const tokens = new Map<string, string>();
    for (const role of ['proposer', 'approver', 'operator'])
      tokens.set(role, (await karmaJson<{ token: string }>(['token', 'create', role, '--role', role], { cwd })).token);
    const { address } = await startOpen(place, ['--no-follow']);
    const as = async (role: string, method: string, path: string, body?: object) => {
      const got = await fetch(address + path, {
        method,
        headers: { authorization: `Bearer ${tokens.get(role)}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes, looked at member by member.
      return { status: got.status, document: (await got.json()) as any };
    };
    const until = async (id: string, state: string) => {
      for (;;) {
        const { document } = await as('proposer', 'GET', `/v1/changes/${id}`);
        if (document.change.state === state) return document.change;
        expect(['simulated', 'approved', 'applying'], JSON.stringify(document.change)).toContain(document.change.state);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    const made = await as('proposer', 'POST', '/v1/changes', {
      reason: 'larger',
      edits: [{ id: 'base', set: { size: 2 } }],
    });
    expect(made.document).toMatchObject({ id: 'cr-1', approval: { met: false } });
    expect((await as('proposer', 'POST', '/v1/changes/cr-1/approve', {})).status).toBe(403);
    expect((await as('operator', 'POST', '/v1/changes/cr-1/apply', {})).status).toBe(403);
    const seen = { revision: 1, consequence: made.document.consequence };
    expect((await as('approver', 'POST', '/v1/changes/cr-1/approve', { ...seen, consequence: 'x' })).status).toBe(412);
    const agreed = await as('approver', 'POST', '/v1/changes/cr-1/approve', seen);
    expect(agreed.document).toMatchObject({
      change: { state: 'approved' },
      approval: { asked: [{ by: ['api/approver'] }] },
    });
    expect((await as('approver', 'POST', '/v1/changes/cr-1/apply', seen)).status).toBe(403);
    const asked = await as('operator', 'POST', '/v1/changes/cr-1/apply', seen);
    expect(asked).toMatchObject({
      status: 202,
      document: { request: { change: 'cr-1', state: 'asked', actor: 'api/operator' } },
    });
    await until('cr-1', 'applied');
    expect(outputOf(place, 'base')).toBe(2);
    expect(git(place, 'log', '-1', '--format=%an|%cn')).toBe('api/proposer|api/operator');
    const back = await as('proposer', 'POST', '/v1/changes/cr-1/revert', { reason: 'not needed' });
    expect(back).toMatchObject({ status: 201, document: { id: 'cr-2', change: { reverts: 'cr-1' } } });
    await as('approver', 'POST', '/v1/changes/cr-2/approve', {});
    await as('operator', 'POST', '/v1/changes/cr-2/apply', {});
    await until('cr-2', 'applied');
    expect((await until('cr-1', 'reverted')).apply.committed).toBe(true);
    expect([outputOf(place, 'base'), git(place, 'status', '--porcelain')]).toEqual([1, '']);
  });
});
