import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BatchReader } from './batch-reader.ts';

type Answer = readonly [kind: 'text' | 'large' | 'missing', oid: string, text?: string];

function read(chunks: readonly Buffer[], limit?: number): Answer[] {
  const answers: Answer[] = [];
  const reader = new BatchReader(
    {
      text: (oid, text) => answers.push(['text', oid, text]),
      tooLarge: (oid) => answers.push(['large', oid]),
      missing: (oid) => answers.push(['missing', oid]),
    },
    limit,
  );
  for (const chunk of chunks) reader.push(chunk);
  return answers;
}

/** Objects as `cat-file --batch` prints them; a size beyond the limit, a missing one, newlines in bodies. */
const objects = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant(undefined)), {
  maxLength: 8,
});

test('the stream gives the same in pieces of any size', () => {
  fc.assert(
    fc.property(objects, fc.integer({ min: 1, max: 30 }), (bodies, step) => {
      const stream = Buffer.concat(
        bodies.map((body, index) => {
          if (body === undefined) return Buffer.from(`${index} missing\n`);
          const bytes = Buffer.from(body);
          return Buffer.concat([Buffer.from(`${index} blob ${bytes.length}\n`), bytes, Buffer.from('\n')]);
        }),
      );
      const chunks = Array.from({ length: Math.ceil(stream.length / step) }, (_, n) =>
        stream.subarray(n * step, (n + 1) * step),
      );
      const limit = 20;
      const expected = bodies.map((body, index): Answer => {
        if (body === undefined) return ['missing', String(index)];
        if (Buffer.byteLength(body) + 1 > limit) return ['large', String(index)];
        return ['text', String(index), body];
      });
      expect(read(chunks, limit)).toEqual(expected);
    }),
  );
});
