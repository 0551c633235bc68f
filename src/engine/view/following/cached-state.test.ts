import fc from 'fast-check';
import { expect, it } from 'vitest';
import { graphFrom } from '../../../graph/graph.ts';
import { hashRows } from '../../../model/merkle.ts';
import { makeRow, rowId } from '../../../model/rows.ts';
import { hashOfGraph } from './cached-state.ts';

const id = fc.constantFrom('a', 'b', 'c|d', 'dev/vpc/main', 'é');
const row = fc.oneof(
  fc.tuple(id, fc.nat()).map(([one, value]) => makeRow('component', one, { id: one, kind: 'component', value })),
  fc.tuple(id, id).map(([from, to]) => makeRow('reference', `${from}|${to}`, { from, to, consumes: [] })),
  fc
    .tuple(id, fc.nat(3))
    .map(([one, key]) => makeRow('finding', `cycle|${one}|${key}`, { code: 'cycle', subject: one })),
);

it('hashes a graph as its rows are hashed', () => {
  fc.assert(
    fc.property(fc.array(row), (some) => {
      const rows = [...new Map(some.map((one) => [rowId(one), one])).values()];
      const { hash, tree } = hashOfGraph(graphFrom(rows));
      const { hash: expected, bucketDigests } = hashRows(rows);
      expect(hash).toBe(expected);
      expect([...tree.digests].sort()).toEqual([...bucketDigests].sort());
    }),
  );
});
