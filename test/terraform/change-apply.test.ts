import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EngineContext } from '../../src/engine/context.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { hideInTexts } from '../../src/model/secrets/text.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { yes } from '../support/applying.ts';
import { changingEstates, outputOf, runningFiles } from '../support/changing.ts';
import { commitAll, writeFiles } from '../support/estates.ts';
import { git } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/** A change from its proposal to what runs, in one estate that goes on from test to test, as a team's does. */

const estates = changingEstates();

const propose = async (context: EngineContext, id: string, size: number, more = {}): Promise<string> =>
  (await ask(context, 'change-propose', { reason: `${id} becomes ${size}`, edits: [{ id, set: { size } }], ...more }))
    .id ?? '';
const apply = (context: EngineContext, id: string, more = {}) =>
  ask(context, 'change-apply', { id, ...more }, { here: { face: yes } });
const resume = (context: EngineContext, id: string) => ask(context, 'change-resume', { id }, { here: { face: yes } });
const stateOf = async (context: EngineContext, id: string) => (await ask(context, 'change', { id })).change.state;
const actionsOf = async (context: EngineContext, id: string) =>
  (await ask(context, 'change', { id })).events.map(({ action }) => action.slice('change.'.length));

describe.skipIf(withoutTerraform)('applying a change (needs terraform on PATH)', () => {
  let place: string;
  let context: EngineContext;
  const size = (module: string, value: number, why: string) => {
    writeFiles(place, { [`${module}/terraform.tfvars`]: `size = ${value}\n` });
    return commitAll(place, why);
  };

  beforeAll(async () => {
    ({ place, context } = estates.make(runningFiles));
    await ask(context, 'deploy', { select: ['base', 'middle'] }, { here: { face: yes } });
  });

  it('commits it, moves the work tree along, deploys what it changes and affects, and says each step before it is done', async () => {
    const ada = { ...context.env, GIT_AUTHOR_NAME: 'Ada Lovelace', GIT_AUTHOR_EMAIL: 'ada@example.org' };
    const id = await propose({ ...context, actor: 'ada', env: ada }, 'base', 2);
    const before = git(place, 'rev-parse', 'HEAD');
    const { plans } = await ask(context, 'change-plan', { id }, { here: { face: yes } });
    expect(plans.map(({ key, state, ...rest }) => [key, state, 'unknown' in rest ? rest.unknown : []])).toEqual([
      ['base', 'planned', []],
      ['middle', 'waiting', ['base#/total']],
    ]);
    expect(await stateOf(context, id)).toBe('planned');
    // What was found stays with the change, for who looks later.
    const kept = await ask(context, 'change-plan-kept', { id });
    expect(kept).toMatchObject({ change: id, plan: { revision: 1, plans: hideInTexts(plans) } });
    expect(kept.outdated).toBeUndefined();
    const ahead = await apply(context, id, { dryRun: true });
    expect(ahead).toMatchObject({
      outcome: 'would apply',
      obstacles: [],
      ahead: { rebased: false, environments: [''] },
    });
    expect(ahead.ahead.members.map(({ component }) => component)).toEqual(['base', 'middle']);
    expect(git(place, 'rev-parse', 'HEAD')).toBe(before);
    const done = await apply(context, id);
    expect(done).toMatchObject({
      outcome: 'applied',
      change: { state: 'applied', apply: { committed: true, deployed: true } },
    });
    expect([
      outputOf(place, 'base'),
      outputOf(place, 'middle'),
      existsSync(join(place, 'side/terraform.tfstate')),
    ]).toEqual([2, 12, false]);
    expect(git(place, 'log', '-1', '--format=%an|%ae|%cn|%ce|%P|%B')).toBe(
      `Ada Lovelace|ada@example.org|tester||${before}|base becomes 2\n\nKarma-Change: ${id}`,
    );
    expect(git(place, 'status', '--porcelain')).toBe('');
    expect(git(place, 'show', 'HEAD:base/terraform.tfvars')).toBe('size = 2');
    expect(await actionsOf(context, id)).toEqual([
      'proposed',
      'simulated',
      'planned',
      'approved',
      'applying',
      'committing',
      'committed',
      'deploying',
      'deployed',
      'applied',
    ]);
    await expect(apply(context, id)).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
    // Both were said to change, and did; who reads what moved was told.
    expect((await ask(context, 'change-score', {})).scores).toMatchObject([
      { change: id, right: ['base', 'middle'], wrong: [], missed: [], unknown: [], precision: 1, recall: 1 },
    ]);
  });

  it('leaves alone what a work tree holds and nobody committed, and says what to do', async () => {
    const id = await propose(context, 'side', 6);
    const before = git(place, 'rev-parse', 'HEAD');
    writeFiles(place, { 'side/terraform.tfvars': 'size = 7\n' });
    await expect(apply(context, id)).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: expect.stringContaining('side/terraform.tfvars differs from it'),
      hint: /git stash/,
    });
    git(place, 'checkout', '-q', '--', '.');
    expect([git(place, 'rev-parse', 'HEAD'), await stateOf(context, id)]).toEqual([before, 'simulated']);
    // What is beside it and not Git's business stays.
    writeFileSync(join(place, 'notes.txt'), 'mine\n');
    expect((await apply(context, id)).outcome).toBe('applied');
    expect([outputOf(place, 'side'), git(place, 'status', '--porcelain')]).toEqual([6, '?? notes.txt']);
  });

  it('is laid over what came meanwhile where the two commute, and goes back to be looked at where they do not', async () => {
    const id = await propose(context, 'base', 3);
    size('side', 8, 'elsewhere');
    const done = await apply(context, id);
    expect(done).toMatchObject({ outcome: 'applied', ahead: { rebased: true } });
    expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([3, 13]);
    const other = await propose(context, 'base', 4);
    size('middle', 20, 'a reader of it');
    await expect(apply(context, other)).rejects.toMatchObject({
      code: 'KARMA_CHANGED',
      message: expect.stringMatching(/middle/),
    });
    expect(await stateOf(context, other)).toBe('simulated');
    expect((await actionsOf(context, other)).slice(-2)).toEqual(['returned', 'simulated']);
    expect((await apply(context, other)).outcome).toBe('applied');
    expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([4, 24]);
  });

  it('fails with what ran where a run fails, is taken up again, and is taken back by a change of its own', async () => {
    const id = await propose(context, 'base', 5, {
      edits: [
        { id: 'base', set: { size: 5 } },
        { id: 'middle', set: { size: 500 } },
      ],
    });
    const failed = await apply(context, id);
    expect(failed).toMatchObject({
      outcome: 'failed',
      change: { state: 'failed', apply: { committed: true, code: 'KARMA_RUN_FAILED' } },
    });
    expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([5, 24]);
    // What has to do with it waits until it is ended.
    const next = await propose(context, 'base', 6);
    await expect(apply(context, next)).rejects.toMatchObject({
      message: expect.stringContaining(`${id} is applied halfway`),
    });
    expect((await resume(context, id)).outcome).toBe('failed');
    const back = await ask(context, 'change-revert', { id, reason: 'too large' });
    expect(back).toMatchObject({ state: 'simulated', change: { reverts: id, ways: ['revert'] } });
    expect((await apply(context, back.id ?? '')).outcome).toBe('applied');
    expect(await stateOf(context, id)).toBe('reverted');
    expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([4, 24]);
    await ask(context, 'change-cancel', { id: next });
  });

  it('brings nothing along of its base where history was rewritten, and waits where its base is ahead', async () => {
    size('side', 9, 'to be dropped');
    const id = await propose(context, 'base', 7);
    git(place, 'reset', '-q', '--hard', 'HEAD~1');
    await expect(apply(context, id)).rejects.toMatchObject({ message: expect.stringContaining('does not hold yet') });
    size('side', 11, 'another in its place');
    const shown = await ask(context, 'change', { id });
    expect(shown.simulation.comparison.changed.map((one) => one.id)).toEqual(['base']);
    expect((await apply(context, id)).outcome).toBe('applied');
    expect(git(place, 'log', '--format=%s', '-2')).toBe('base becomes 7\nanother in its place');
    expect(git(place, 'show', 'HEAD:side/terraform.tfvars')).toBe('size = 11');
  });

  it('goes one after the other where two are approved and do not commute', async () => {
    const first = await propose(context, 'base', 8);
    const second = await propose(context, 'middle', 30);
    await ask({ ...context, actor: 'ben' }, 'change-approve', { id: first });
    await ask({ ...context, actor: 'ben' }, 'change-approve', { id: second });
    await expect(apply(context, second)).rejects.toMatchObject({
      message: expect.stringContaining(`${first} was approved before`),
    });
    expect((await apply(context, first)).outcome).toBe('applied');
    // What was agreed to of the second was so before the first was there.
    await expect(apply(context, second)).rejects.toMatchObject({ code: 'KARMA_CHANGED' });
    expect((await apply(context, second)).outcome).toBe('applied');
    expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([8, 38]);
    expect((await verifyLedger(await context.stores.ledger())).sound).toBe(true);
  });
});

describe.skipIf(withoutTerraform)('a followed branch that is shared (needs terraform on PATH)', () => {
  it('is pushed; a push that comes second is laid over what was first; what is protected stays as it was', async () => {
    const files = { ...runningFiles, 'karma.yaml': 'estate: running\npublish: origin\n' };
    const { place, context } = estates.make(files);
    const shared = join(estates.folder, 'shared.git');
    git(place, 'clone', '-q', '--bare', '.', shared);
    git(place, 'remote', 'add', 'origin', shared);
    const other = join(estates.folder, 'other');
    git(place, 'clone', '-q', shared, other);
    await ask(context, 'deploy', { select: ['base', 'middle'] }, { here: { face: yes } });
    const first = await propose(context, 'base', 2);
    writeFiles(other, { 'side/terraform.tfvars': 'size = 6\n' });
    commitAll(other, 'from elsewhere');
    git(other, 'push', '-q', 'origin', 'main');
    expect((await apply(context, first)).outcome).toBe('applied');
    expect(git(shared, 'log', '--format=%s', '-2', 'main')).toBe('base becomes 2\nfrom elsewhere');
    expect(git(place, 'rev-parse', 'main')).toBe(git(shared, 'rev-parse', 'main'));
    expect(git(place, 'status', '--porcelain')).toBe('');
    const second = await propose(context, 'base', 3);
    const hook = join(shared, 'hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho main is protected >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    const before = git(place, 'rev-parse', 'main');
    await expect(apply(context, second)).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: expect.stringContaining('main is protected'),
    });
    expect([git(place, 'rev-parse', 'main'), await stateOf(context, second)]).toEqual([before, 'approved']);
    expect(outputOf(place, 'base')).toBe(2);
    // Somebody is first between the look and the push: what came is laid under it.
    writeFileSync(
      hook,
      `#!/bin/sh\nunset GIT_QUARANTINE_PATH GIT_DIR\n[ -e raced ] && exit 0\ntouch raced\ngit -C ${other} -c protocol.file.allow=always pull -q && cd ${other} && echo 'size = 7' > side/terraform.tfvars && git -c user.name=o -c user.email=o@x commit -qam raced && git push -q origin main\nexit 0\n`,
    );
    expect((await apply(context, second)).outcome).toBe('applied');
    expect(git(shared, 'log', '--format=%s', '-2', 'main')).toBe('base becomes 3\nraced');
    expect(outputOf(place, 'base')).toBe(3);
    writeFiles(place, { 'side/terraform.tfvars': 'size = 8\n' });
    commitAll(place, 'nobody else has it');
    const third = await propose(context, 'base', 4);
    await expect(apply(context, third)).rejects.toMatchObject({
      message: expect.stringContaining('holds commits that origin/main does not'),
    });
  });

  it('is merged into by pull requests where the team does that: the merge, squashed or not, is the approval', async () => {
    const files = {
      ...runningFiles,
      'karma.yaml': 'estate: running\npublish: { remote: origin, via: pull-request }\napprovals: [{ count: 1 }]\n',
    };
    const { place, context } = estates.make(files);
    const shared = join(estates.folder, 'merging.git');
    git(place, 'clone', '-q', '--bare', '.', shared);
    git(place, 'remote', 'add', 'origin', shared);
    const other = join(estates.folder, 'reviewer');
    git(place, 'clone', '-q', shared, other);
    await ask(context, 'deploy', { select: ['base', 'middle'] }, { here: { face: yes } });
    const before = git(place, 'rev-parse', 'main');
    for (const [how, size] of [
      ['--squash', 2],
      ['--no-ff', 3],
    ] as const) {
      const id = await propose({ ...context, actor: 'ada' }, 'base', size);
      const offered = await apply(context, id);
      expect(offered).toMatchObject({
        outcome: 'offered',
        pull: { remote: 'origin', branch: `karma/${id}`, into: 'main', title: `base becomes ${size}` },
      });
      expect(offered.pull?.body).toContain('- affects `middle`');
      if (how === '--squash') expect(git(place, 'rev-parse', 'main')).toBe(before);
      // Not merged yet: it is offered again, and nothing runs.
      expect((await apply(context, id)).outcome).toBe('offered');
      expect(outputOf(place, 'base')).toBe(size - 1);
      writeFiles(other, { 'side/terraform.tfvars': `size = ${size + 20}\n` });
      commitAll(other, 'in between');
      git(other, 'fetch', '-q');
      git(other, 'merge', '-q', how, ...(how === '--squash' ? [] : ['-m', 'merged']), `origin/karma/${id}`);
      if (how === '--squash') git(other, 'commit', '-q', '-m', 'squashed by somebody');
      git(other, 'push', '-q', 'origin', 'main');
      const done = await apply(context, id);
      expect(done).toMatchObject({
        outcome: 'applied',
        change: { apply: { commit: git(shared, 'rev-parse', 'main') } },
      });
      expect([outputOf(place, 'base'), outputOf(place, 'middle')]).toEqual([size, size + 10]);
      expect((await actionsOf(context, id)).slice(-8)).toEqual([
        'offered',
        'merged',
        'applying',
        'committing',
        'committed',
        'deploying',
        'deployed',
        'applied',
      ]);
    }
  });
});
