import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capped } from './capped.ts';

const row = (n: number) => ({ id: `live/prod/service-${n}`, path: ['a', 'b'], text: 'x'.repeat(80) });
const many = (count: number) => Array.from({ length: count }, (_, n) => row(n));

describe('answers for a model', () => {
  it('stay as they are where they fit', () => {
    const answer = { components: many(3), complete: true };
    expect(capped(answer)).toEqual({ answer, hidden: {} });
  });

  it('lose of the longest list, say how much, and go on where they ended', () => {
    const answer = { affected: many(2000), possible: many(3), complete: false };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = capped(answer, cursor);
      const rows = page.answer['affected'] as { id: string }[];
      expect(JSON.stringify(page.answer).length).toBeLessThanOrEqual(28_000);
      expect(page.answer).toMatchObject({ possible: answer.possible, complete: false });
      seen.push(...rows.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(answer.affected.map(({ id }) => id));
  });

  it('are never cut without being counted', () => {
    const lists = fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.array(fc.string({ maxLength: 400 }), { maxLength: 200 }),
    );
    fc.assert(
      fc.property(lists, (answer) => {
        const page = capped({ inner: answer });
        for (const [name, list] of Object.entries(answer)) {
          const shown = (page.answer['inner'] as Record<string, unknown[]>)[name] ?? [];
          if (shown.length < list.length)
            expect(page.hidden[`/inner/${name}`]).toEqual({ total: list.length, from: 0, shown: shown.length });
        }
      }),
    );
  });
});
