import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Change, foldChange } from '../../src/change/change.ts';
import type { EngineContext } from '../../src/engine/context.ts';
import { ask } from '../../src/engine/verbs/table.ts';
import type { ChangeStep } from '../../src/model/change-steps.ts';
import { verifyLedger } from '../../src/stores/ledger/chain.ts';
import { type KillPoint, yes } from '../support/applying.ts';
import { changingEstates, runningAdage } from '../support/changing.ts';
import { environment, git } from '../support/karma.ts';
import { withoutTerraform } from './real-terraform.fixture.ts';

/** A change that is killed while it is applied, at each place where it could be, and ended by whoever resumes it. */

const estates = changingEstates();

const program = `
import { killedAt, openAt, yes } from ${JSON.stringify(join(import.meta.dirname, '../support/applying.ts'))};
import { ask } from ${JSON.stringify(join(import.meta.dirname, '../../src/engine/verbs/table.ts'))};
const [place, data, id, point] = JSON.parse(process.argv[1]);
const context = killedAt(openAt(place, data, process.env), ({ action, when }) => action === point.action && when === point.when);
await ask(context, 'change-apply', { id }, { here: { face: yes } });
`;

function killed(place: string, data: string, id: string, point: KillPoint): Promise<string | null> {
  const args = ['--input-type=module-typescript', '-e', program, JSON.stringify([place, data, id, point])];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env: environment() });
  return new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
}

const steps: readonly ChangeStep[] = [
  'approved',
  'applying',
  'pushing',
  'committing',
  'committed',
  'publishing',
  'published',
  'deploying',
  'deployed',
  'applied',
];
const every: readonly KillPoint[] = [
  ...steps.flatMap((step) => (['before', 'after'] as const).map((when) => ({ action: `change.${step}`, when }))),
  ...['parameter.put', 'run.applying', 'run.applied', 'graph.published'].map((action) => ({
    action,
    when: 'after' as const,
  })),
];
/** All of them where somebody asks for it: `KARMA_ROUNDS=all`. */
const few: readonly KillPoint[] = [
  { action: 'change.pushing', when: 'after' },
  { action: 'change.committing', when: 'after' },
  { action: 'change.committed', when: 'before' },
  { action: 'change.published', when: 'before' },
  { action: 'change.deploying', when: 'after' },
  { action: 'change.applied', when: 'before' },
];
const points = process.env['KARMA_ROUNDS'] === undefined ? few : every;

describe.skipIf(withoutTerraform)('kill -9 while a change is applied (needs terraform on PATH)', () => {
  let place: string;
  let context: EngineContext;
  let shared: string;
  const data = join(estates.folder, 'data');
  let size = 1;

  beforeAll(async () => {
    place = estates.repository({ ...runningAdage, 'karma.yaml': 'estate: running\npublish: origin\n' });
    shared = join(estates.folder, 'shared.git');
    git(place, 'clone', '-q', '--bare', '.', shared);
    git(place, 'remote', 'add', 'origin', shared);
    context = estates.at(place, data);
    await ask(context, 'config-publish', { all: true });
    await ask(context, 'deploy', { select: ['dev/base/main', 'dev/middle/main'] }, { here: { face: yes } });
  });

  it.each(points)('$when $action, and resumed: Git, parameters, states, graph and ledger agree', async (point) => {
    size += 1;
    const { id = '' } = await ask(context, 'change-propose', {
      reason: `becomes ${size}`,
      edits: [{ id: 'dev/base/main', set: { size } }],
    });
    expect(await killed(place, data, id, point)).toBe('SIGKILL');
    const { state } = (await ask(context, 'change', { id })).change;
    const verb = state === 'simulated' || state === 'approved' ? 'change-apply' : 'change-resume';
    if (state !== 'applied')
      expect((await ask(context, verb, { id }, { here: { face: yes } })).outcome).toBe('applied');
    await agree(id);
  });

  /** Everything that could tell a different story. */
  async function agree(id: string): Promise<void> {
    const { change, events } = await ask(context, 'change', { id });
    expect(change.state).toBe('applied');
    // Git: one commit, here and there, and a work tree that is it.
    const trailers = git(place, 'log', '--format=%(trailers:key=Karma-Change,valueonly)', 'main')
      .split('\n')
      .filter(Boolean);
    expect(trailers.filter((one) => one === id)).toHaveLength(1);
    expect(git(place, 'rev-parse', 'HEAD')).toBe(change.apply?.commit);
    expect(git(shared, 'rev-parse', 'main')).toBe(change.apply?.commit);
    expect(git(place, 'status', '--porcelain')).toBe('');
    // Parameters: what was published is what Git holds, and what ran wrote what comes of it.
    const parameter = async (name: string) =>
      JSON.parse((await ask(context, 'parameter', { name })).parameter.value ?? 'null') as unknown;
    expect(await parameter('/iac/base/main/config')).toEqual({ size });
    expect(await parameter('/iac/base/main/runtime')).toEqual({ total: size });
    expect(await parameter('/iac/middle/main/runtime')).toEqual({ total: size + 10 });
    // States and records: nothing is behind, and no deploy is open.
    const status = await ask(context, 'status', { select: ['dev/base/main', 'dev/middle/main'] });
    expect(status.components.map(({ status: word, reasons }) => [word, reasons])).toEqual([
      ['deployed', []],
      ['deployed', []],
    ]);
    expect(status.deploys).toEqual([]);
    // The graph: published as it is.
    const before = await ask(context, 'versions', { limit: 1 });
    await ask(context, 'build', {});
    expect((await ask(context, 'versions', { limit: 1 })).versions).toEqual(before.versions);
    // The ledger: sound, and the change is what its events say.
    const ledger = await context.stores.ledger();
    expect((await verifyLedger(ledger)).sound).toBe(true);
    let told: Change | undefined;
    for (const event of events) told = foldChange(told, event);
    expect(told).toEqual(change);
  }
});
