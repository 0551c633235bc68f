import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from '../../model/pointer.ts';
import {
  component,
  estate,
  idsOf,
  type RandomEdge,
  randomEdges,
  randomGraph,
  randomId,
  reference,
} from '../testing/small-estate.ts';
import { findOne } from './find.ts';
import { type BlindSpot, describeAffected, impact } from './impact.ts';

const product = estate(`
  dev/db/main -> dev/vpc/main /vpc_id /subnets
  dev/cache/main -> dev/vpc/main /subnets/0
  dev/log/main -> dev/vpc/main
  dev/app/web -> dev/db/main /url
  dev/app/web -> dev/cache/main *
  dev/app/job -> dev/app/web
  dev/alone/x
`);

function ask(start: string, outputs?: readonly string[], blindSpots: readonly BlindSpot[] = []) {
  const node = findOne(product, start);
  const found = impact(product, [outputs === undefined ? { node } : { node, outputs }], { blindSpots });
  return {
    found,
    affected: idsOf(product, found.affected.nodes),
    possible: idsOf(product, found.possible),
    orderOnly: idsOf(product, found.orderOnly),
  };
}

describe('impact', () => {
  it('follows consumption from the component, and lists apart what only orders', () => {
    expect(ask('vpc/main')).toMatchObject({
      affected: ['dev/cache/main', 'dev/db/main', 'dev/app/web'],
      orderOnly: ['dev/app/job', 'dev/log/main'],
      found: { complete: true },
    });
  });

  it.each([
    ['a name', ['/vpc_id'], ['dev/db/main', 'dev/app/web']],
    ['a parent of what is read', ['/subnets'], ['dev/cache/main', 'dev/db/main', 'dev/app/web']],
    ['a part of what is read', ['/subnets/0/id'], ['dev/cache/main', 'dev/db/main', 'dev/app/web']],
    ['a sibling of what one reads', ['/subnets/1'], ['dev/db/main', 'dev/app/web']],
    ['something nobody reads', ['/arn'], []],
    ['everything', ['*'], ['dev/cache/main', 'dev/db/main', 'dev/app/web']],
  ])('from a changed output that is %s', (_, outputs, affected) => {
    expect(ask('vpc/main', outputs).affected).toEqual(affected);
  });

  it('tells distance, path and what carries the change, step by step', () => {
    const { found } = ask('vpc/main', ['/subnets']);
    expect(describeAffected(product, found, findOne(product, 'app/web'))).toEqual({
      id: 'dev/app/web',
      distance: 2,
      path: ['dev/vpc/main', 'dev/cache/main', 'dev/app/web'],
      carriedBy: [['/subnets/0'], ['*']],
    });
  });

  it('goes back to what a component rests on', () => {
    const found = impact(product, [{ node: findOne(product, 'app/web') }], { direction: 'dependencies' });
    expect(idsOf(product, found.affected.nodes)).toEqual(['dev/cache/main', 'dev/db/main', 'dev/vpc/main']);
  });

  it('stops at a depth', () => {
    const found = impact(product, [{ node: findOne(product, 'vpc/main') }], { depth: 1 });
    expect(idsOf(product, found.affected.nodes)).toEqual(['dev/cache/main', 'dev/db/main']);
  });

  it('counts a runtime only for those who read that runtime', () => {
    const graph = estate('', [
      component('a'),
      component('b'),
      component('c'),
      reference('b', 'a', ['/arn'], { consumesFrom: { '/iac/lambda/f/runtime': ['/arn'] } }),
      reference('c', 'a', ['/arn'], { consumesFrom: { '/iac/lambda/g/runtime': ['/arn'] } }),
    ]);
    const found = impact(graph, [{ node: 0, outputs: ['/arn'], runtime: '/iac/lambda/g/runtime' }]);
    expect(idsOf(graph, found.affected.nodes)).toEqual(['c']);
  });

  it('takes a component in doubt, and what it carries on to, as possible and never as affected', () => {
    const spot = { component: 'dev/cache/main', code: 'unknown-path' };
    expect(ask('alone/x', undefined, [spot])).toMatchObject({
      affected: [],
      possible: ['dev/app/web', 'dev/cache/main'],
      found: { complete: false, blindSpots: [spot] },
    });
  });

  it('passes over a blind spot that leads to something the change does not reach', () => {
    const spot = { component: 'dev/alone/x', code: 'hint', on: 'dev/db/main' };
    expect(ask('app/web', undefined, [spot])).toMatchObject({ possible: [], found: { complete: true } });
    expect(ask('vpc/main', undefined, [spot])).toMatchObject({
      possible: ['dev/alone/x'],
      found: { complete: false },
    });
  });

  it('follows blind spots one behind the other', () => {
    const blindSpots = [
      { component: 'dev/log/main', code: 'hint', on: 'dev/alone/x' },
      { component: 'dev/alone/x', code: 'hint', on: 'dev/db/main' },
    ];
    expect(ask('vpc/main', ['/vpc_id'], blindSpots).possible).toEqual(['dev/alone/x', 'dev/log/main']);
  });

  it('takes a start that the change comes back to as changed as a whole', () => {
    const loop = estate('a -> b /x\nb -> a /y\nc -> b /z');
    const found = impact(loop, [{ node: 1, outputs: ['/x'] }]);
    expect(idsOf(loop, found.affected.nodes)).toEqual(['a', 'c']);
    const c = describeAffected(loop, found, 2);
    expect(c).toMatchObject({ path: ['b', 'c'], carriedBy: [['/z']] });
  });

  it('equals a naive search on any graph', () => {
    const start = fc.record({ node: fc.nat(11), outputs: fc.subarray(['/a', '/b', '/a/x', '/c']) });
    fc.assert(
      fc.property(
        randomEdges,
        fc.uniqueArray(start, { minLength: 1, maxLength: 2, selector: ({ node }) => node }),
        (edges, starts) => {
          const graph = randomGraph(edges);
          const found = impact(graph, starts);
          expect(new Set(idsOf(graph, found.affected.nodes))).toEqual(naive(edges, starts));
          for (const node of found.affected.nodes) {
            const { path, distance, carriedBy } = describeAffected(graph, found, node);
            expect(path.length).toBe(distance + 1);
            expect(carriedBy.every((pointers) => pointers.length > 0)).toBe(true);
          }
        },
      ),
    );
  });
});

/** Grows sets of what changed (all or some outputs) until nothing is added. */
function naive(
  edges: readonly RandomEdge[],
  starts: readonly { node: number; outputs: readonly string[] }[],
): Set<string> {
  const whole = new Set(starts.filter(({ outputs }) => outputs.length === 0).map(({ node }) => node));
  const some = new Map(starts.map(({ node, outputs }) => [node, outputs]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { from, to, consumes } of edges) {
      const carried =
        (whole.has(to) && consumes.length > 0) ||
        consumes.some((pointer) => (some.get(to) ?? []).some((output) => overlaps(pointer, output)));
      if (carried && !whole.has(from)) {
        whole.add(from);
        grew = true;
      }
    }
  }
  for (const { node } of starts) whole.delete(node);
  return new Set([...whole].map(randomId));
}

it('tells of a line of thousands, for each of its members, the start and the last steps only', () => {
  const names = Array.from({ length: 3000 }, (_one, i) => `c${String(i).padStart(5, '0')}`);
  const graph = estate('', [
    ...names.map((name) => component(name)),
    ...names.slice(1).map((name, i) => reference(name, names[i] ?? '', ['/x'])),
  ]);
  const found = impact(graph, [{ node: 0 }]);
  const told = [...found.affected.nodes].map((node) => describeAffected(graph, found, node));
  expect(told[31]?.path).toEqual(names.slice(0, 33));
  expect(told[31]).not.toHaveProperty('leftOut');
  expect(told[2998]).toMatchObject({ id: 'c02999', distance: 2999, leftOut: 2966 });
  expect(told[2998]?.path).toEqual(['c00000', ...names.slice(-33)]);
  expect(told[2998]?.carriedBy).toEqual([[], ...Array(32).fill(['/x'])]);
});
