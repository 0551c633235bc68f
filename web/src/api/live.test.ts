import { QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it } from 'vitest';
import { client } from './client.ts';
import { hear, refresh } from './live.ts';

afterEach(() => client.clear());

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

it('asks each question once for all events of a piece, what is about one thing first', async () => {
  const asked: string[] = [];
  const observers = [
    ['/v1/status', {}],
    ['/v1/status', { select: ['dev/a'] }],
    ['/v1/component', { id: 'dev/a' }],
  ].map(
    (queryKey) =>
      new QueryObserver(client, {
        queryKey,
        queryFn: () => {
          asked.push(JSON.stringify(queryKey));
          return Promise.resolve(asked.length);
        },
      }),
  );
  const stops = observers.map((observer) => observer.subscribe(() => undefined));
  await expect.poll(() => observers.every((observer) => observer.getCurrentResult().isSuccess)).toBe(true);
  asked.length = 0;
  for (const event of ['run.applied', 'runtime.published', 'run.deploy.finished']) hear(event);
  await expect.poll(() => client.isFetching()).toBe(0);
  expect(asked).toEqual(['["/v1/status",{"select":["dev/a"]}]', '["/v1/status",{}]']);
  hear('graph.published');
  await expect.poll(() => asked.at(-1)).toBe('["/v1/status",{}]');
  expect(asked).toHaveLength(5);
  for (const stop of stops) stop();
});
