import { describe, expect, it } from 'vitest';
import type { PlacedBox, PlacedLine } from '../api/answers.ts';
import { type Direction, neighboursIn, nextBox } from './neighbours.ts';

const box = (id: string, x: number, y: number): PlacedBox => ({
  id,
  shape: 'component',
  name: id,
  kind: '',
  family: '',
  environment: '',
  count: 1,
  hidden: { dependsOn: 0, usedBy: 0 },
  x,
  y,
  w: 100,
  h: 40,
});
const line = (from: string, to: string): PlacedLine => ({
  from,
  to,
  count: 1,
  consumes: [],
  outputs: 0,
  orders: false,
  cycle: false,
  strength: 'proven',
  d: '',
});
const boxes = [box('vpc', 0, 0), box('zone', 0, 60), box('api', 200, 0), box('site', 400, 0)];
const lines = [line('api', 'vpc'), line('api', 'zone'), line('site', 'api'), line('site', 'site')];

describe('what is around a box', () => {
  it('is itself and everything one line away', () => {
    const { around } = neighboursIn(lines);
    expect([...around('api')].sort()).toEqual(['api', 'site', 'vpc', 'zone']);
    expect([...around('vpc')].sort()).toEqual(['api', 'vpc']);
    expect([...around('nobody')]).toEqual(['nobody']);
  });

  it.each<[string, Direction, string | undefined]>([
    ['api', 'left', 'vpc'],
    ['api', 'right', 'site'],
    ['vpc', 'right', 'api'],
    ['vpc', 'left', undefined],
    ['vpc', 'down', 'zone'],
    ['zone', 'up', 'vpc'],
    ['site', 'down', 'zone'],
    ['site', 'right', undefined],
    ['nobody', 'left', 'vpc'],
  ])('from %s the key to the %s leads to %s', (id, direction, next) => {
    expect(nextBox(boxes, neighboursIn(lines), id, direction)?.id).toBe(next);
  });
});
