import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { component, estate, randomEdges, randomGraph } from '../../graph/testing/small-estate.ts';
import { mapOf } from './map-of.ts';

const options = { across: 40, head: 2 };

describe('mapOf', () => {
  it('puts the same component of two environments at the same cell, and leaves a hole where one lacks it', () => {
    const map = mapOf(
      estate(`
        dev/db/a -> dev/vpc/main /id
        dev/db/b
        prod/db/b -> prod/vpc/main /id
      `),
      options,
    );
    const cells = Object.fromEntries(map.ids.map((id, place) => [id, [map.group[place], map.slot[place]]]));
    expect(cells).toEqual({
      'dev/db/a': [0, 0],
      'dev/db/b': [0, 1],
      'dev/vpc/main': [1, 0],
      'prod/db/b': [2, 1],
      'prod/vpc/main': [3, 0],
    });
    expect(map.groups.map(({ environment, id, x, columns }) => [environment, id, x, columns])).toEqual([
      [0, 'dev|db', 0, 8],
      [0, 'dev|vpc', 9, 8],
      [1, 'prod|db', 0, 8],
      [1, 'prod|vpc', 9, 8],
    ]);
    expect([map.from, map.to]).toEqual([
      [0, 3],
      [2, 4],
    ]);
    expect(map.environments.map(({ name, count }) => [name, count])).toEqual([
      ['dev', 3],
      ['prod', 2],
    ]);
  });

  it('groups by folder where every component is a type of its own', () => {
    const units = Array.from({ length: 130 }, (_, n) =>
      component(`live/prod/app/u${n}`, { type: `u${n}`, environment: 'prod', layout: 'terragrunt' }),
    );
    const map = mapOf(estate('', units), options);
    expect([map.groupBy, map.groups.map(({ id, name }) => [id, name])]).toEqual([
      'folder',
      [['prod|live/prod/app', 'live/app']],
    ]);
  });

  it('never puts two components on one cell, nor a cell outside', () => {
    fc.assert(
      fc.property(randomEdges, fc.integer({ min: 8, max: 30 }), (edges, across) => {
        const graph = randomGraph(edges);
        const map = mapOf(graph, { across, head: 1 });
        const cells = map.ids.map((_, place) => {
          const { x, y, columns } = map.groups[map.group[place] ?? -1] ?? { x: -1, y: -1, columns: 1 };
          const slot = map.slot[place] ?? 0;
          const cell = { x: x + (slot % columns), y: y + Math.floor(slot / columns) };
          expect(cell.x >= 0 && cell.x < across && cell.y >= 0 && cell.y < map.height).toBe(true);
          return `${cell.x},${cell.y}`;
        });
        expect(new Set(cells).size).toBe(graph.size);
        expect(map.from.length).toBe(graph.edges);
      }),
    );
  });
});
