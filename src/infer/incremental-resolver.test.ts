import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Claim } from '../model/claim.ts';
import { deltaBetween, type Row, rowId } from '../model/rows.ts';
import { arbitraryClaim, arbitraryEdits, ids } from './claims.fixture.ts';
import { IncrementalResolver } from './incremental-resolver.ts';
import type { ResolutionIndex } from './resolution-index.ts';
import { Resolver } from './resolver.ts';
import { findingRow } from './rows-of-claims.ts';

const verdicts = [
  { from: 'a', to: 'b', deny: true, reason: 'r' },
  { from: 'c', to: 'a', reason: 'r' },
];

/** Findings of the estate, some of them under names that components use too. */
const arbitraryEstate = fc.uniqueArray(
  fc
    .record({ subject: fc.constantFrom('estate', ...ids), message: fc.constantFrom('one', 'two') })
    .map((one) => findingRow({ code: 'dangling-reference', severity: 'info', key: 'k:dev:b', evidence: [], ...one })),
  { selector: rowId, maxLength: 3 },
);

function resolved(claims: Iterable<Claim>): Resolver {
  const resolver = new Resolver(verdicts);
  resolver.load(claims);
  return resolver;
}

function withEstate(resolver: Resolver, estate: readonly Row[]): Map<string, Row> {
  const rows = new Map(resolver.rows);
  for (const row of estate) rows.set(rowId(row), row);
  return rows;
}

it('leads from the rows before to those of a full resolution, whatever changed', () => {
  fc.assert(
    fc.property(
      fc.tuple(...ids.map((id) => fc.option(arbitraryClaim(id), { nil: undefined }))),
      arbitraryEdits,
      arbitraryEstate,
      fc.option(arbitraryEstate, { nil: undefined }),
      (claims, edits, estateBefore, estateAfter) => {
        const before = new Map(claims.flatMap((one) => (one === undefined ? [] : [[one.component.id, one] as const])));
        const changes = new Map(edits.flat());
        const after = new Map(before);
        for (const [id, one] of changes) {
          if (one === undefined) after.delete(id);
          else after.set(id, one);
        }
        const base = resolved(before.values());
        const rows = withEstate(base, estateBefore);
        const partial = new IncrementalResolver(
          {
            index: base.index(estateBefore),
            rows: {
              row: (name) => rows.get(name),
              referencesFrom: (id) => [...rows.keys()].filter((name) => name.startsWith(`reference|${id}|`)),
            },
            claimOf: (id) => {
              expect(changes.has(id)).toBe(false);
              return before.get(id);
            },
            verdicts,
          },
          changes,
        );
        const full = resolved(after.values());
        const estate = estateAfter ?? estateBefore;
        // Where the estate's rows are not told again, what denials say of them is not either.
        const kept = estateAfter === undefined ? new Map([...rows].filter(isDenial)) : new Map<string, Row>();
        const now = withEstate(full, estate);
        if (estateAfter === undefined) for (const name of [...now].filter(isDenial)) now.delete(name[0]);
        for (const [name, row] of kept) now.set(name, row);
        expect(partial.delta(estateAfter)).toEqual(deltaBetween(rows, now));
        expect(told(partial.nextIndex(estate))).toEqual(told(full.index(estate)));
      },
    ),
    { numRuns: 300 },
  );
});

/** What an index says, whatever the order of its pairs. */
function told({ seen, speakers, spokenOf, ...index }: ResolutionIndex): unknown {
  return {
    ...index,
    seen: Array.from({ length: seen.size }, (_, number) => JSON.stringify(seen.at(number))),
    pairs: Array.from(speakers, (speaker, at) => `${speaker} ${spokenOf[at]}`).sort(),
  };
}

function isDenial([, row]: readonly [string, Row]): boolean {
  return row.key.startsWith('denial-unmatched|');
}
