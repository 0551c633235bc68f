import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estate, randomEdges, randomGraph } from '../testing/small-estate.ts';
import { reach } from './reach.ts';
import { why } from './why.ts';

const product = estate('app -> db /url\napp -> cache /url\ndb -> vpc /id\ncache -> net /id\nnet -> vpc /id\nalone');
const ask = (a: string, b: string) => why(product, product.node(a) ?? -1, product.node(b) ?? -1);

describe('why', () => {
  it('tells the shortest path with its evidence, and the others', () => {
    expect(ask('app', 'vpc')).toMatchObject({
      relation: 'depends on',
      shortest: [
        { from: 'app', to: 'db', consumes: ['/url'], evidence: [{ rule: 'nickname-key' }] },
        { from: 'db', to: 'vpc', consumes: ['/id'] },
      ],
      others: [['app', 'cache', 'net', 'vpc']],
      otherCount: 1,
      more: false,
    });
  });

  it('says when it is the other way round, or not at all', () => {
    expect(ask('vpc', 'app')).toMatchObject({ relation: 'used by', shortest: [{ from: 'app' }, { to: 'vpc' }] });
    expect(ask('app', 'alone')).toMatchObject({ relation: 'none', shortest: [], otherCount: 0 });
    expect(ask('app', 'app')).toMatchObject({ relation: 'none' });
  });

  it('says both in a cycle, and tells the way there and back', () => {
    const loop = estate('a -> b\nb -> c\nc -> a');
    expect(why(loop, 0, 1)).toMatchObject({
      relation: 'both',
      shortest: [{ from: 'a', to: 'b' }],
      back: [
        { from: 'b', to: 'c' },
        { from: 'c', to: 'a' },
      ],
      otherCount: 0,
    });
  });

  it('says when it stopped counting', () => {
    const layers = Array.from({ length: 12 }, (_, n) =>
      ['x', 'y', 'z'].flatMap((a) => ['x', 'y', 'z'].map((b) => `${n}${a} -> ${n + 1}${b}`)).join('\n'),
    ).join('\n');
    const wide = estate(layers);
    const found = why(wide, wide.node('0x') ?? -1, wide.node('12x') ?? -1, { effort: 500 });
    expect(found.more).toBe(true);
    expect(found.shortest.length).toBe(12);
  });

  it('finds every simple path of any graph, the shortest first', () => {
    fc.assert(
      fc.property(randomEdges, fc.nat(11), fc.nat(11), (edges, a, b) => {
        const graph = randomGraph(edges.slice(0, 16));
        const found = why(graph, a, b, { limit: 10_000, effort: 1_000_000 });
        const [from, to] = found.relation === 'used by' ? [b, a] : [a, b];
        const distance = a === b ? -1 : reach(graph, [from], 'dependencies').distanceOf(to);
        expect(found.shortest.length).toBe(Math.max(0, distance));
        const count = found.relation === 'none' ? 0 : countPaths(graph, from, to, new Set());
        expect(found.otherCount).toBe(Math.max(0, count - 1));
        expect(found.more).toBe(false);
      }),
    );
  });
});

function countPaths(
  graph: ReturnType<typeof randomGraph>,
  from: number,
  to: number,
  seen: ReadonlySet<number>,
): number {
  if (from === to) return 1;
  let count = 0;
  for (const next of reach(graph, [from], 'dependencies', { depth: 1 }).nodes) {
    if (!seen.has(next)) count += countPaths(graph, next, to, new Set([...seen, from]));
  }
  return count;
}
