import { expect, it } from 'vitest';
import { TextStore } from './text-store.ts';

it('forgets the texts that were longest not asked for, counted in bytes', () => {
  const store = new TextStore(6);
  store.keep('a', 'aa');
  store.keep('b', 'ää');
  expect(store.text('a')).toBe('aa');
  store.keep('c', 'c');
  expect([store.has('a'), store.has('b'), store.has('c')]).toEqual([true, false, true]);
  store.keep('long', 'x'.repeat(20));
  expect(store.text('long')).toBe('x'.repeat(20));
  expect(store.has('c')).toBe(false);
});
