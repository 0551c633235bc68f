import { expect, it } from 'vitest';
import { readFilters, withFilter, withoutFilter } from './saved-filters.ts';

it('keeps a filter by its name, the newest first, and reads it as it was', () => {
  const one = { name: 'mine', filter: { select: ['owner=core'], status: 'stale' } };
  const other = { name: 'prod', filter: { select: ['env=prod'], group: 'kind' } };
  const all = withFilter(withFilter([], one), other);
  expect(readFilters(JSON.stringify(all)).map(({ name }) => name)).toEqual(['prod', 'mine']);
  expect(readFilters(JSON.stringify(all))[1]?.filter).toMatchObject(one.filter);
  const again = { name: 'prod', filter: { status: 'failed' } };
  expect(withFilter(all, again)).toEqual([again, one]);
  expect(withoutFilter(all, 'prod')).toEqual([one]);
});

it.each([[undefined], ['{'], ['{}'], ['[1, null, {"name": "x"}, {"filter": {}}]'], ['[{"name": 1, "filter": {}}]']])(
  'finds none in %j',
  (kept) => expect(readFilters(kept)).toEqual([]),
);
