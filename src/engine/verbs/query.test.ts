import { describe, expect, it } from 'vitest';
import { query, tabulate } from './query.ts';

describe('results as a table', () => {
  it.each([
    ['nothing', [], [], []],
    ['plain values', [3, 'a', null], ['result'], [['3'], ['a'], ['null']]],
    [
      'maps',
      [{ name: 'a', n: 1 }, { name: 'b' }],
      ['name', 'n'],
      [
        ['a', '1'],
        ['b', ''],
      ],
    ],
    ['lists of one', [{ name: ['a'], tags: ['x', 'y'] }], ['name', 'tags'], [['a', '["x","y"]']]],
    [
      'maps and others',
      [{ a: 1 }, 2],
      ['a', 'result'],
      [
        ['1', ''],
        ['', '2'],
      ],
    ],
    ['what is inside maps', [{ a: { b: 1 } }], ['a'], [['{"b":1}']]],
  ])('%s', (_what, results, columns, rows) => {
    expect(tabulate(results)).toEqual({ columns, rows });
  });
});

describe('query', () => {
  const asked: string[] = [];
  const stores = {
    ask: async (language: string, text: string) => {
      asked.push(`${language} ${text}`);
      return [1];
    },
  } as unknown as Parameters<typeof query>[0]['stores'];

  it('asks in the language that was given', async () => {
    expect(await query({ stores }, { gremlin: 'g.V().count()' })).toMatchObject({ language: 'gremlin', rows: [['1']] });
    await query({ stores }, { cypher: 'MATCH (n) RETURN n' });
    expect(asked).toEqual(['gremlin g.V().count()', 'cypher MATCH (n) RETURN n']);
  });

  it.each([[{}], [{ gremlin: 'g.V()', cypher: 'RETURN 1' }]])('refuses %o', async (given) => {
    await expect(query({ stores }, given)).rejects.toMatchObject({ code: 'KARMA_USAGE' });
  });
});
