import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { ResidentAnswers } from './resident-answers.ts';

const megabyte = new Uint8Array(1024 * 1024);

it('keeps what was asked last, and not more than fits', () => {
  const kept = new ResidentAnswers();
  for (let n = 0; n < 24; n++) kept.keep(`${n}`, megabyte);
  expect(kept.find('0')).toBeDefined();
  kept.keep('24', megabyte);
  expect(kept.find('0')).toBeDefined();
  expect(kept.find('1')).toBeUndefined();
  kept.keep('large', new Uint8Array(5 * 1024 * 1024));
  expect(kept.find('large')).toBeUndefined();
  expect(kept.find('2')).toBeDefined();
});

it('tells an answer zipped as it tells it plain', async () => {
  const answer = new ResidentAnswers().keep('a', new TextEncoder().encode('{"text": "é"}'));
  expect(gunzipSync(await answer.zipped()).toString()).toBe('{"text": "é"}');
  expect(new TextDecoder().decode(answer.bytes)).toBe('{"text": "é"}');
});
