import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../src/change/change.ts';
import { seeMerged } from '../src/engine/applying/see-merged.ts';
import type { EngineContext } from '../src/engine/context.ts';
import { ask } from '../src/engine/verbs/table.ts';
import { KarmaError } from '../src/model/errors.ts';
import { yes } from './support/applying.ts';
import { changingEstates } from './support/changing.ts';
import { commitAll, type Files, writeFiles } from './support/estates.ts';
import { git } from './support/karma.ts';

/**
 * Who holds back whom while changes are applied and pull requests merged, scenario by scenario as Terrateam tells of its locks
 * (rfds/568, "Refactoring Dirspace Locking"): `a`, `b` and `c` stand for its dirspaces. What is not taken over from there says why.
 */
const estates = changingEstates();

const files = (publish: string): Files => ({
  'karma.yaml': `estate: locks\npublish: ${publish}\n`,
  'account_environments/locks-dev.json': '{ "name": "locks-dev", "environment": "dev", "config_branch": "main" }\n',
  // Configuration alone: to apply is to commit, to push and to publish, and nothing has to be run for it.
  'components/note/README.md': 'Written one day.\n',
  ...Object.fromEntries(['a', 'b', 'c'].map((name) => [`iac/dev/note/${name}/config.json`, '{ "size": 0 }\n'])),
});

let context: EngineContext;
let place = '';
let reviewer = '';
let made = 0;

async function estate(publish: string): Promise<void> {
  made += 1;
  ({ place, context } = estates.make(files(publish)));
  const shared = join(estates.folder, `shared-${made}.git`);
  reviewer = join(estates.folder, `reviewer-${made}`);
  git(place, 'clone', '-q', '--bare', '.', shared);
  git(place, 'remote', 'add', 'origin', shared);
  git(place, 'clone', '-q', shared, reviewer);
  await ask(context, 'config-publish', { all: true });
}

let size = 0;
async function propose(...names: readonly string[]): Promise<string> {
  const edits = names.map((name) => {
    size += 1;
    return { id: `dev/note/${name}`, set: { size } };
  });
  return (await ask(context, 'change-propose', { reason: names.join(), edits })).id ?? '';
}
const apply = async (id: string, more = {}, as = context) =>
  (await ask(as, 'change-apply', { id, ...more }, { here: { face: yes } })).outcome;
const resume = async (id: string) => (await ask(context, 'change-resume', { id }, { here: { face: yes } })).outcome;
const stateOf = async (id: string) => (await ask(context, 'change', { id })).change.state;
const publishedOf = async (name: string) =>
  (
    JSON.parse((await ask(context, 'parameter', { name: `/iac/note/${name}/config` })).parameter.value ?? '') as {
      size: number;
    }
  ).size;
const held = (id: string, by: string) =>
  expect(apply(id)).rejects.toMatchObject({ message: expect.stringContaining(by) });

/** Its commit is there, and not all that follows from it. */
async function halfway(id: string): Promise<void> {
  const { stores } = context;
  const parameters: typeof stores.parameters = async (binding) => {
    const change = (await (await stores.ledger()).getDocument('change', id))?.body as Change;
    if (change.apply?.committed === true) throw new KarmaError('KARMA_UPSTREAM', 'the account is out of reach');
    return stores.parameters(binding);
  };
  await expect(apply(id, {}, { ...context, stores: { ...stores, parameters } })).rejects.toMatchObject({
    code: 'KARMA_UPSTREAM',
  });
  expect(await stateOf(id)).toBe('failed');
}

/** By a pull request, squashed, and seen by a service. */
async function merge(id: string, sees = true): Promise<void> {
  expect(await apply(id)).toBe('offered');
  git(reviewer, 'pull', '-q');
  git(reviewer, 'merge', '-q', '--squash', `origin/karma/${id}`);
  git(reviewer, 'commit', '-q', '-m', `squashed ${id}`);
  git(reviewer, 'push', '-q', 'origin', 'main');
  if (!sees) return;
  const before = git(place, 'rev-parse', 'HEAD');
  expect((await seeMerged(context)).map((one) => one.id)).toEqual([id]);
  // Who only looks moves nothing, and what was seen is not told twice.
  expect(git(place, 'rev-parse', 'HEAD')).toBe(before);
  expect(await seeMerged(context)).toEqual([]);
  // Whoever goes on works on what all see.
  git(place, 'pull', '-q', '--ff-only', 'origin', 'main');
}

describe('where changes are pushed', { retry: 0 }, () => {
  beforeEach(() => estate('origin'));

  it('1, apply first: what was applied holds nobody back', async () => {
    expect(await apply(await propose('a'))).toBe('applied');
    expect(await apply(await propose('a'))).toBe('applied');
  });

  it('what came from elsewhere and does not commute is looked at once, and then a change goes on top of it', async () => {
    const id = await propose('a');
    const before = git(place, 'rev-parse', 'HEAD');
    writeFiles(reviewer, { 'components/note/README.md': 'Written another day.\n' });
    commitAll(reviewer, 'from elsewhere');
    git(reviewer, 'push', '-q', 'origin', 'main');
    await expect(apply(id)).rejects.toMatchObject({
      code: 'KARMA_CHANGED',
      message: expect.stringContaining('what came to main since has to do with it'),
    });
    // Nothing moved here, and what it does is told as of where it will be.
    expect(git(place, 'rev-parse', 'HEAD')).toBe(before);
    const { simulation } = await ask(context, 'change', { id });
    expect(simulation.base).toBe(git(reviewer, 'rev-parse', 'HEAD'));
    const later = await propose('b');
    expect((await ask(context, 'change', { id: later })).change.base).toBe(simulation.base);
    expect(await apply(id)).toBe('applied');
    expect(git(place, 'log', '--format=%s', '-2')).toBe('a\nfrom elsewhere');
    expect(git(place, 'status', '--porcelain')).toBe('');
  });

  it('what is only here and not where it is shared is told ahead, as it is refused', async () => {
    const first = await propose('a');
    writeFiles(place, { 'mine.txt': 'not pushed\n' });
    commitAll(place, 'mine');
    const { outcome, obstacles } = await ask(
      context,
      'change-apply',
      { id: first, dryRun: true },
      { here: { face: yes } },
    );
    expect([outcome, obstacles[0]?.because]).toEqual([
      'would not apply',
      'main holds commits that origin/main does not',
    ]);
    await held(first, 'holds commits that origin/main does not');
  });

  it('3 and 6, several, and locking is contagious: one that is halfway holds all that it writes, and all of who shares some', async () => {
    const first = await propose('a', 'b');
    await halfway(first);
    const second = await propose('b', 'c');
    await held(second, `${first} is applied halfway`);
    expect(await publishedOf('c')).toBe(0);
    expect(await resume(first)).toBe('applied');
    expect(await apply(second)).toBe('applied');
    expect([await publishedOf('b'), await publishedOf('c')]).toEqual([size - 1, size]);
  });

  it('6b, unlocking: what is halfway is let go by taking it back, and by nothing less', async () => {
    const first = await propose('a');
    await halfway(first);
    await expect(ask(context, 'change-cancel', { id: first })).rejects.toMatchObject({ code: 'KARMA_REFUSED' });
    const { id: back = '' } = await ask(context, 'change-revert', { id: first });
    expect(await apply(back)).toBe('applied');
    expect([await stateOf(first), await publishedOf('a')]).toEqual(['reverted', 0]);
    expect(await apply(await propose('a'))).toBe('applied');
  });
});

describe('where pull requests are merged', { retry: 0 }, () => {
  beforeEach(() => estate('{ remote: origin, via: pull-request }'));

  it('2, merge first: what is merged and not deployed holds back who has to do with it, until it is', async () => {
    const first = await propose('a');
    await merge(first);
    expect(await stateOf(first)).toBe('approved');
    const second = await propose('a');
    await held(second, `${first} was merged before`);
    expect(await apply(first)).toBe('applied');
    expect(await apply(second)).toBe('offered');
  });

  it('what was merged is told and deployed as that, also where the team merges no more', async () => {
    const first = await propose('a');
    const before = await ask(context, 'change-apply', { id: first, dryRun: true }, { here: { face: yes } });
    expect([before.outcome, before.ahead.offered]).toEqual(['would apply', `karma/${first}`]);
    await merge(first);
    writeFiles(place, { 'karma.yaml': files('origin')['karma.yaml'] ?? '' });
    commitAll(place, 'no more pull requests');
    git(place, 'push', '-q', 'origin', 'main');
    const { outcome, obstacles, ahead } = await ask(
      context,
      'change-apply',
      { id: first, dryRun: true },
      { here: { face: yes } },
    );
    expect([outcome, obstacles]).toEqual(['would apply', []]);
    expect([ahead.offered, ahead.merged]).toEqual([undefined, git(reviewer, 'rev-parse', 'HEAD')]);
    const listed = (await ask(context, 'changes', {})).changes.map(({ id, isBehind }) => [id, isBehind]);
    expect(listed).toEqual([[first, undefined]]);
    expect([await apply(first), await publishedOf('a')]).toEqual(['applied', size]);
  });

  it('4, merge first, several: all that it writes is held', async () => {
    const first = await propose('a', 'b');
    await merge(first);
    const second = await propose('b');
    await held(second, `${first} was merged before`);
    expect(await apply(first)).toBe('applied');
    expect(await apply(second)).toBe('offered');
  });

  it('5 and 7, merged and halfway: it holds until it is ended, a merge of another beside it', async () => {
    const first = await propose('a');
    await merge(first);
    const second = await propose('a');
    git(reviewer, 'pull', '-q');
    await halfway(first);
    await held(second, `${first} is applied halfway`);
    expect(await resume(first)).toBe('applied');
    await merge(second);
    expect(await apply(second)).toBe('applied');
  });

  it('8, several merged: the first goes first, whoever sees them when, so none holds the other for ever', async () => {
    const first = await propose('a');
    await merge(first, false);
    git(place, 'fetch', '-q');
    const second = (
      await ask(context, 'change-propose', {
        reason: 'on top',
        base: 'origin/main',
        edits: [{ id: 'dev/note/a', set: { size: 1000 } }],
      })
    ).id as string;
    git(place, 'push', '-q', 'origin', `refs/karma/changes/${second}:refs/heads/main`);
    await held(second, `${first} was merged before`);
    expect(await apply(first)).toBe('applied');
    expect(await apply(second)).toBe('applied');
    expect(await publishedOf('a')).toBe(1000);
  });

  it('9, a policy that a merge does not lock: --overtake says so of one change; and a cancelled one lets go', async () => {
    const first = await propose('a');
    await merge(first);
    const second = await propose('a');
    expect(await apply(second, { overtake: true })).toBe('offered');
    await ask(context, 'change-cancel', { id: first });
    expect(await apply(second)).toBe('offered');
  });

  it('10, a policy that only a merge locks, is not offered: who has begun ends it first', async () => {
    const first = await propose('a');
    await merge(first);
    await halfway(first);
    await expect(apply(await propose('a'), { overtake: true })).rejects.toMatchObject({
      message: expect.stringContaining(`${first} is applied halfway`),
    });
  });
});

it('who gives a change another content while somebody applies it has made another one of it, agreed to or not', {
  retry: 0,
}, async () => {
  ({ place, context } = estates.make({
    ...files('origin'),
    'karma.yaml': 'estate: locks\napprovals: [{ count: 1 }]\n',
  }));
  await ask(context, 'config-publish', { all: true });
  const as = (actor: string): EngineContext => ({ ...context, actor });
  const before = git(place, 'rev-parse', 'HEAD');
  const edits = (value: number) => [{ id: 'dev/note/a', set: { size: value } }];
  const { id = '' } = await ask(as('ada'), 'change-propose', { reason: 'small', edits: edits(1) });
  const approve = () => ask(as('ben'), 'change-approve', { id });
  await approve();
  const meanwhile = async (isAgreed: boolean) => {
    const confirmChange = async () => {
      await ask(as('cy'), 'change-propose', { reason: 'large', revise: id, edits: edits(1000 + Number(isAgreed)) });
      if (isAgreed) await approve();
      return true;
    };
    const face = { ...yes, confirmChange };
    await expect(ask(as('ada'), 'change-apply', { id }, { here: { face } })).rejects.toMatchObject({
      code: 'KARMA_CHANGED',
      message: expect.stringContaining('got another content'),
    });
    expect([git(place, 'rev-parse', 'HEAD'), await publishedOf('a')]).toEqual([before, 0]);
  };
  await meanwhile(false);
  expect(await stateOf(id)).toBe('simulated');
  await approve();
  await meanwhile(true);
  expect(await stateOf(id)).toBe('approved');
  // Who asked for exactly one revision, and is served later, gets that or nothing.
  const two = { revision: 2 };
  await expect(apply(id, two)).rejects.toMatchObject({ code: 'KARMA_CHANGED' });
  const { request } = await ask({ ...context, door: 'api' }, 'change-apply-ask', { id });
  expect(request).toMatchObject({ change: id, revision: 3 });
  expect([await apply(id, { revision: 3 }), await publishedOf('a')]).toEqual(['applied', 1001]);
  const { events } = await ask(context, 'change', { id });
  expect(events.filter(({ action, details }) => action === 'change.approved' && details['asked'] === 0)).toEqual([]);
});

it('11, a lock a branch: another branch is another estate with a ledger of its own, and holds back nobody here', {
  retry: 0,
}, async () => {
  await estate('origin');
  await halfway(await propose('a'));
  git(place, 'branch', '-q', 'staging', 'HEAD~1');
  const other = join(estates.folder, 'staging');
  git(place, 'worktree', 'add', '-q', other, 'staging');
  git(place, 'push', '-q', 'origin', 'staging');
  context = estates.at(other);
  expect(await apply(await propose('a'))).toBe('applied');
  expect(git(place, 'log', '-1', '--format=%(trailers:key=Karma-Change,valueonly)', 'origin/staging').trim()).not.toBe(
    '',
  );
});
