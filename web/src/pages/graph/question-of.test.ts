import { describe, expect, it } from 'vitest';
import { questionOf } from './question-of.ts';

const said = (question: object) => JSON.parse(JSON.stringify(question)) as unknown;

describe('the question of a view of the graph', () => {
  it.each([
    [{}, {}],
    [
      { root: ['a'], depth: 2 },
      { root: ['a'], depth: 2 },
    ],
    [{ depth: 2, dependentsOf: ['a'] }, {}],
    [
      { root: ['a'], dependentsOf: ['b'] },
      { root: ['a'], dependentsOf: ['b'] },
    ],
    [{ from: 'a' }, {}],
    [
      { from: 'a', to: 'b', root: ['c'] },
      { from: 'a', to: 'b' },
    ],
    [
      { group: 'type', open: ['dev|vpc'], hide: ['env=dev'] },
      { groupBy: 'type', open: ['dev|vpc'], hide: ['env=dev'] },
    ],
  ])('%j', (search, question) => {
    expect(said(questionOf(search))).toEqual(question);
  });
});
