import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../graph/graph.ts';
import {
  component,
  estate,
  type RandomEdge,
  randomEdges,
  randomId,
  reference,
} from '../../../graph/testing/small-estate.ts';
import { pictureOf } from '../picture-of.ts';
import { placed } from '../placed.ts';
import { type Drawing, layout } from './layout.ts';

/** Twelve components in two environments and three types, with references across. */
function twoLanes(edges: readonly RandomEdge[], without: ReadonlySet<number> = new Set()): Graph {
  const id = (node: number): string => `${node % 2 === 0 ? 'dev' : 'prod'}/t${node % 3}/n${node}`;
  const here = (node: number): boolean => !without.has(node);
  return estate('', [
    ...Array.from({ length: 12 }, (_, node) => node)
      .filter(here)
      .map((node) => component(id(node))),
    ...edges
      .filter(({ from, to }) => here(from) && here(to))
      .map(({ from, to, consumes }) => reference(id(from), id(to), consumes)),
  ]);
}

function mustNotOverlap({ boxes, frames, width, height }: Drawing, groupOf: (box: number) => number): void {
  const all = [
    ...boxes.map((rect, box) => ({ rect, inside: groupOf(box), frame: -1 })),
    ...frames.map((rect, frame) => ({ rect, inside: -1, frame })),
  ];
  for (const [place, a] of all.entries()) {
    expect(a.rect.x >= 0 && a.rect.y >= 0).toBe(true);
    expect(a.rect.x + a.rect.w <= width && a.rect.y + a.rect.h <= height).toBe(true);
    for (const b of all.slice(place + 1)) {
      if (a.inside === b.frame || b.inside === a.frame) if (a.frame !== b.frame) continue;
      const apart =
        a.rect.x + a.rect.w <= b.rect.x ||
        b.rect.x + b.rect.w <= a.rect.x ||
        a.rect.y + a.rect.h <= b.rect.y ||
        b.rect.y + b.rect.h <= a.rect.y;
      expect(apart).toBe(true);
    }
  }
}

const groups = fc.subarray(['dev|t0', 'dev|t1', 'dev|t2', 'prod|t0', 'prod|t1', 'prod|t2']);

describe('layout', () => {
  it('never puts boxes over each other, whatever groups are open', () => {
    fc.assert(
      fc.property(randomEdges, groups, (edges, open) => {
        const picture = pictureOf(twoLanes(edges), { by: 'type', open });
        const ids = picture.open.map(({ id }) => id);
        mustNotOverlap(layout(picture), (box) => ids.indexOf(picture.boxes[box]?.group ?? ''));
      }),
    );
  });

  it('opens a group where it stands, and moves nothing but what is below or right of it', () => {
    fc.assert(
      fc.property(randomEdges, groups, (edges, open) => {
        const graph = twoLanes(edges);
        const closed = placed(pictureOf(graph, { by: 'type' }));
        const opened = placed(pictureOf(graph, { by: 'type', open }));
        for (const box of closed.boxes) {
          const now = [...opened.boxes, ...opened.frames].find(({ id }) => id === box.id);
          // A group of one is drawn as its member, which stands in a frame when it is open.
          if (now === undefined || ('group' in now && now.group !== undefined)) continue;
          expect(now.x >= box.x && now.y >= box.y).toBe(true);
        }
      }),
    );
  });

  it('gives every component the same place as before when it is handed the places', () => {
    fc.assert(
      fc.property(randomEdges, fc.nat(11), (edges, late) => {
        const before = pictureOf(twoLanes(edges, new Set([late])));
        const first = layout(before);
        const after = pictureOf(twoLanes(edges));
        const second = layout(after, first.places);
        mustNotOverlap(second, () => -1);
        const lanes = (drawing: Drawing) => new Map(drawing.lanes.map(({ name, top }) => [name, top]));
        const [was, is] = [lanes(first), lanes(second)];
        for (const [place, { id, band }] of before.boxes.entries()) {
          const now = after.boxes.findIndex((box) => box.id === id);
          const [a, b] = [first.boxes[place], second.boxes[now]];
          expect([b?.x, (b?.y ?? 0) - (is.get(band) ?? 0)]).toEqual([a?.x, (a?.y ?? 0) - (was.get(band) ?? 0)]);
        }
        // Handed its own places it is the same picture, and back without the late one as well.
        expect(layout(after, second.places).boxes).toEqual(second.boxes);
        expect(layout(before, second.places).boxes).toEqual(first.boxes);
      }),
    );
  });

  it('lays all out anew when more than one in twenty came since', () => {
    const rows = (count: number) =>
      estate(
        '',
        Array.from({ length: count }, (_, n) => component(randomId(n))),
      );
    const first = layout(pictureOf(rows(40)));
    const kept = layout(pictureOf(rows(42)), first.places);
    expect(kept.places.added).toBe(2);
    const anew = layout(pictureOf(rows(43)), kept.places);
    expect(anew.places.added).toBe(0);
    expect(anew.boxes).toEqual(layout(pictureOf(rows(43))).boxes);
  });

  it('is the same for the same picture', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const once = placed(pictureOf(twoLanes(edges)));
        expect(JSON.stringify(placed(pictureOf(twoLanes([...edges].reverse()))))).toBe(JSON.stringify(once));
      }),
    );
  });

  it('leads every line from its box to its box', () => {
    fc.assert(
      fc.property(randomEdges, groups, (edges, open) => {
        const picture = pictureOf(twoLanes(edges), { by: 'type', open });
        const { ways, boxes, lanes } = layout(picture);
        const bands = new Map(lanes.map((lane) => [lane.name, lane]));
        for (const [place, { from, to }] of picture.links.entries()) {
          const way = ways[place] ?? [];
          const lane = bands.get(picture.boxes[from]?.band ?? '');
          if (lane !== undefined && picture.boxes[to]?.band === lane.name)
            expect(way.every(({ y }) => y >= lane.top && y <= lane.top + lane.height)).toBe(true);
          for (const [end, box] of [
            [way[0], boxes[from]],
            [way.at(-1), boxes[to]],
          ] as const) {
            if (end === undefined || box === undefined) throw new Error('a line without an end');
            expect(end.x === box.x || end.x === box.x + box.w).toBe(true);
            expect(end.y > box.y && end.y < box.y + box.h).toBe(true);
          }
        }
      }),
    );
  });

  it('packs parts that nothing connects beside each other', () => {
    const chains = Array.from({ length: 24 }, (_, n) => `prod/app/a${n} -> prod/db/b${n} /x`).join('\n');
    const { boxes, width, height } = layout(pictureOf(estate(chains)));
    expect(new Set(boxes.map(({ x }) => x)).size).toBeGreaterThan(2);
    expect(width / height).toBeGreaterThan(0.7);
  });
});
