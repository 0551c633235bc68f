import { expect, it } from 'vitest';
import { KarmaError } from '../../model/errors.ts';
import type { Progress } from '../../model/progress.ts';
import { AskStream } from './ask-stream.ts';

type Report = (progress: Progress) => void;

/** A question that somebody else answers, step by step. */
function asked() {
  let report: Report = () => undefined;
  const answer = Promise.withResolvers<Uint8Array>();
  const stream = new AskStream((given) => {
    report = given;
    return answer.promise;
  }, '/v1/ask');
  const claimed = (number: number, done: number) =>
    report({ kind: 'phase', number, phase: 'claim', done, total: 1000 });
  return { stream, claimed, answer, report: (progress: Progress) => report(progress) };
}

it('tells how far it is, and at the end the answer', async () => {
  const { stream, claimed, answer } = asked();
  const next = stream.next();
  claimed(1, 500);
  expect(await next).toBe('event: progress\ndata: {"number":1,"phase":"claim","done":500,"total":1000}\n\n');
  answer.resolve(new TextEncoder().encode('{\n  "a": 1\n}\n'));
  expect(await stream.next()).toBe('event: answer\ndata: {\ndata:   "a": 1\ndata: }\n\n');
  expect(await stream.next()).toBeUndefined();
});

it('tells who reads slowly the newest, and keeps nothing for them', async () => {
  const { stream, claimed, answer, report } = asked();
  for (let number = 1; number <= 1000; number++) claimed(number, number);
  report({ kind: 'note', number: 1001, text: 'comes with the answer' });
  expect(await stream.next()).toContain('"number":1000');
  answer.resolve(new TextEncoder().encode('{}'));
  expect(await stream.next()).toContain('event: answer');
});

it('tells what is wrong as a problem', async () => {
  const { stream, answer } = asked();
  answer.reject(new KarmaError('KARMA_NOT_FOUND', 'there is no such component'));
  expect(await stream.next()).toMatch(/^event: problem\ndata: \{.*"code":"KARMA_NOT_FOUND"/);
  expect(await stream.next()).toBeUndefined();
});
