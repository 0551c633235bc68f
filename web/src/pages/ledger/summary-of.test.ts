import { expect, it } from 'vitest';
import { summaryOf } from './summary-of.ts';

it.each([
  [{ outcome: 'ok', details: {} }, ''],
  [{ outcome: 'intent', details: {} }, 'begun'],
  [{ outcome: 'failed', details: { message: 'no such bucket' } }, 'failed · no such bucket'],
  [
    { outcome: 'ok', details: { changed: { put: 1, removed: 0 }, counts: { components: 3 } } },
    '1 row changed · 3 components',
  ],
  [{ outcome: 'ok', details: { message: 'Fix it', commit: 'c9afbe131cff0000' } }, 'Fix it · commit c9afbe131c'],
  [{ outcome: 'ok', details: { counts: ['not', 'counts'] } }, ''],
  [{ outcome: 'ok', details: { plans: { planned: 1, waiting: 2 } } }, '1 planned, 2 waiting'],
  [{ outcome: 'intent', details: { changes: { add: 1, change: 0, destroy: 2 } } }, 'begun · +1 ~0 −2'],
] as const)('%j is %s', (event, text) => {
  expect(summaryOf(event as unknown as Parameters<typeof summaryOf>[0])).toBe(text);
});
