import { describe, expect, it } from 'vitest';
import type { SnapshotIndex } from '../../../src/faces/site/snapshot.ts';
import { answerIn } from './from-snapshot.ts';

const index: SnapshotIndex = {
  schemaVersion: 1,
  karma: '0.0.0',
  at: 'v1',
  ids: ['dev/a', 'dev/b', 'prod/c'],
  answers: {
    '/v1/overview': [0, 0],
    '/v1/components': [1, 0],
    '/v1/map?across=40': [2, 0],
    '/v1/map?across=96': [3, 0],
    '/v1/graph?groupBy=type': [4, 0],
  },
  components: [{ path: '/v1/component', parameter: 'id', firstPack: 5, packSize: 2 }],
  why: { firstPack: 7, packSize: 2 },
};
const component = (id: string, kind: string) => ({ id, kind, environment: id.split('/')[0] });
const packs: readonly unknown[] = [
  ['overview'],
  [{ components: [component('dev/a', 'vpc'), component('dev/b', 'zone'), component('prod/c', 'vpc')] }],
  ['narrow map'],
  ['wide map'],
  ['by type'],
  ['of a', 'of b'],
  ['of c'],
  [{ 'dev/b': 'a needs b' }, {}],
  [{}],
];
const ask = (path: string, question: Parameters<typeof answerIn>[3] = {}) =>
  answerIn(index, async (pack) => packs[pack], path, question);

describe('a snapshot', () => {
  it.each([
    ['/v1/overview', {}, 'overview'],
    ['/v1/overview', { at: 'v7' }, 'overview'],
    ['/v1/graph', { groupBy: 'type' }, 'by type'],
    ['/v1/graph', { groupBy: 'folder' }, undefined],
    ['/v1/map', { across: 44 }, 'narrow map'],
    ['/v1/map', { across: 144 }, 'wide map'],
    ['/v1/component', { id: 'dev/b' }, 'of b'],
    ['/v1/component', { id: 'prod/c', at: 'v1' }, 'of c'],
    ['/v1/component', { id: 'nobody' }, undefined],
    ['/v1/why', { from: 'dev/a', to: 'dev/b' }, 'a needs b'],
    ['/v1/why', { of: 'dev/a' }, undefined],
    ['/v1/lineage', { id: 'dev/a' }, undefined],
  ])('answers %s %j by %j', async (path, question, answer) => {
    expect(await ask(path, question)).toBe(answer);
  });

  it.each([
    [['type=vpc'], ['dev/a', 'prod/c']],
    [['env=dev'], ['dev/a', 'dev/b']],
    [['prod/'], ['prod/c']],
    [['size=9'], []],
  ])('narrows the list of components by %j as far as a list tells', async (select, ids) => {
    const { components } = (await ask('/v1/components', { select })) as { components: { id: string }[] };
    expect(components.map(({ id }) => id)).toEqual(ids);
  });
});
