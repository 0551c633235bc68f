import { describe, expect, it } from 'vitest';
import {
  connected,
  type Draft,
  freeNickname,
  linesOf,
  type Part,
  placesOf,
  proposalOf,
  refusal,
  renamed,
  wordOf,
} from './draft.ts';

const part = (id: string, more: Partial<Part> = {}): Part => {
  const [environment = '', type = '', nickname = ''] = id.split('/');
  const nothing = { is: 'there', before: {}, config: {}, schema: {}, judged: true, references: [] } as const;
  return { id, environment, type, nickname, ...nothing, ...more };
};
const cluster = { key: 'cluster_nickname', type: 'ecs-cluster' };
const vpc = { key: 'vpc_nickname', type: 'vpc' };
const network = part('prod/vpc/main');
const house = part('prod/ecs-cluster/main', {
  references: [vpc],
  before: { vpc_nickname: 'main' },
  config: { vpc_nickname: 'main' },
});
const shop = part('prod/ecs-service/shop', { is: 'new', references: [cluster] });
const draft: Draft = [network, house, shop];

describe('a draft', () => {
  it('draws what inputs name among its parts, what is needed left of who needs it', () => {
    expect(linesOf(draft)).toEqual([{ from: house.id, to: network.id, key: 'vpc_nickname' }]);
    const whole = connected(draft, house, shop, cluster);
    const { places } = placesOf(whole);
    expect([network, house, shop].map(({ id }) => places.get(id)?.x)).toEqual([0, 316, 632]);
  });

  it.each([
    ['what it wants', house, shop, cluster, undefined],
    ['another type', network, shop, cluster, 'it wants one of type ecs-cluster, and this is a vpc'],
    ['another environment', part('dev/ecs-cluster/main'), shop, cluster, 'it looks in prod, and this stands in dev'],
    ['what it has', network, house, vpc, 'it has this one already'],
    ['itself', house, house, { key: 'x', type: 'ecs-cluster' }, 'it would need itself'],
    ['what goes', { ...house, is: 'gone' as const }, shop, cluster, 'prod/ecs-cluster/main goes'],
    [
      'who waits for it',
      house,
      network,
      { key: 'x', type: 'ecs-cluster' },
      'prod/ecs-cluster/main needs prod/vpc/main: each would wait for the other',
    ],
  ])('says of %s whether an input may name it', (_, source, target, reference, why) => {
    expect(refusal(draft, source, target, reference)).toBe(why);
  });

  it('keeps who names a new one when it gets another name', () => {
    const fresh = part('prod/ecs-cluster/new', { is: 'new' });
    const before = connected([fresh, shop], fresh, shop, cluster);
    const after = renamed(before, fresh.id, { environment: 'prod', nickname: 'large' });
    expect(after.map(({ id }) => id)).toEqual(['prod/ecs-cluster/large', shop.id]);
    expect(linesOf(after)).toEqual([{ from: shop.id, to: 'prod/ecs-cluster/large', key: 'cluster_nickname' }]);
  });

  it('is one proposal of all that it changes, and of nothing that only stands beside', () => {
    const whole: Draft = [
      network,
      { ...house, to: 'prod/ecs-cluster/large', config: { vpc_nickname: 'edge' } },
      { ...shop, config: { cluster_nickname: 'large' } },
      part('prod/s3-bucket/old', { is: 'gone' }),
    ];
    expect(whole.map(wordOf)).toEqual([undefined, 'moves', 'new', 'goes']);
    expect(proposalOf(whole, 'cr-7')).toEqual({
      edits: [
        { id: 'prod/ecs-cluster/large', set: { '/vpc_nickname': 'edge' }, unset: [] },
        { id: shop.id, set: { '/cluster_nickname': 'large' }, unset: [] },
      ],
      create: [{ name: 'ecs-service/shop', environment: 'prod' }],
      remove: ['prod/s3-bucket/old'],
      rename: [{ from: house.id, to: 'prod/ecs-cluster/large' }],
      revise: 'cr-7',
    });
    expect(proposalOf([network], undefined)).toEqual({});
  });

  it('finds a nickname that is free', () => {
    expect(freeNickname(new Set(['prod/vpc/new', 'prod/vpc/new-2']), 'prod', 'vpc')).toBe('new-3');
  });
});
