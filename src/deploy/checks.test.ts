import { describe, expect, it } from 'vitest';
import { KarmaError } from '../model/errors.ts';
import { deploySet } from './deploy.ts';
import { recordsOf } from './records.ts';
import { process, type SimulatedComponent, usual, World } from './simulation.fixture.ts';

/** A network, a database that reads it, and an application that reads the database. */
const three = (db: Partial<SimulatedComponent>): readonly SimulatedComponent[] => [
  { id: 'vpc', config: 9, reads: [] },
  { id: 'db', config: 1, reads: [{ from: 'vpc', output: 'a' }], ...db },
  { id: 'web', config: 2, reads: [{ from: 'db', output: 'a' }] },
];

async function deploy(world: World, id: string, options = {}) {
  const { ports, heard } = process(world, id);
  const result = await deploySet(world.set(id), ports, { ...usual, ...options });
  const states = Object.fromEntries(result.members.map(({ key, state }) => [key, state]));
  const events = world.events.filter(({ action }) => action.startsWith('check.'));
  return { result, heard, states, events, kept: await recordsOf(ports.ledger, 'db', '') };
}

describe('checks of a type', () => {
  it('are events and part of the record, and stop nothing by themselves', async () => {
    const world = new World(three({ checks: { open: 'passed', small: 'failed', secret: 'unknown' } }));
    const { result, states, events, kept, heard } = await deploy(world, 'd1');
    expect(states).toEqual({ vpc: 'finished', db: 'finished', web: 'finished' });
    expect(result.outcome).toBe('finished');
    expect(events.map(({ action, subject, outcome, details }) => [action, subject, outcome, details['check']])).toEqual(
      [
        ['check.passed', 'db', 'ok', 'open'],
        ['check.failed', 'db', 'failed', 'small'],
        ['check.unknown', 'db', 'failed', 'secret'],
      ],
    );
    expect(kept?.finished?.checks?.map(({ name, outcome, reasons }) => [name, outcome, reasons])).toEqual([
      ['open', 'passed', []],
      ['small', 'failed', ['small is failed']],
      ['secret', 'unknown', ['secret is unknown']],
    ]);
    expect(heard.filter(({ kind }) => kind === 'check')).toHaveLength(3);
  });

  it.each(['failed', 'unknown', 'breaks'] as const)(
    'with verify nothing starts behind one that says %s, though its own run is over',
    async (outcome) => {
      const world = new World(three({ checks: { small: outcome } }));
      const { result, states, kept } = await deploy(world, 'd1', { verify: true });
      expect(states).toEqual({ vpc: 'finished', db: 'finished', web: 'discarded' });
      expect(result.outcome).toBe('failed');
      expect(result.members.find(({ key }) => key === 'web')?.reason).toBe('db did not pass its checks');
      expect(kept?.finished?.outcome).toBe('finished');
      expect(JSON.stringify(world.events)).not.toContain('secret value');
    },
  );

  it('with verify one that did not pass the last time runs again, and one that did is skipped with proof', async () => {
    const world = new World(three({ checks: { small: 'failed' } }));
    await deploy(world, 'd1');
    expect((await deploy(world, 'd2')).states).toEqual({ vpc: 'skipped', db: 'skipped', web: 'skipped' });
    expect((await deploy(world, 'd3', { verify: true })).states).toEqual({
      vpc: 'skipped',
      db: 'finished',
      web: 'discarded',
    });
    world.components = three({ checks: { small: 'passed' } });
    expect((await deploy(world, 'd4', { verify: true })).states).toMatchObject({ db: 'finished', web: 'skipped' });
    expect((await deploy(world, 'd5', { verify: true })).states).toMatchObject({ db: 'skipped', web: 'skipped' });
  });

  it('with verify one that got a check since its last run runs again', async () => {
    const world = new World(three({}));
    await deploy(world, 'd1');
    world.components = three({ checks: { small: 'passed' } });
    expect((await deploy(world, 'd2', { verify: true })).states['db']).toBe('finished');
    expect((await deploy(world, 'd3', { verify: true })).states['db']).toBe('skipped');
  });

  const ended = (details: Readonly<Record<string, unknown>>) =>
    new KarmaError('KARMA_RUN_FAILED', 'it ended', { details });
  it.each([
    ['ends well', 'passed', []],
    [ended({ code: 2, stopped: null }), 'failed', ['its program ended with 2']],
    [ended({ code: null, stopped: 'timed out' }), 'unknown', ['its program was stopped: timed out']],
    [ended({ code: 1, stopped: 'timed out' }), 'unknown', ['its program was stopped: timed out']],
    [ended({ code: null, stopped: null }), 'unknown', ['its program could not be run']],
    [new KarmaError('KARMA_TOOL_MISSING', 'p is not there'), 'unknown', ['its program could not be run']],
  ] as const)('a program that %s has %s', async (program, outcome, reasons) => {
    const { kept, events } = await deploy(new World(three({ program })), 'd1');
    expect(kept?.finished?.checks).toMatchObject([{ name: 'program', outcome, reasons }]);
    expect(events.map(({ action }) => action)).toEqual(['check.started', `check.${outcome}`]);
  });
});
