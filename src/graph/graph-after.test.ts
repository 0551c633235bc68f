import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deltaBetween, type Row, rowId } from '../model/rows.ts';
import { bytesInMemory } from './bytes-in-memory.fixture.ts';
import { headOf } from './component-heads.ts';
import { type Graph, graphFrom } from './graph.ts';
import { graphAfter } from './graph-after.ts';
import { SectionFile, writeSections } from './section-file.ts';
import { graphFromSections, graphSections } from './snapshot.ts';
import { component, finding, reference, type } from './testing/small-estate.ts';

const ids = ['a', 'b', 'b|c', 'c', 'd/é', 'e'];
const id = fc.constantFrom(...ids);
const spots = [{ code: 'x', site: 's' }];
const row: fc.Arbitrary<Row> = fc.oneof(
  fc.record({ id, blind: fc.boolean() }).map((one) => component(one.id, one.blind ? { blindSpots: spots } : {})),
  fc.record({ id, digest: fc.constantFrom('1', '2') }).map((one) => component(one.id, { configDigest: one.digest })),
  fc
    .record({ from: id, to: id, consumes: fc.subarray(['/x', '/y']) })
    .map((one) => reference(one.from, one.to, one.consumes)),
  fc.record({ id, message: fc.constantFrom('m', 'n') }).map((one) => finding('f', one.id, { message: one.message })),
  id.map((key) => type(key)),
);
const rows = fc.uniqueArray(row, { selector: rowId, maxLength: 25 });

function written(graph: Graph): Uint8Array {
  return Buffer.concat(writeSections(graphSections(graph)));
}

it('equals the graph of all rows, byte for byte, whether the base is in memory or kept', () => {
  fc.assert(
    fc.property(rows, rows, fc.boolean(), (before, after, kept) => {
      const named = (all: readonly Row[]) => new Map(all.map((one) => [rowId(one), one]));
      const made = graphFrom(before);
      const base = kept ? graphFromSections(new SectionFile(bytesInMemory(written(made)))) : made;
      const followed = graphAfter(base, deltaBetween(named(before), named(after)));
      const full = graphFrom(after);
      expect([...followed.rows()]).toEqual([...full.rows()]);
      expect(followed.ids).toEqual(full.ids);
      expect(written(followed)).toEqual(written(full));
      const heads = (graph: Graph) => graph.ids.map((_, node) => graph.head(node));
      expect(heads(followed)).toEqual(full.ids.map((_, node) => headOf(full.component(node))));
      for (const one of ids) expect(followed.node(one)).toBe(full.node(one));
    }),
    { numRuns: 400 },
  );
});
