import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from './lines.ts';

function split(chunks: readonly Uint8Array[], longest?: number): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line), longest);
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

describe('splitting a stream into lines', () => {
  it('gives the same lines however the bytes are cut, also inside a character', () => {
    const text = fc.array(fc.string({ unit: 'grapheme' }).map((line) => line.replaceAll(/[\r\n]/g, '')));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (lines, size) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(split(chunks)).toEqual(lines);
      }),
    );
  });

  it('cuts off a line without end, and goes on behind it', () => {
    const long = Buffer.from('x'.repeat(50));
    const lines = split([long, long, long, Buffer.from('\nnext\n')], 100);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('(line cut off)');
    expect(lines[1]).toBe('next');
  });

  it('hands on the last line without its break, and takes a carriage return away', () => {
    expect(split([Buffer.from('a\r\nb')])).toEqual(['a', 'b']);
  });
});
