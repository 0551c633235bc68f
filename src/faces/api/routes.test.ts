import { describe, expect, it } from 'vitest';
import { verbNamed } from '../../engine/verbs/table.ts';
import { queryOf } from './query-of.ts';
import { routeFor, routes } from './routes.ts';

describe('routes', () => {
  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s asks a verb that is there, and a GET changes nothing',
    async (_, { method, verb }) => {
      const { writes } = await verbNamed(verb);
      // A question that is too long for an address is posted and writes nothing either.
      if (method === 'get') expect(writes).toBe('nothing');
      else expect(['nothing', 'ledger', 'infrastructure']).toContain(writes);
    },
  );

  it.each([
    ['/v1/impact?of=a', 'impact'],
    ['/v1/impact?since=main', 'impact-since'],
    ['/v1/impact?since=main&format=markdown', 'impact-text'],
    ['/v1/why?of=a', 'causes'],
    ['/v1/why?from=a&to=b', 'why'],
    ['/v1/diff?environments=dev,prod', 'diff-environments'],
  ])('%s is the verb %s', (url, verb) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    expect(routeFor('GET', pathname, searchParams)?.verb).toBe(verb);
  });

  it('makes of a URL the query that the shape describes', async () => {
    const { query } = await verbNamed('impact');
    expect(queryOf(query, new URLSearchParams('of=a&of=b%23/out&depth=2&forward'))).toEqual({
      of: ['a', 'b#/out'],
      depth: 2,
      forward: true,
    });
    expect(queryOf(query, new URLSearchParams('depth=two&forward=maybe&at=v1&at=v2'))).toEqual({
      depth: 'two',
      forward: 'maybe',
      at: ['v1', 'v2'],
    });
    expect(queryOf(query, new URLSearchParams('at=&depth='))).toEqual({ depth: '' });
  });

  it('spells ranges as URLs do', () => {
    const from = (url: string): string => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      return routeFor('GET', pathname, searchParams)?.from?.(searchParams).get('range') ?? '';
    };
    expect(from('/v1/diff?from=v1&to=v2')).toBe('v1..v2');
    expect(from('/v1/diff?from=main')).toBe('main..');
    expect(from('/v1/diff?environments=dev,prod')).toBe('dev..prod');
  });
});
