import { QueryObserver } from '@tanstack/react-query';
import { expect, it } from 'vitest';
import { client } from './client.ts';
import { refresh } from './live.ts';

it('asks once more behind an answer that is on its way, however many events come, and breaks nothing off', async () => {
  const answers: ((value: number) => void)[] = [];
  let brokenOff = 0;
  const observer = new QueryObserver(client, {
    queryKey: ['/v1/changes'],
    queryFn: ({ signal }) => {
      signal.addEventListener('abort', () => {
        brokenOff += 1;
      });
      return new Promise<number>((answer) => answers.push(answer));
    },
  });
  const seen: (number | undefined)[] = [];
  const stop = observer.subscribe(({ data }) => {
    if (data !== seen.at(-1)) seen.push(data);
  });
  const [query] = client.getQueryCache().getAll();
  if (query === undefined) throw new Error('nobody asked');
  for (let event = 0; event < 5; event++) refresh(query);
  answers[0]?.(1);
  await expect.poll(() => answers.length).toBe(2);
  answers[1]?.(2);
  await expect.poll(() => seen).toEqual([1, 2]);
  expect([answers.length, brokenOff]).toEqual([2, 0]);
  // Nobody looks at it any more: it is asked when somebody does.
  stop();
  refresh(query);
  expect([answers.length, query.state.isInvalidated]).toEqual([2, true]);
});
