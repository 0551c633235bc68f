import { describe, expect, it } from 'vitest';
import { findComponents, looksLikeSelection } from './find.ts';

const components = ['dev/vpc/main', 'prod/vpc/main', 'prod/vpc-peering/a', 'prod/service/vpc'].map((id) => ({ id }));

describe('finding by a few letters', () => {
  it.each([
    ['vpc', ['prod/service/vpc', 'dev/vpc/main', 'prod/vpc/main', 'prod/vpc-peering/a']],
    ['main prod', ['prod/vpc/main']],
    ['prod/vpc/main', ['prod/vpc/main']],
    ['nothing', []],
  ])('%s', (text, ids) => {
    expect(findComponents(components, text, 10).map(({ id }) => id)).toEqual(ids);
  });

  it('gives no more than wanted', () => {
    expect(findComponents(components, 'p', 2)).toHaveLength(2);
  });

  it.each([
    ['env=dev', true],
    ['dev/*', true],
    ['not type', true],
    ['orders', false],
    ['android', false],
  ])('%s is a selection: %s', (text, is) => {
    expect(looksLikeSelection(text)).toBe(is);
  });
});
