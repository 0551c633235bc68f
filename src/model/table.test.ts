import { expect, it } from 'vitest';
import { tableOf } from './table.ts';

it('finds what it holds, and nothing that every object has by its nature', () => {
  const table = tableOf({ s3: 1 });
  expect(table.s3).toBe(1);
  for (const word of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(table[word]).toBeUndefined();
});
