import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesInMemory, SectionFile, writeSections } from '../graph/section-file.ts';
import { readerSections, readersFromSections } from './reader-index.ts';

describe('a kept index of readers', () => {
  it('answers as the one it was made from, for what is in it and what is not', () => {
    const ids = ['a', 'b', 'live/ü'];
    const places = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.subarray(ids), { maxKeys: 30 });
    fc.assert(
      fc.property(places, fc.array(fc.string()), (entries, others) => {
        const index = new Map(Object.entries(entries));
        const file = new SectionFile(bytesInMemory(Buffer.concat(writeSections(readerSections(index, ids)))));
        const kept = readersFromSections(file, ids);
        for (const place of [...index.keys(), ...others]) expect(kept.get(place)).toEqual(index.get(place));
        expect(new Map(kept)).toEqual(index);
      }),
    );
  });
});
