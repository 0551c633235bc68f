import { expect, it } from 'vitest';
import { atATime } from './at-a-time.ts';

it('does so many things at a time, and answers in their order', async () => {
  let [now, most] = [0, 0];
  const answers = await atATime(3, [5, 1, 4, 2, 3, 0], async (thing) => {
    now += 1;
    most = Math.max(most, now);
    for (let turn = 0; turn < thing; turn++) await Promise.resolve();
    now -= 1;
    return thing * 2;
  });
  expect(answers).toEqual([10, 2, 8, 4, 6, 0]);
  expect(most).toBe(3);
  expect(await atATime(3, [], async () => 1)).toEqual([]);
});
