import { expect, it } from 'vitest';
import { ago } from './ago.ts';

const now = new Date('2026-03-10T12:00:00Z');

it.each([
  ['2026-03-10T11:59:58Z', 'now'],
  ['2026-03-10T11:59:20Z', '40 s ago'],
  ['2026-03-10T11:43:00Z', '17 min ago'],
  ['2026-03-10T10:00:00Z', '2 h ago'],
  ['2026-03-07T12:00:00Z', '3 d ago'],
  ['2026-01-02T12:00:00Z', '2026-01-02'],
  ['2026-03-10T12:30:00Z', '2026-03-10 12:30'],
])('%s is %s', (at, text) => {
  expect(ago(new Date(at), now)).toBe(text);
});
