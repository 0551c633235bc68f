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

  it('lose of the lists within a row that is too long by itself, and go on within it', () => {
    const answer = {
      outputs: [
        { name: '/id', readers: many(900) },
        { name: '/arn', readers: [] },
      ],
    };
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = capped(answer, cursor);
      expect(JSON.stringify(page.answer).length).toBeLessThanOrEqual(28_000);
      const [first] = page.answer['outputs'] as { readers: { id: string }[] }[];
      seen.push(...(first?.readers ?? []).map(({ id }) => id));
      cursor = page.next;
    } while (cursor?.startsWith('/outputs/0/readers:') === true);
    expect(seen).toEqual(answer.outputs[0]?.readers.map(({ id }) => id));
  });

  it.each([
    ['a long text', { diff: 'x'.repeat(1_000_000), state: 'open' }, { state: 'open' }],
    ['a long text of a row', { runs: [{ id: 'r1', text: 'x'.repeat(100_000) }] }, { runs: [{ id: 'r1' }] }],
    ['a map of many', { groups: Object.fromEntries(many(9_000).map(({ id }) => [id, [id]])), total: 9 }, { total: 9 }],
  ])('fit where there is %s', (_, answer, kept) => {
    const page = capped(answer);
    const told = JSON.stringify(page);
    expect(told.length).toBeLessThanOrEqual(28_500);
    expect(page.answer).toMatchObject(kept);
    expect(told).toMatch(/more characters|"total":9000/);
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
