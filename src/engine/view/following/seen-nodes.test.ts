import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type ByteSource, SectionFile, writeSections } from '../../../graph/section-file.ts';
import type { Seen } from '../../../infer/join-node.ts';
import { seenFrom, seenSections } from './seen-nodes.ts';

const text = fc.constantFrom('', 'vpc_id', 'é', '"', 'dev');
const list = fc.array(text, { maxLength: 3 });
const provide = fc.record(
  { key: text, runtime: text, outputs: list, exclusive: fc.boolean(), evidence: fc.record({ rule: text, site: text }) },
  { requiredKeys: ['key', 'runtime', 'evidence'] },
);
const seenNode = fc.tuple(text, fc.option(list), fc.option(text), fc.array(provide, { maxLength: 3 }));

it('gives back what others take from each node, to the letter', () => {
  fc.assert(
    fc.property(fc.array(seenNode, { maxLength: 5 }), (nodes: readonly Seen[]) => {
      const there = seenFrom(written(seenSections({ size: nodes.length, at: (number) => nodes[number] ?? none })));
      const back = Array.from({ length: there.size }, (_, number) => JSON.stringify(there.at(number)));
      expect(back).toEqual(nodes.map((node) => JSON.stringify(node)));
    }),
  );
});

const none: Seen = ['', null, null, []];

function written(sections: ReturnType<typeof seenSections>): SectionFile {
  const bytes = Buffer.concat(writeSections(new Map(sections)));
  const source: ByteSource = { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
  return new SectionFile(source);
}
