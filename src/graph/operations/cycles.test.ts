import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estate, randomEdges, randomGraph } from '../testing/small-estate.ts';
import { strongComponents } from './components.ts';
import { cycles } from './cycles.ts';
import { reach } from './reach.ts';

describe('cycles', () => {
  it('gives the smallest first, each once, from its smallest id', () => {
    const graph = estate('c -> a\na -> b\nb -> c\nb -> d\nx -> y\ny -> x\ns -> s');
    expect(cycles(graph)).toEqual([
      { members: ['s'], path: ['s'] },
      { members: ['x', 'y'], path: ['x', 'y'] },
      { members: ['a', 'b', 'c'], path: ['a', 'b', 'c'] },
    ]);
  });

  it('picks a short cycle within a large knot', () => {
    const graph = estate('a -> b\nb -> c\nc -> d\nd -> a\nd -> c');
    expect(cycles(graph)).toEqual([{ members: ['a', 'b', 'c', 'd'], path: ['c', 'd'] }]);
  });

  it('finds none where there is none', () => {
    expect(cycles(estate('a -> b\nb -> c\na -> c'))).toEqual([]);
  });

  it('holds a long chain without overflowing', () => {
    const chain = Array.from({ length: 5000 }, (_, n) => `n${n} -> n${n + 1}`).join('\n');
    expect(strongComponents(estate(chain)).sets.length).toBe(5001);
  });

  it('gathers exactly those that reach each other, and every path closes', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const graph = randomGraph(edges);
        const { of, sets } = strongComponents(graph);
        const reached = Array.from({ length: graph.size }, (_, node) => reach(graph, [node], 'dependencies'));
        for (let a = 0; a < graph.size; a++) {
          for (let b = 0; b < graph.size; b++) {
            const each = a === b || ((reached[a]?.distanceOf(b) ?? -1) > 0 && (reached[b]?.distanceOf(a) ?? -1) > 0);
            expect(of[a] === of[b]).toBe(each);
          }
        }
        expect(sets.flat().sort((a, b) => a - b)).toEqual([...graph.ids.keys()]);
        for (const { path } of cycles(graph)) {
          for (const [place, id] of path.entries()) {
            const next = path[(place + 1) % path.length] ?? '';
            expect(graph.edgeBetween(graph.node(id) ?? -1, graph.node(next) ?? -1)).toBeDefined();
          }
        }
      }),
    );
  });
});
