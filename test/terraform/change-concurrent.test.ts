import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Change, foldChange } from '../../src/change/change.ts';
import { grownBy } from '../../src/change/consequence.ts';
import type { Simulation } from '../../src/change/simulation.ts';
import { eventsOf } from '../../src/engine/history/every-event.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import { replayTree, treeOf } from '../../src/observe/content-commit.ts';
import { repositoryAt } from '../../src/observe/git-repository.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { yes } from '../support/applying.ts';
import { changingEstates, outputOf, runningFiles } from '../support/changing.ts';
import { environment, git } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/**
 * Three people change one estate at once, each in a process of its own that is killed now and then. The end equals what one after the
 * other would have come to, and nothing that somebody agreed to was more when it happened. `KARMA_ROUNDS` says how many changes each.
 */
const each = Number(process.env['KARMA_ROUNDS'] ?? 2);
const estates = changingEstates();

const program = `
import { killedAt, openAt, yes } from ${JSON.stringify(join(import.meta.dirname, '../support/applying.ts'))};
import { ask } from ${JSON.stringify(join(import.meta.dirname, '../../src/engine/verbs/table.ts'))};
const [place, data, seed, count] = JSON.parse(process.argv[1]);
let state = seed;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) >>> 0;
  return (state >>> 8) / 2 ** 24;
};
const open = openAt(place, data, process.env);
const context = killedAt(open, ({ action }) => action.startsWith('change.') && random() < 0.02);
const patiently = async (work) => {
  for (let tries = 0; tries < 12; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!['KARMA_LOCK_HELD', 'KARMA_CONFLICT', 'KARMA_CHANGED', 'KARMA_REFUSED', 'KARMA_GIT'].includes(error.code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200 + random() * 600));
    }
  }
};
for (let made = 0; made < count; made++) {
  const id = ['base', 'middle', 'side'][Math.floor(random() * 3)];
  const size = 1 + Math.floor(random() * 90);
  const change = await patiently(() => ask(context, 'change-propose', { reason: id + ' ' + size, edits: [{ id, set: { size } }] }));
  if (change === undefined) continue;
  await patiently(async () => {
    await ask({ ...context, actor: 'ben' }, 'change-approve', { id: change.id });
    return ask(context, 'change-apply', { id: change.id }, { here: { face: yes } });
  });
}
await open.stores.close();
`;

function person(place: string, data: string, seed: number): Promise<string | null> {
  const args = ['--input-type=module-typescript', '-e', program, JSON.stringify([place, data, seed, each])];
  const env = environment({ KARMA_ACTOR: `person${seed % 3}` });
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
}

describe.skipIf(withoutTerraform)('three people at once, killed now and then (needs terraform on PATH)', () => {
  it('come to what one after the other would have come to', async () => {
    const place = estates.repository({ ...runningFiles, 'karma.yaml': 'estate: running\napprovals: [{ count: 1 }]\n' });
    const data = join(estates.folder, 'data');
    const context = estates.at(place, data);
    await ask(context, 'deploy', { all: true }, { here: { face: yes } });
    const first = git(place, 'rev-parse', 'main');
    const ends = await Promise.all([1, 2, 3].map((seed) => person(place, data, seed * 7919)));
    for (const end of ends) expect(['0', 'SIGKILL']).toContain(end);
    // Whatever was cut off is ended, in whichever order.
    for (let left = 1; left > 0; ) {
      const { changes } = await ask(context, 'changes', {});
      const open = changes.filter(({ state }) => state === 'applying' || state === 'failed');
      for (const { id } of open) await ask(context, 'change-resume', { id }, { here: { face: yes } });
      left = open.length;
    }
    // And it goes on from there.
    const { id: last = '' } = await ask(context, 'change-propose', {
      reason: 'after all',
      edits: [{ id: 'side', set: { size: 95 } }],
    });
    await ask({ ...context, actor: 'ben' }, 'change-approve', { id: last }).catch(() => undefined);
    const { changes: before } = await ask(context, 'changes', { all: true });
    for (const { id, state } of before)
      if (id !== last && state !== 'applied') await ask(context, 'change-cancel', { id }).catch(() => undefined);
    await ask({ ...context, actor: 'ben' }, 'change-approve', { id: last });
    expect((await ask(context, 'change-apply', { id: last }, { here: { face: yes } })).outcome).toBe('applied');
    const { changes } = await ask(context, 'changes', { all: true });
    const applied = new Map(changes.filter(({ state }) => state === 'applied').map((one) => [one.id, one]));
    expect([...applied.keys()]).toContain(last);
    // Each commit is one applied change, and did on top of the one before exactly what the change does.
    const repository = repositoryAt(place);
    if (repository === undefined) throw new Error('no repository');
    const commits = git(
      place,
      'log',
      '--reverse',
      '--format=%H %P %(trailers:key=Karma-Change,valueonly,separator=)',
      `${first}..main`,
    );
    const seen: string[] = [];
    for (const line of commits.split('\n').filter(Boolean)) {
      const [commit = '', parent = '', id = ''] = line.split(' ');
      const change = applied.get(id);
      if (change === undefined) throw new Error(`${commit} is no applied change`);
      expect(change.apply?.commit).toBe(commit);
      expect(await replayTree(repository, parent, change)).toEqual({ tree: await treeOf(repository, commit) });
      seen.push(id);
    }
    expect(seen.toSorted()).toEqual([...applied.keys()].toSorted());
    expect(git(place, 'status', '--porcelain')).toBe('');
    // What is deployed is what Git says now.
    const size = (module: string) =>
      Number(/size = (\d+)/.exec(git(place, 'show', `main:${module}/terraform.tfvars`))?.[1]);
    expect([outputOf(place, 'base'), outputOf(place, 'middle'), outputOf(place, 'side')]).toEqual([
      size('base'),
      size('base') + size('middle'),
      size('side'),
    ]);
    // Nobody agreed to less than what happened; no event is lost.
    const ledger = await context.stores.ledger();
    const kept = async (digest: string) =>
      JSON.parse(new TextDecoder().decode(await ledger.getObject(digest))) as Simulation;
    for (const { approvals = [], revision, simulation } of applied.values()) {
      expect(approvals.map(({ by }) => by)).toEqual(['ben']);
      for (const one of approvals) {
        expect(one.revision).toBe(revision);
        expect(grownBy(await kept(one.simulation), await kept(simulation?.digest ?? ''))).toEqual([]);
      }
    }
    expect((await verifyLedger(ledger)).sound).toBe(true);
    const told = new Map<string, Change | undefined>();
    for await (const event of eventsOf(ledger, { action: 'change.', after: 0 }))
      told.set(event.subject, foldChange(told.get(event.subject), event));
    for (const { summary: _, ...change } of changes) expect(told.get(change.id)).toEqual(change);
  });
});
