import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory } from '../../../graph/bytes-in-memory.fixture.ts';
import { SectionFile, writeSections } from '../../../graph/section-file.ts';
import type { Claim } from '../../../model/claim.ts';
import { placeIndex, readerIndex } from './places.ts';
import { cachedReaders, placeSections, placesFrom } from './reader-index.ts';

const ids = ['a', 'b', 'live/ü'];
const name = fc.oneof(fc.constantFrom('x.hcl', 'y', 'live/', 'live/**'), fc.string({ unit: 'grapheme' }));
const reads = fc.record({
  files: fc.dictionary(name, fc.option(fc.constantFrom('1', '2'))),
  folders: fc.dictionary(name, fc.constant('3')),
  environment: fc.dictionary(name, fc.constant(null)),
  parameters: fc.dictionary(name, fc.constant(1)),
});

describe('a cached index of places', () => {
  it('answers as the one it was made from, also with changes on top', () => {
    const changes = fc.uniqueArray(
      fc.tuple(fc.constantFrom(...ids), fc.array(fc.constantFrom('fx.hcl', 'fnew', 'eA'))),
      {
        selector: ([id]) => id,
      },
    );
    fc.assert(
      fc.property(fc.tuple(reads, reads, reads), changes, fc.array(name), (sets, changed, others) => {
        const claims = sets.map((readSet, at) => ({ component: { id: ids[at] }, readSet }) as unknown as Claim);
        const index = placeIndex(claims, ids);
        const file = new SectionFile(bytesInMemory(Buffer.concat(writeSections(placeSections(index)))));
        expect(placesFrom(file, ids)).toEqual(index);
        const [kept, made] = [cachedReaders(file, ids, new Map(changed)), readerIndex(index, new Map(changed))];
        expect(new Map(kept)).toEqual(new Map(made));
        for (const path of [...[...made].map(([path]) => path), ...others])
          expect(kept.get(path)).toEqual(made.get(path));
      }),
    );
  });
});
