import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { component, estate, idsOf, randomEdges, randomGraph, randomId } from '../testing/small-estate.ts';
import { mustHaveOrder, order } from './order.ts';
import { reach } from './reach.ts';

const all = (graph: { ids: readonly string[] }): Iterable<number> => graph.ids.keys();

describe('order', () => {
  const product = estate('db -> vpc /id\ncache -> vpc\napp -> db /url\napp -> cache /url\nlog');

  it('shows waves, a ready queue and the critical path', () => {
    const { waves, steps, critical, cycles } = order(product, all(product));
    expect(waves).toEqual([['log', 'vpc'], ['cache', 'db'], ['app']]);
    expect(steps.map(({ components, waitsFor, unlocks }) => [components[0], waitsFor, unlocks])).toEqual([
      ['log', [], []],
      ['vpc', [], [2, 3]],
      ['cache', [1], [4]],
      ['db', [1], [4]],
      ['app', [2, 3], []],
    ]);
    expect(critical).toEqual({ components: ['vpc', 'cache', 'app'], length: 3 });
    expect(cycles).toEqual([]);
  });

  it('weighs the critical path', () => {
    const weight = (id: string): number => (id === 'db' ? 10 : 1);
    expect(order(product, all(product), { weight }).critical).toEqual({ components: ['vpc', 'db', 'app'], length: 12 });
  });

  it('turns round for destroy', () => {
    expect(order(product, all(product), { reverse: true }).waves).toEqual([['app', 'log'], ['cache', 'db'], ['vpc']]);
  });

  it('respects what leads through components that were not selected', () => {
    const selected = ['app', 'vpc'].map((id) => product.node(id) ?? -1);
    expect(order(product, selected).waves).toEqual([['vpc'], ['app']]);
  });

  it('names a cycle and runs it as one step', () => {
    const loop = estate('a -> b\nb -> a\nc -> a\nb -> d');
    const found = order(loop, all(loop));
    expect(found.cycles).toEqual([['a', 'b']]);
    expect(found.waves).toEqual([['d'], ['a', 'b'], ['c']]);
  });

  it('calls nothing critical that a cycle keeps from running', () => {
    const loop = estate('a -> b\nb -> a\na -> d\nc -> a\ne -> c\nf -> c\nf -> e\nd -> g\nh -> g');
    expect(order(loop, all(loop)).critical).toEqual({ components: ['g', 'd'], length: 2 });
    const only = estate('a -> b\nb -> a\nc -> b');
    expect(order(only, all(only)).critical).toEqual({ components: [], length: 0 });
  });

  it('refuses to be work where it has a cycle, and names who is in it', () => {
    const loop = estate('a -> b\nb -> a\nc -> a');
    expect(() => mustHaveOrder(order(loop, all(loop)))).toThrow('no order exists: a, b depend on each other');
    expect(() => mustHaveOrder(order(loop, [loop.node('c') ?? -1]))).not.toThrow();
  });

  it('does not run parameters or what is not managed here, and still orders through them', () => {
    const graph = estate('a -> dev/param:/x /v\ndev/param:/x -> b /v', [component('z', { external: true })]);
    const found = order(graph, all(graph));
    expect(found.notRun).toEqual(['dev/param:/x', 'z']);
    expect(found.waves).toEqual([['b'], ['a']]);
  });

  it('respects every path between selected components, on any graph and selection', () => {
    fc.assert(
      fc.property(randomEdges, fc.subarray([...Array(12).keys()]), fc.boolean(), (edges, selected, reverse) => {
        const graph = randomGraph(edges);
        const { steps, waves } = order(graph, selected, { reverse });
        expect(waves.flat().sort()).toEqual(selected.map(randomId).sort());
        const stepOf = new Map(
          steps.flatMap(({ components }, number) => components.map((id) => [id, number] as const)),
        );
        for (const node of selected) {
          const rests = new Set(idsOf(graph, reach(graph, [node], 'dependencies').nodes));
          for (const other of selected.filter((one) => one !== node && rests.has(randomId(one)))) {
            const back = new Set(idsOf(graph, reach(graph, [other], 'dependencies').nodes)).has(randomId(node));
            const [mine = -1, its = -1] = [stepOf.get(randomId(node)), stepOf.get(randomId(other))];
            if (back) expect(mine).toBe(its);
            else expect(Math.sign((steps[mine]?.wave ?? 0) - (steps[its]?.wave ?? 0))).toBe(reverse ? -1 : 1);
          }
        }
        for (const [number, { waitsFor }] of steps.entries())
          for (const wait of waitsFor) expect(wait).toBeLessThan(number);
      }),
    );
  });
});
