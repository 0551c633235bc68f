import fc from 'fast-check';
import { expect, it } from 'vitest';
import { impactIn, writtenImpactIn } from '../engine/verbs/impact.ts';
import type { LoadedView } from '../engine/view/view.ts';
import { component, estate, reference } from '../graph/testing/small-estate.ts';
import { documentOf } from './document.ts';

/** Names as people give them, and such as may not be told as they stand. */
const ids = [
  ...['dev/vpc/main', 'dev/db/main', 'prod/app/web', 'a', 'prod/vpc/main', 'dev/queue/n0', 'login/x', 'mysql/x'],
  ...[
    '-u/x',
    'dev/p\u00e4th',
    'dev/a"b',
    'dev/a\\b',
    'dev/\u0007bell',
    'dev/password=hunter2hunter2',
    'dev/\u202eother',
  ],
];
const pointers = ['/id', '/subnets/0', '*', '/a b', '/token=ghp_0123456789012345678901234567890123ab', '/\u00fc'];

const place = fc.nat(ids.length - 1);
/** Mostly of the plain names: of an estate of the others no answer is written. */
const mostly = fc.oneof({ weight: 6, arbitrary: fc.nat(6) }, { weight: 1, arbitrary: place });
const attributes = fc.constantFrom({}, { deployments: 'dev, prod' }, { account: '111122223333', owner: 'team "a"' });
const edges = fc.array(fc.record({ from: mostly, to: mostly, consumes: fc.subarray(pointers, { maxLength: 2 }) }), {
  maxLength: 24,
});

it('is the same whether those who are affected were made or written', () => {
  let written = 0;
  fc.assert(
    fc.property(
      ...[fc.array(attributes, { minLength: ids.length, maxLength: ids.length }), edges, mostly, fc.boolean()],
      fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      (attributesOf, given, start, forward, limit) => {
        const graph = estate('', [
          ...ids.map((id, index) => component(id, { layout: 'terraform', attributes: attributesOf[index] ?? {} })),
          ...given.map(({ from, to, consumes }) => reference(ids[from] ?? '', ids[to] ?? '', consumes)),
        ]);
        const view = {
          ...{ graph, hash: 'abc', kind: 'version', label: 'v1', position: 'v1', environment: {} },
          readers: () => new Map(),
        } as LoadedView;
        const starts = [{ node: graph.node(ids[start] ?? '') ?? 0 }];
        const query = { forward, ...(limit === undefined ? {} : { limit }) };
        const { answer, lists } = writtenImpactIn(view, starts, query);
        if (lists.affected !== undefined) written += 1;
        expect(documentOf(answer, { lists })).toBe(documentOf(impactIn(view, starts, query)));
      },
    ),
    { numRuns: 400 },
  );
  expect(written).toBeGreaterThan(50);
});

it('shortens a long way as it ever did', () => {
  const names = Array.from({ length: 60 }, (_one, i) => `c${String(i).padStart(2, '0')}`);
  const graph = estate('', [
    ...names.map((name) => component(name)),
    ...names.slice(1).map((name, i) => reference(name, names[i] ?? '', ['/x'])),
  ]);
  const view = { ...{ graph, hash: 'a', kind: 'version', label: 'v1', position: 'v1' }, readers: () => new Map() };
  const [starts, query] = [[{ node: 0 }], { forward: false }];
  const { answer, lists } = writtenImpactIn(view as unknown as LoadedView, starts, query);
  expect(documentOf(answer, { lists })).toBe(documentOf(impactIn(view as unknown as LoadedView, starts, query)));
});
