import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphFrom } from './graph.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot.ts';
import { component, estate, finding, randomEdges, randomGraph, reference, type } from './testing/small-estate.ts';

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

  it('works for an empty graph, and from bytes that start anywhere', () => {
    expect(decodeSnapshot(encodeSnapshot(graphFrom([]))).size).toBe(0);
    const bytes = encodeSnapshot(estate('a -> b /x'));
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(decodeSnapshot(shifted.subarray(1)).ids).toEqual(['a', 'b']);
  });

  it('is refused when cut off, changed anywhere or of another format', () => {
    const bytes = encodeSnapshot(estate('a -> b /x'));
    const code = (broken: Uint8Array): unknown => {
      try {
        decodeSnapshot(broken);
        return 'read';
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : error;
      }
    };
    expect(code(bytes.subarray(0, bytes.length - 4))).toBe('KARMA_DATA_CORRUPT');
    expect(code(new Uint8Array(3))).toBe('KARMA_DATA_CORRUPT');
    expect(code(Uint8Array.from(bytes).fill(9, 4, 5))).toBe('KARMA_DATA_NEWER');
    fc.assert(
      fc.property(fc.nat(bytes.length - 17), fc.integer({ min: 1, max: 255 }), (offset, flip) => {
        const broken = Uint8Array.from(bytes);
        broken[16 + offset] = (broken[16 + offset] ?? 0) ^ flip;
        return code(broken) === 'KARMA_DATA_CORRUPT';
      }),
    );
  });
});
