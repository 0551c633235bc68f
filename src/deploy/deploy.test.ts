import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KarmaError } from '../model/errors.ts';
import { verifyChain } from '../stores/ledger/chain.ts';
import { deploySet } from './deploy.ts';
import { destroySet } from './destroy.ts';
import { planSet } from './plan.ts';
import { recordsOf } from './records.ts';
import { interruptedDeploys, settleDeploy } from './resume.ts';
import type { DeployPorts, SetMember } from './set.ts';
import { process, type SimulatedComponent, stillClock, usual, World } from './simulation.fixture.ts';

const three: readonly SimulatedComponent[] = [
  { id: 'vpc', config: 9, reads: [] },
  { id: 'db', config: 1, reads: [{ from: 'vpc', output: 'a' }] },
  { id: 'web', config: 2, reads: [{ from: 'db', output: 'a' }], looks: ['vpc'] },
];

function change(world: World, id: string, over: Partial<SimulatedComponent>): void {
  world.components = world.components.map((one) => (one.id === id ? { ...one, ...over } : one));
}

async function deploy(world: World, id: string, options = usual, selected: string[] = []) {
  const { ports, heard } = process(world, id);
  const result = await deploySet(world.set(id, selected), ports, options);
  return { result, heard, states: Object.fromEntries(result.members.map((one) => [one.key, one.state])) };
}

describe('deploying a set', () => {
  it('runs each after what it depends on, publishes, records', async () => {
    const world = new World(three);
    const { result } = await deploy(world, 'd1');
    expect(result.outcome).toBe('finished');
    expect(world.applied).toEqual(['vpc', 'db', 'web']);
    expect(world.published()).toEqual(world.expected());
    expect(verifyChain(world.events).sound).toBe(true);
    const { ports } = process(world, 'x');
    expect((await recordsOf(ports.ledger, 'web', ''))?.finished).toMatchObject({
      actor: 'ted',
      dependsOn: ['db', 'vpc'],
    });
  });

  it('skips all of it the second time, with proofs in the ledger', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    const { states } = await deploy(world, 'd2');
    expect(states).toEqual({ vpc: 'skipped', db: 'skipped', web: 'skipped' });
    const skips = world.events.filter((one) => one.action === 'run.skipped');
    expect(skips.map((one) => one.subject).sort()).toEqual(['db', 'vpc', 'web']);
    expect(skips[0]?.details['proof']).toMatchObject({ record: expect.stringMatching(/^r/) });
  });

  it('stops a component whose files were edited since they were shown, before its plan or before its apply', async () => {
    const refused = new KarmaError('KARMA_REFUSED', 'edited since it was shown: db/main.tf', {});
    for (const when of [false, true]) {
      const world = new World(three);
      const { ports } = process(world, 'd1');
      const refuseEdited = async (component: string, known: boolean) => {
        if (component === 'db' && known === when) throw refused;
      };
      const { members } = await deploySet(world.set('d1'), { ...ports, refuseEdited }, usual);
      expect(world.applied).toEqual(['vpc']);
      expect(members.map(({ key, state, code }) => [key, state, code])).toEqual([
        ['db', 'failed', 'KARMA_REFUSED'],
        ['vpc', 'finished', undefined],
        ['web', 'discarded', undefined],
      ]);
    }
  });

  it('runs what changed and what it reaches, and nothing else', async () => {
    const world = new World([...three, { id: 'other', config: 5, reads: [] }]);
    await deploy(world, 'd1');
    change(world, 'db', { config: 50 });
    const { states } = await deploy(world, 'd2');
    expect(states).toEqual({ vpc: 'skipped', db: 'finished', web: 'finished', other: 'skipped' });
  });

  it('stops at a value that did not change', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    // 1 + 3 = 4 becomes 5: `a`, a third of it, stays 1.
    change(world, 'db', { config: 2 });
    expect((await deploy(world, 'd2')).states).toEqual({ vpc: 'skipped', db: 'finished', web: 'skipped' });
  });

  it('runs those who look a provider up in the cloud, when it changed a resource', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    // 9 → 11: `a` stays 3 and the resource changes.
    change(world, 'vpc', { config: 11 });
    expect((await deploy(world, 'd2')).states).toEqual({ vpc: 'finished', db: 'skipped', web: 'finished' });
    expect(world.published()).toEqual(world.expected());
  });

  it('runs what is selected by name, whatever the digests say', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    expect((await deploy(world, 'd2', usual, ['db'])).states).toEqual({
      vpc: 'skipped',
      db: 'finished',
      web: 'skipped',
    });
  });

  it('runs again what somebody edited', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    const edited = world.parameters.get('db');
    if (edited !== undefined) world.parameters.set('db', { ...edited, version: 9, value: '{"a":77,"b":0}' });
    const { states } = await deploy(world, 'd2');
    expect(states['db']).toBe('finished');
    expect(world.published()).toEqual(world.expected());
  });

  it('stops only what depends on a failure, and runs it when it is mended', async () => {
    const world = new World([...three, { id: 'other', config: 5, reads: [] }]);
    change(world, 'db', { fails: true });
    const failed = await deploy(world, 'd1');
    expect(failed.states).toEqual({ vpc: 'finished', db: 'failed', web: 'discarded', other: 'finished' });
    expect(failed.result).toMatchObject({ outcome: 'failed' });
    expect(failed.result.members.find((one) => one.key === 'web')?.reason).toBe('db failed');
    change(world, 'db', { fails: false });
    const mended = await deploy(world, 'd2');
    expect(mended.states).toEqual({ vpc: 'skipped', db: 'finished', web: 'finished', other: 'skipped' });
    expect(world.published()).toEqual(world.expected());
  });

  it('refuses a runtime whose state is empty, unless told that it is new', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    world.cloud.delete('vpc');
    const lost = await deploy(world, 'd2', usual, ['vpc']);
    expect(lost.result.members.find((one) => one.key === 'vpc')).toMatchObject({
      state: 'failed',
      code: 'KARMA_REFUSED',
    });
    expect((await deploy(world, 'd3', { ...usual, newState: true }, ['vpc'])).states['vpc']).toBe('finished');
  });

  it('asks before it applies, and a no discards what depends on it', async () => {
    const world = new World(three);
    const { states } = await deploy(world, 'd1', { ...usual, approve: async (member) => member.component !== 'db' });
    expect(states).toEqual({ vpc: 'finished', db: 'discarded', web: 'discarded' });
    expect(world.cloud.has('db')).toBe(false);
  });

  it('lets finish what runs when it is interrupted once', async () => {
    const world = new World(three);
    const controller = new AbortController();
    const { ports } = process(world, 'd1');
    const listening = { ...ports, listen: () => controller.abort() };
    const result = await deploySet(world.set('d1'), listening, { ...usual, finishOnly: controller.signal });
    expect(result.outcome).toBe('interrupted');
    expect(result.members.every((one) => one.state === 'discarded' || one.state === 'finished')).toBe(true);
  });

  it('plans in order and changes nothing; what waits for a value is not planned on an old one', async () => {
    const world = new World(three);
    const first = await planSet(world.set('p1'), process(world, 'p1').ports, usual);
    expect(first.map((one) => [one.key, one.state])).toEqual([
      ['db', 'waiting'],
      ['vpc', 'planned'],
      ['web', 'waiting'],
    ]);
    expect(first[0]).toMatchObject({ unknown: ['vpc#/a'] });
    expect(world.events).toEqual([]);
    expect(world.applied).toEqual([]);
    await deploy(world, 'd1');
    change(world, 'db', { config: 2 });
    const second = await planSet(world.set('p2'), process(world, 'p2').ports, usual);
    expect(second.map((one) => one.state)).toEqual(['planned', 'skipped', 'skipped']);
  });

  it('plans each deployment on what its own provider would change, not on what a sibling would', async () => {
    const world = new World(three);
    const { ports } = process(world, 'p1');
    await deploy(world, 'd1');
    const members = ['dev', 'prod'].flatMap((deployment) => [
      { component: 'vpc', deployment, environment: deployment, selected: false, dependsOn: [] },
      { component: 'db', deployment, environment: deployment, selected: false, dependsOn: [`vpc@${deployment}`] },
    ]);
    // Only in dev something is new: in prod nothing waits, whichever of the two was planned last.
    const work: DeployPorts['work'] = async (member) => {
      if (member.component === 'vpc') change(world, 'vpc', { config: member.deployment === 'dev' ? 2 : 9 });
      return ports.work(member);
    };
    const plans = await planSet({ id: 'p1', components: members }, { ...ports, work }, { ...usual, parallelism: 1 });
    expect(plans.map((one) => [one.key, one.state])).toEqual([
      ['db@dev', 'waiting'],
      ['db@prod', 'planned'],
      ['vpc@dev', 'planned'],
      ['vpc@prod', 'planned'],
    ]);
  });

  it('waits for what is not there; deployed, it is refused', async () => {
    const world = new World(three);
    const { ports } = process(world, 'p1');
    const refusal = new KarmaError('KARMA_REFUSED', 'it is handed vpc, and there is no such runtime');
    const work: DeployPorts['work'] = async (member) => ({
      ...(await ports.work(member)),
      absent: ['vpc#/a'],
      refusal,
    });
    const set = { id: 'p1', components: world.set('p1').components.filter(({ component }) => component === 'db') };
    expect(await planSet(set, { ...ports, work }, usual)).toEqual([
      { key: 'db', state: 'waiting', unknown: ['vpc#/a'] },
    ]);
    const result = await deploySet(set, { ...ports, work }, usual);
    expect(result.members).toMatchObject([{ key: 'db', state: 'failed', code: 'KARMA_REFUSED' }]);
    expect(world.applied).toEqual([]);
  });
});

/** Somebody else sees no beat for a whole lease, and takes it over. */
async function loseLease({ leases }: World, { ledger, holder }: DeployPorts): Promise<void> {
  const seen = leases.get('environment:prod');
  if (seen?.holder?.id !== holder.id) return;
  await ledger.leases.takeOver('environment:prod', seen, { ...holder, id: 'other' }, 30_000);
}

describe('leases', () => {
  it('locks a second deploy of the environment out and says who holds it', async () => {
    const world = new World(three);
    const first = process(world, 'first');
    const slow = new Promise<void>((resolve) => setTimeout(resolve, 30));
    const ports = {
      ...first.ports,
      work: async (...args: Parameters<typeof first.ports.work>) => {
        await slow;
        return first.ports.work(...args);
      },
    };
    const going = deploySet(world.set('d1'), ports, usual);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(deploy(world, 'd2')).rejects.toMatchObject({
      code: 'KARMA_LOCK_HELD',
      message: expect.stringContaining('held by ted'),
    });
    expect((await going).outcome).toBe('finished');
    expect((await deploy(world, 'd3')).result.outcome).toBe('finished');
  });

  it('lets two environments go at once', async () => {
    const world = new World([
      { id: 'dev/a', config: 1, reads: [], environment: 'dev' },
      { id: 'prod/a', config: 1, reads: [], environment: 'prod' },
    ]);
    const only = (id: string, environment: string) => ({
      id,
      components: world.set(id).components.filter((one) => one.environment === environment),
    });
    const results = await Promise.all([
      deploySet(only('d1', 'dev'), process(world, 'one').ports, usual),
      deploySet(only('d2', 'prod'), process(world, 'two').ports, usual),
    ]);
    expect(results.map((one) => one.outcome)).toEqual(['finished', 'finished']);
    expect(verifyChain(world.events).sound).toBe(true);
  });

  it('stops a holder that was paused beyond its lease before its next effect', async () => {
    const world = new World(three);
    let now = 0;
    const clock = {
      now: () => '2026-11-24T10:00:00Z',
      monotonic: () => now,
      sleep: (_ms: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    };
    const paused = process(world, 'paused', { clock });
    const ports = {
      ...paused.ports,
      work: async (...args: Parameters<typeof paused.ports.work>) => {
        const work = await paused.ports.work(...args);
        // The process is stopped here; somebody else takes the lease over and works; then it wakes up.
        now += 120_000;
        await loseLease(world, paused.ports);
        return work;
      },
    };
    const result = await deploySet(world.set('d1'), ports, usual);
    expect(result.members.find((one) => one.key === 'vpc')).toMatchObject({
      state: 'failed',
      code: 'KARMA_LEASE_LOST',
    });
    expect(world.applied).toEqual([]);
    expect(world.events.map((one) => one.action)).not.toContain('run.applying');
    expect(world.leases.get('environment:prod')?.holder?.id).toBe('other');
  });

  it('notices that the lease passed on while the whole machine slept, when the monotonic clock stood still too', async () => {
    const world = new World(three);
    let now = '2026-11-24T10:00:00Z';
    const paused = process(world, 'paused', { clock: { ...stillClock, now: () => now } });
    const ports = {
      ...paused.ports,
      work: async (member: SetMember) => {
        await loseLease(world, paused.ports);
        now = '2026-11-24T11:00:00Z';
        return paused.ports.work(member);
      },
    };
    const result = await deploySet(world.set('d1'), ports, usual);
    expect(result.members.find((one) => one.key === 'vpc')).toMatchObject({ code: 'KARMA_LEASE_LOST' });
    expect(world.applied).toEqual([]);
  });

  it.each(['KARMA_INTERRUPTED', 'KARMA_RUN_FAILED'] as const)(
    'writes no word about a run that ended in %s after its lease was lost, and leaves it to be settled',
    async (code) => {
      const world = new World(three);
      let now = 0;
      const paused = process(world, 'paused', { clock: { ...stillClock, monotonic: () => now } });
      const ports = {
        ...paused.ports,
        work: async (member: SetMember) => {
          const work = await paused.ports.work(member);
          const apply = async () => {
            await loseLease(world, paused.ports);
            now += 120_000;
            throw new KarmaError(code, 'the program ended');
          };
          return { ...work, runner: { ...work.runner, apply } };
        },
      };
      const result = await deploySet(world.set('d1'), ports, usual);
      expect(result.members.find((one) => one.key === 'vpc')).toMatchObject({
        state: 'failed',
        code: 'KARMA_LEASE_LOST',
      });
      expect(world.events.map((one) => one.action)).not.toContain('run.failed');
      const { ports: later } = process(world, 'later');
      expect(await recordsOf(later.ledger, 'vpc', '')).toBeUndefined();
      const [left] = await interruptedDeploys(later.ledger, () => false);
      expect(left?.inFlight).toEqual(['vpc']);
    },
  );

  it('carries its fence in every event of a run', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    await deploy(world, 'd2');
    const fences = world.events.filter((one) => 'fence' in one.details).map((one) => one.details['fence']);
    expect(new Set(fences)).toEqual(new Set([1, 2]));
  });
});

const settling = {
  living: 'wait' as const,
  markOf: () => undefined,
  runner: { rejoin: async () => 'was gone' as const },
  control: { listen: () => undefined, signal: new AbortController().signal },
};

async function resumeAll(world: World, name: string) {
  const { ports } = process(world, name);
  const found = await interruptedDeploys(ports.ledger, () => false);
  for (const interrupted of found) {
    const settled = await settleDeploy(interrupted, ports, settling);
    await deploySet(settled.set, ports, { ...usual, alreadyDone: settled.alreadyDone });
  }
  return found;
}

describe('a process that is killed', () => {
  it('at any step: the resumed deploy leaves what an undisturbed one leaves', async () => {
    const whole = process(new World(three), 'whole');
    const undisturbed = new World(three);
    const counted = process(undisturbed, 'count');
    await deploySet(undisturbed.set('d1'), counted.ports, usual);
    expect(counted.steps()).toBeGreaterThan(20);
    expect(whole.steps()).toBe(0);
    for (let killAt = 1; killAt <= counted.steps(); killAt += 1) {
      const world = new World(three);
      const victim = process(world, 'victim', { killAt });
      await expect(deploySet(world.set('d1'), victim.ports, usual)).rejects.toThrow(/killed/);
      await resumeAll(world, 'heir');
      // Killed before anything was written, there is nothing to resume: then it is simply deployed.
      const { result } = await deploy(world, 'again');
      expect([killAt, result.outcome]).toEqual([killAt, 'finished']);
      expect(world.published()).toEqual(world.expected());
      expect(verifyChain(world.events).sound).toBe(true);
    }
  });

  it('on any change to any graph: resume, and cutoff afterwards, still leave the right outputs', async () => {
    const size = 5;
    const graphs = fc.tuple(
      ...Array.from({ length: size }, (_, at) =>
        fc.record({
          reads: at === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(at - 1), { maxLength: 2 }),
          looks: at === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(at - 1), { maxLength: 1 }),
          config: fc.nat(9),
          next: fc.nat(9),
        }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(graphs, fc.integer({ min: 1, max: 60 }), async (graph, killAt) => {
        const world = new World(
          graph.map((one, at) => ({
            id: `c${at}`,
            config: one.config,
            reads: one.reads.map((from) => ({ from: `c${from}`, output: from % 2 === 0 ? 'a' : 'b' })),
            looks: one.looks.map((from) => `c${from}`),
          })),
        );
        await deploy(world, 'd1');
        for (const [at, one] of graph.entries()) change(world, `c${at}`, { config: one.next });
        const victim = process(world, 'victim', { killAt });
        await deploySet(world.set('d2'), victim.ports, usual).catch(() => undefined);
        await resumeAll(world, 'heir');
        await deploy(world, 'd3');
        expect(world.published()).toEqual(world.expected());
        const { states } = await deploy(world, 'd4');
        expect(new Set(Object.values(states))).toEqual(new Set(['skipped']));
      }),
      { numRuns: 60 },
    );
  });

  it('says what was running, what was done and what was never started', async () => {
    const world = new World(three);
    const victim = process(world, 'victim', { killAt: 14 });
    await deploySet(world.set('d1'), victim.ports, { parallelism: 1 }).catch(() => undefined);
    const [found] = await interruptedDeploys(process(world, 'heir').ports.ledger, () => false);
    expect(found?.deploy).toMatchObject({ id: 'd1', actor: 'ted', environments: ['prod'] });
    expect([...(found?.done ?? []), ...(found?.inFlight ?? []), ...(found?.notStarted ?? [])].sort()).toEqual([
      'db',
      'vpc',
      'web',
    ]);
    const all = await resumeAll(world, 'heir');
    expect(all).toHaveLength(1);
    expect(await resumeAll(world, 'heir')).toEqual([]);
  });
});

/** Nobody beside those whose runs are recorded; the simulation knows no deployments. */
const nobody = { outside: [], references: [], alsoDeployed: [], counterpart: () => '' };

describe('destroying', () => {
  it('goes backwards over what was recorded', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    world.applied.length = 0;
    // The configs are gone; only the records know what depended on what.
    const set = { id: 'x1', components: world.set('x1').components.map((one) => ({ ...one, dependsOn: [] })) };
    const result = await destroySet(set, process(world, 'x1').ports, usual, nobody);
    expect(result.outcome).toBe('finished');
    expect(world.applied).toEqual(['web', 'db', 'vpc']);
    expect(world.cloud.size).toBe(0);
    expect(world.published()).toEqual({ db: {}, vpc: {}, web: {} });
  });

  it('killed at any step: the resumed destroy leaves nothing', async () => {
    for (let killAt = 1; ; killAt += 1) {
      const world = new World(three);
      await deploy(world, 'd1');
      const victim = process(world, 'victim', { killAt });
      const died = await destroySet(world.set('x1'), victim.ports, usual, nobody).then(
        () => false,
        () => true,
      );
      const { ports } = process(world, 'heir');
      for (const interrupted of await interruptedDeploys(ports.ledger, () => false)) {
        expect(interrupted.deploy.action).toBe('destroy');
        const { set, alreadyDone } = await settleDeploy(interrupted, ports, settling);
        const result = await destroySet(set, ports, { ...usual, alreadyDone }, nobody);
        expect([killAt, result.outcome]).toEqual([killAt, 'finished']);
      }
      const last = await destroySet(world.set('x2'), ports, usual, nobody);
      expect([killAt, last.outcome, world.cloud.size]).toEqual([killAt, 'finished', 0]);
      expect(world.published()).toEqual({ db: {}, vpc: {}, web: {} });
      if (!died) break;
      expect(killAt).toBeLessThan(100);
    }
  });

  it('refuses what others still consume, and names them', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    const set = { id: 'x1', components: world.set('x1').components.filter((one) => one.component === 'vpc') };
    await expect(destroySet(set, process(world, 'x1').ports, usual, nobody)).rejects.toMatchObject({
      code: 'KARMA_REFUSED',
      message: 'still consumed by db (of vpc), web (of vpc)',
    });
    expect(world.cloud.size).toBe(3);
  });

  it('lets go what was destroyed already', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    const of = (...ids: string[]) => world.set('x').components.filter((one) => ids.includes(one.component));
    await destroySet({ id: 'x1', components: of('web', 'db') }, process(world, 'x1').ports, usual, nobody);
    const result = await destroySet({ id: 'x2', components: of('vpc') }, process(world, 'x2').ports, usual, nobody);
    expect(result.outcome).toBe('finished');
  });

  it('deploys again after that', async () => {
    const world = new World(three);
    await deploy(world, 'd1');
    await destroySet(world.set('x1'), process(world, 'x1').ports, usual, nobody);
    expect((await deploy(world, 'd2')).states).toEqual({ vpc: 'finished', db: 'finished', web: 'finished' });
    expect(world.published()).toEqual(world.expected());
  });
});
