import { expect, it } from 'vitest';
import type { AffectedOne } from './affected-columns.tsx';
import { byOwner, byWave } from './grouped.ts';

const one = (id: string, distance: number, owner?: string): AffectedOne => ({
  id,
  distance,
  path: [],
  carriedBy: [],
  environment: 'dev',
  ...(owner === undefined ? {} : { owner }),
});
const affected = [one('a', 2), one('b', 1, 'web'), one('c', 1, 'data'), one('d', 10, 'data')];
const told = (groups: ReturnType<typeof byWave>) =>
  groups.map(({ title, members }) => [title, members.map(({ id }) => id).join('')]);

it('tells the affected wave by wave, the tenth after the second', () => {
  expect(told(byWave(affected))).toEqual([
    ['Wave 1', 'bc'],
    ['Wave 2', 'a'],
    ['Wave 10', 'd'],
  ]);
});

it('tells them by who must be asked, what nobody owns last', () => {
  expect(told(byOwner(affected))).toEqual([
    ['data', 'cd'],
    ['web', 'b'],
    ['No owner is said', 'a'],
  ]);
});
