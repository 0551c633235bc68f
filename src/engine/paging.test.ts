import { describe, expect, it } from 'vitest';
import { pageOf } from './paging.ts';

const view = { kind: 'version', position: 'v3', hash: 'abc' } as const;
const all = ['a', 'b', 'c', 'd', 'e'];

describe('a long list', () => {
  it('is whole where no limit is set, and says how long it is', () => {
    expect(pageOf(all, view, {})).toEqual({ items: all, paged: { total: 5 } });
  });

  it.each([1, 2, 3, 5, 9])('is the same list in pages of %d', (limit) => {
    const pages: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const { items, paged } = pageOf(all, view, { limit, ...(cursor === undefined ? {} : { cursor }) });
      expect({ total: paged.total, hidden: paged.hidden ?? 0 }).toEqual({ total: 5, hidden: 5 - items.length });
      pages.push([...items]);
      cursor = paged.next;
      if (cursor === undefined) break;
    }
    expect(pages.flat()).toEqual(all);
    expect(pages).toHaveLength(Math.ceil(5 / limit));
  });

  it('does not go on in another view', () => {
    const { paged } = pageOf(all, view, { limit: 2 });
    const changed = { ...view, hash: 'def' };
    expect(() => pageOf(all, changed, { cursor: paged.next ?? '' })).toThrow(
      'the list goes on from a view that is no more',
    );
  });

  it.each(['', 'x', 'bm9uZQ', Buffer.from('{"hash":"abc","from":-1}').toString('base64url')])(
    'does not go on from %j, which no answer gave',
    (cursor) => {
      expect(() => pageOf(all, view, { cursor })).toThrow('the cursor is none that an answer gave');
    },
  );
});
