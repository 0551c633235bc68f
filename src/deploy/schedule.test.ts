import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule, type ScheduleNode } from './schedule.ts';

function node(id: string, ...dependsOn: string[]): ScheduleNode {
  return { id, dependsOn };
}

/** Runs everything one after the other, failing what is named; answers what ran and what was discarded. */
function runAll(schedule: Schedule, failing: readonly string[] = []) {
  const ran: string[] = [];
  const discarded: string[] = [];
  for (;;) {
    const [id] = schedule.ready();
    if (id === undefined) return { ran, discarded: discarded.sort() };
    schedule.start(id);
    ran.push(id);
    discarded.push(...schedule.finish(id, failing.includes(id) ? 'failed' : 'done'));
  }
}

describe('the ready queue', () => {
  it('starts what waits for nothing, and the longest way first', () => {
    const schedule = new Schedule([node('a'), node('b'), node('c', 'b'), node('d', 'c')]);
    expect(schedule.ready()).toEqual(['b', 'a']);
  });

  it('does not wait for a level: d may start while a still runs', () => {
    const schedule = new Schedule([node('a'), node('b'), node('d', 'b')]);
    schedule.start('a');
    schedule.start('b');
    schedule.finish('b', 'done');
    expect(schedule.ready()).toEqual(['d']);
  });

  it('discards exactly what depends on what failed', () => {
    const nodes = [node('a'), node('b', 'a'), node('c', 'b'), node('x'), node('y', 'x')];
    expect(runAll(new Schedule(nodes), ['a'])).toEqual({ ran: ['a', 'x', 'y'], discarded: ['b', 'c'] });
  });

  it('discards everything with fail-fast', () => {
    const nodes = [node('a'), node('b', 'a'), node('x', 'w'), node('w')];
    expect(runAll(new Schedule(nodes, { failFast: true }), ['a'])).toEqual({ ran: ['a'], discarded: ['b', 'w', 'x'] });
  });

  it('goes backwards over the same arrows', () => {
    const nodes = [node('vpc'), node('db', 'vpc'), node('web', 'db', 'vpc')];
    expect(runAll(new Schedule(nodes, { backwards: true })).ran).toEqual(['web', 'db', 'vpc']);
  });

  it('passes over what lies outside the set, and itself', () => {
    expect(runAll(new Schedule([node('a', 'outside', 'a')])).ran).toEqual(['a']);
  });

  it('refuses a circle and names it', () => {
    expect(() => new Schedule([node('a', 'b'), node('b', 'a'), node('c')])).toThrow(/no order exists: a, b depend/);
  });

  it('names who is in the circle, not who waits for it', () => {
    const nodes = [node('a', 'b'), node('b', 'c', 'z'), node('c', 'a'), node('d', 'a'), node('e', 'd'), node('z')];
    expect(() => new Schedule(nodes)).toThrow(/no order exists: a, b, c depend on each other/);
    expect(() => new Schedule(nodes, { backwards: true })).toThrow(/no order exists: a, b, c depend on each other/);
  });

  it('stops: nothing more becomes ready', () => {
    const schedule = new Schedule([node('a'), node('b', 'a'), node('c')]);
    schedule.start('a');
    expect(schedule.stop()).toEqual(['b', 'c']);
    schedule.finish('a', 'done');
    expect(schedule.ready()).toEqual([]);
    expect(schedule.isOver).toBe(true);
  });

  it('runs every node of any graph once, never before what it depends on, whatever fails', () => {
    const graphs = fc.integer({ min: 1, max: 12 }).chain((size) =>
      fc.record({
        nodes: fc.tuple(
          ...Array.from({ length: size }, (_, at) =>
            fc.subarray(Array.from({ length: at }, (__, other) => `n${other}`)).map((on) => node(`n${at}`, ...on)),
          ),
        ),
        failing: fc.subarray(Array.from({ length: size }, (_, at) => `n${at}`)),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ nodes, failing }) => {
        const { ran, discarded } = runAll(new Schedule(nodes), failing);
        expect([...ran, ...discarded].sort()).toEqual(nodes.map((one) => one.id).sort());
        for (const { id, dependsOn } of nodes) {
          if (!ran.includes(id)) continue;
          for (const other of dependsOn) {
            expect(ran.indexOf(other)).toBeLessThan(ran.indexOf(id));
            expect(ran).toContain(other);
            expect(failing).not.toContain(other);
          }
        }
      }),
    );
  });
});
