import { describe, expect, it } from 'vitest';
import { distanceTo, headOf, pointsOf } from './way.ts';

describe('the way of a line', () => {
  it.each([
    ['M0 0L10 0', [0, 0], [10, 0], 2],
    ['M5 5H20V9', [5, 5], [20, 9], 3],
    ['M260 68C222 68 222 97 184 97', [260, 68], [184, 97], 13],
    ['M0 0C1 0 2 0 3 0 4 0 5 0 6 0', [0, 0], [6, 0], 25],
    ['M0,0L-4.5,2', [0, 0], [-4.5, 2], 2],
    ['', undefined, undefined, 0],
  ])('%s', (d, first, last, count) => {
    const points = pointsOf(d);
    expect(points).toHaveLength(count);
    expect(points[0] && [points[0].x, points[0].y]).toEqual(first);
    const end = points.at(-1);
    expect(end && [end.x, end.y]).toEqual(last);
  });

  it('is as far away as its nearest piece', () => {
    const points = pointsOf('M0 0H10V10');
    expect(distanceTo(points, { x: 5, y: 3 })).toBe(9);
    expect(distanceTo(points, { x: 10, y: 20 })).toBe(100);
    expect(distanceTo([], { x: 0, y: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it('has its head where it ends', () => {
    expect(headOf(pointsOf('M10 0H0'))).toMatch(/^M0 0L6\.4 /);
    expect(headOf([])).toBe('');
  });
});
