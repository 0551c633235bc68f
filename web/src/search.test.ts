import { describe, expect, it } from 'vitest';
import { parseSearch, reads, stringifySearch } from './search.ts';

describe('the URL of a page', () => {
  it('is written as people write it, and read back as it was', () => {
    const search = { id: 'prod/vpc/main#/id', select: ['env=dev', 'a & b'], depth: 2 };
    const written = stringifySearch(search);
    expect(written).toBe('?id=prod/vpc/main%23/id&select=env%3Ddev&select=a%20%26%20b&depth=2');
    expect(reads({ id: 'text', select: 'texts', depth: 'count' })(parseSearch(written))).toEqual(search);
  });

  it.each([
    ['?depth=two', {}],
    ['?depth=-1', {}],
    ['?depth=1&depth=2', { depth: 1 }],
    ['?open=true', { open: true }],
    ['?open=maybe', {}],
    ['?id=', {}],
    ['?__proto__=x&id=a', { id: 'a' }],
  ])('%s holds what fits and nothing else', (search, expected) => {
    expect(reads({ id: 'text', depth: 'count', open: 'flag' })(parseSearch(search))).toEqual(expected);
  });
});
