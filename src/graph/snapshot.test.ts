import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from './bytes-in-memory.fixture.ts';
import { headOf } from './component-heads.ts';
import { type Graph, graphFrom } from './graph.ts';
import { SectionFile, writeSections } from './section-file.ts';
import { graphFromSections, graphSections } from './snapshot.ts';
import { component, estate, finding, randomEdges, randomGraph, reference, type } from './testing/small-estate.ts';

function encodeSnapshot(graph: Graph): Uint8Array {
  return Buffer.concat(writeSections(graphSections(graph)));
}

function decodeSnapshot(bytes: Uint8Array): Graph {
  return graphFromSections(new SectionFile(bytesInMemory(bytes)));
}

describe('a snapshot', () => {
  it('gives back every row and the same adjacency', () => {
    fc.assert(
      fc.property(randomEdges, (edges) => {
        const graph = randomGraph(edges);
        const read = decodeSnapshot(encodeSnapshot(graph));
        expect([...read.rows()]).toEqual([...graph.rows()]);
        expect(read.adjacency).toEqual(graph.adjacency);
        expect(read.ids).toEqual(graph.ids);
        expect([...read.orderOnly]).toEqual([...graph.orderOnly]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps texts that are not ASCII, notes, and nodes without a row', () => {
    const rows = [
      component('a/é/😀'),
      reference('a/é/😀', 'gone', ['/ü']),
      finding('cycle', 'a/é/😀', { message: 'größer' }),
      type('modules/x'),
    ];
    const read = decodeSnapshot(encodeSnapshot(graphFrom(rows)));
    expect(read.findings()[0]?.message).toBe('größer');
    expect(read.consumes(0)).toEqual(['/ü']);
    expect(read.component(read.node('gone') ?? -1).external).toBe(true);
    expect(read.component(read.node('a/é/😀') ?? -1).nickname).toBe('😀');
  });

  it('tells the heads of components as their rows do, account and owner where there are any', () => {
    const rows = [
      component('a', { attributes: { account: '1', owner: '' }, environment: 'é\0' }),
      component('b', { external: true, module: 'm', kind: 'parameter' }),
      reference('a', 'gone', []),
    ];
    const read = decodeSnapshot(encodeSnapshot(graphFrom(rows)));
    for (const node of read.ids.keys()) expect(read.head(node)).toEqual(headOf(read.component(node)));
    expect(read.head(0)).toMatchObject({ account: '1', owner: '', environment: 'é\0', external: false });
    expect(read.head(1)).toMatchObject({ account: undefined, owner: undefined, external: true, module: 'm' });
  });

  it('works for an empty graph, and from bytes that start anywhere', () => {
    expect(decodeSnapshot(encodeSnapshot(graphFrom([]))).size).toBe(0);
    const bytes = encodeSnapshot(estate('a -> b /x'));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSnapshot(shifted.subarray(1)).ids).toEqual(['a', 'b']);
  });

  it('is read beyond one block', () => {
    const rows = Array.from({ length: 400 }, (_, at) => finding(`cycle`, `a${at}`, { message: 'é'.repeat(at * 3) }));
    const read = decodeSnapshot(encodeSnapshot(graphFrom(rows)));
    expect([...read.rows()]).toEqual([...graphFrom(rows).rows()]);
  });

  it('is refused when cut off or changed anywhere that is looked at', () => {
    const bytes = encodeSnapshot(estate('a -> b /x'));
    const whole = [...decodeSnapshot(bytes).rows()];
    const outcome = (broken: Uint8Array): unknown => {
      try {
        const graph = decodeSnapshot(broken);
        return [graph.adjacency.edgeTo, graph.ids, [...graph.rows()]];
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : error;
      }
    };
    expect(outcome(bytes.subarray(0, bytes.length - 8))).toBe('KARMA_DATA_CORRUPT');
    expect(outcome(new Uint8Array(3))).toBe('KARMA_DATA_CORRUPT');
    const padding = [new Uint32Array([1]), ['a', 'b'], whole];
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const broken = Uint8Array.from(bytes);
        broken[offset] = (broken[offset] ?? 0) ^ flip;
        // Between two sections there may be a few bytes that mean nothing.
        const told = outcome(broken);
        if (told !== 'KARMA_DATA_CORRUPT') expect(told).toEqual(padding);
      }),
      { numRuns: 500 },
    );
  });
});
