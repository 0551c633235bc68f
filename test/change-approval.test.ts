import { describe, expect, it } from 'vitest';
import type { EngineContext } from '../src/engine/context.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { changingEstates } from './support/changing.ts';
import { adageFiles, commitAll, type Files, writeFiles } from './support/estates.ts';
import { git } from './support/karma.ts';

/** Who must agree to a change, and when what they said is void. */

const estates = changingEstates();

const karmaYaml = `estate: acme
approvals:
  - select: env=dev
    count: 2
    group: network
    reason: the network is shared
groups:
  network: [ada, ben, ted]
policies:
  - name: large
    when: components.exists(c, c.kind == 'app')
    then: ask
`;

const files: Files = {
  ...adageFiles,
  'karma.yaml': karmaYaml,
  'iac/stage/vpc/main/config.json': '{ "cidr": "10.7.0.0/16" }\n',
};
const propose = (context: EngineContext, id: string, set: Record<string, unknown>, reason = 'why') =>
  ask(context, 'change-propose', { reason, edits: [{ id, set }] });
const approve = (context: EngineContext, actor: string, id = 'cr-1', seen = {}) =>
  ask({ ...context, actor }, 'change-approve', { id, ...seen });

describe('approving a change', () => {
  it('takes as many people of the group as the followed ref says, and not who proposed it', async () => {
    const { context } = estates.make(files);
    const ted = { ...context, actor: 'ted' };
    const made = await propose(ted, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    expect(made.approval).toMatchObject({
      met: false,
      asked: [{ rule: 'approvals[0]', count: 2, group: 'network', by: [], because: 'dev/app/web and 1 more' }],
    });
    await expect(approve(context, 'ted')).rejects.toMatchObject({ code: 'KARMA_FORBIDDEN' });
    await expect(approve(context, 'zoe')).rejects.toMatchObject({ code: 'KARMA_FORBIDDEN' });
    expect((await approve(context, 'ada')).change.state).toBe('simulated');
    expect((await approve(context, 'ada')).approval.asked[0]?.by).toEqual(['ada']);
    const done = await approve(context, 'ben', 'cr-1', { revision: 1, consequence: made.consequence });
    expect(done).toMatchObject({ change: { state: 'approved' }, approval: { met: true } });
    const { events } = await ask(context, 'change', { id: 'cr-1' });
    expect(events.map(({ action, actor }) => [action, actor]).slice(2)).toEqual([
      ['change.agreed', 'ada'],
      ['change.agreed', 'ada'],
      ['change.approved', 'ben'],
    ]);
  });

  it('is bound to what was seen: a revision and all that it does', async () => {
    const { context } = estates.make(files);
    await propose(context, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    for (const seen of [{ revision: 2 }, { consequence: 'other' }])
      await expect(approve(context, 'ada', 'cr-1', seen)).rejects.toMatchObject({ code: 'KARMA_CHANGED' });
    expect((await ask(context, 'change', { id: 'cr-1' })).approval.given).toEqual([]);
  });

  it('is void when the content changes', async () => {
    const { context } = estates.make(files);
    await propose(context, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    await approve(context, 'ada');
    await approve(context, 'ben');
    await ask(context, 'change-propose', {
      reason: 'other',
      revise: 'cr-1',
      edits: [{ id: 'dev/vpc/main', set: { cidr: '10.3.0.0/16' } }],
    });
    const { change, approval } = await ask(context, 'change', { id: 'cr-1' });
    expect(change).toMatchObject({ state: 'simulated', revision: 2 });
    expect(approval).toMatchObject({ met: false, given: [] });
  });

  it('is not given by who gave it another content: the next revision is theirs, too', async () => {
    const { context } = estates.make(files);
    await propose({ ...context, actor: 'cy' }, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    await ask({ ...context, actor: 'api/ben' }, 'change-propose', {
      reason: 'larger',
      revise: 'cr-1',
      edits: [{ id: 'dev/vpc/main', set: { cidr: '10.3.0.0/16' } }],
    });
    await expect(approve(context, 'ben')).rejects.toMatchObject({ code: 'KARMA_FORBIDDEN' });
    expect((await approve(context, 'ada')).approval.met).toBe(false);
    const { change, approval } = await approve(context, 'ted');
    expect([change.state, approval.met, change.revisers?.map(({ by }) => by)]).toEqual(['approved', true, ['api/ben']]);
    // Whoever has nothing to do with the next one still gave content to it.
    const edits = [{ id: 'dev/vpc/main', set: { cidr: '10.4.0.0/16' } }];
    const tried = await ask({ ...context, actor: 'ted' }, 'change-propose', {
      reason: 'r',
      revise: 'cr-1',
      edits,
      dryRun: true,
    });
    expect(tried.approval.asked[0]).toMatchObject({ by: [], met: false });
  });

  it('holds while the base moves and nothing more comes of it, and is void when something does', async () => {
    const { context, place } = estates.make(files);
    await propose(context, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    await approve(context, 'ada');
    await approve(context, 'ben');
    writeFiles(place, { 'iac/stage/vpc/main/config.json': '{ "cidr": "10.8.0.0/16" }\n' });
    commitAll(place, 'elsewhere');
    expect((await ask(context, 'change', { id: 'cr-1' })).change.state).toBe('approved');
    expect((await ask(context, 'change-simulate', { id: 'cr-1' })).change.state).toBe('approved');
    writeFiles(place, { 'iac/dev/app/more/config.json': '{ "vpc_nickname": "main", "size": 1 }\n' });
    commitAll(place, 'one more that reads it');
    const looked = await ask(context, 'change', { id: 'cr-1' });
    expect(looked.change.state).toBe('simulated');
    expect(looked.approval.given[0]).toMatchObject({
      holds: false,
      because: /does more than then: affects dev\/app\/more/,
    });
    const kept = await ask(context, 'change-simulate', { id: 'cr-1' });
    expect(kept).toMatchObject({ change: { state: 'simulated' }, approval: { met: false } });
    expect(kept.change.approvals).toBeUndefined();
    const { events } = await ask(context, 'change', { id: 'cr-1' });
    expect(events.at(-1)).toMatchObject({ action: 'change.simulated', details: { void: ['ada', 'ben'] } });
  });

  it('is void when what came between has to do with it, though it does no more', async () => {
    const { context, place } = estates.make(files);
    await propose(context, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    await approve(context, 'ada');
    await approve(context, 'ben');
    writeFiles(place, { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 9 }\n' });
    commitAll(place, 'a reader of it is another');
    const { change, approval } = await ask(context, 'change', { id: 'cr-1' });
    expect(change.state).toBe('simulated');
    expect(approval.given[0]).toMatchObject({
      holds: false,
      because: /came to main since has to do with it: dev\/app\/web/,
    });
  });

  it('is asked by policies, and of nobody for what no rule means', async () => {
    const { context } = estates.make(files);
    const app = await propose(context, 'dev/app/web', { size: 4 });
    expect(app.approval.asked.map(({ rule }) => rule)).toEqual(['approvals[0]', 'policy large']);
    const stage = await propose(context, 'stage/vpc/main', { cidr: '10.6.0.0/16' });
    expect(stage.approval).toEqual({ asked: [], given: [], met: true });
    expect((await approve(context, 'zoe', 'cr-2')).change.state).toBe('approved');
  });

  it('takes no guard away by what it changes of karma.yaml itself', async () => {
    const { context, place } = estates.make(files);
    git(place, 'switch', '-q', '-c', 'free');
    writeFiles(place, { 'karma.yaml': 'estate: acme\n' });
    commitAll(place, 'free');
    git(place, 'switch', '-q', 'main');
    const made = await ask(context, 'change-propose', { reason: 'free', from: 'free' });
    expect(made.approval).toMatchObject({ met: false, asked: [{ rule: 'approvals[0]', because: /karma\.yaml/ }] });
  });

  it('is refused of a change that is blocked, and ends with a rejection', async () => {
    const { context, place } = estates.make(files);
    await propose(context, 'dev/vpc/main', { cidr: '10.2.0.0/16' });
    writeFiles(place, { 'iac/dev/vpc/main/config.json': '{ "cidr": "10.5.0.0/16" }\n' });
    commitAll(place, 'another');
    await expect(approve(context, 'ada')).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
    const { change } = await ask({ ...context, actor: 'ada' }, 'change-reject', { id: 'cr-1', reason: 'no' });
    expect(change.state).toBe('rejected');
    await expect(approve(context, 'ben')).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
  });
});

describe('what is promoted, and what is switched', () => {
  it('ends as a change, made on the followed ref whatever lies in the work tree', async () => {
    const { context, place } = estates.make({
      ...files,
      'iac/dev/vpc/other/config.json': '{ "cidr": "10.0.0.0/16" }\n',
    });
    writeFiles(place, { 'iac/dev/app/web/config.json': '{ "vpc_nickname": "main", "size": 99 }\n' });
    const promoted = await ask(context, 'environment-promote-propose', {
      from: 'stage',
      to: 'dev',
      select: ['kind=vpc'],
    });
    expect(promoted.proposed.simulation.comparison.changed.map(({ id }) => id)).toEqual(['dev/vpc/main']);
    expect(promoted.proposed.change).toMatchObject({ id: 'cr-1', reason: 'Promote kind=vpc of stage to dev' });
    const switched = await ask(context, 'environment-switch-propose', { id: 'dev/vpc/main', to: 'dev/vpc/other' });
    expect(switched.proposed.simulation.graph.referencesAdded).toEqual([{ from: 'dev/app/web', to: 'dev/vpc/other' }]);
    expect(git(place, 'diff', '--name-only')).toBe('iac/dev/app/web/config.json');
  });
});
