import { expect, it } from 'vitest';
import { Allowances } from './allowance.ts';

it('counts for each caller alone, and anew in each window', () => {
  let now = 0;
  const allowances = new Allowances({ requests: 2, seconds: 10 }, () => now);
  expect(allowances.take('a')).toEqual({ left: 1, seconds: 10, over: false });
  now = 4_100;
  expect(allowances.take('a')).toEqual({ left: 0, seconds: 6, over: false });
  expect(allowances.take('b')).toEqual({ left: 1, seconds: 10, over: false });
  const over = allowances.take('a');
  expect(over).toEqual({ left: 0, seconds: 6, over: true });
  expect(allowances.headers(over)).toEqual({
    'ratelimit-policy': '"caller";q=2;w=10',
    ratelimit: '"caller";r=0;t=6',
    'retry-after': '6',
  });
  now = 10_000;
  expect(allowances.take('a')).toEqual({ left: 1, seconds: 10, over: false });
});
