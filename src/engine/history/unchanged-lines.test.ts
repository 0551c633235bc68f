import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unchangedLines } from './unchanged-lines.ts';

describe('lines that a newer text keeps', () => {
  it.each<[string, string, readonly (number | null)[]]>([
    ['a\nb\nc\n', 'a\nb\nc\n', [1, 2, 3]],
    ['a\nb\nc\n', 'a\nx\nc\n', [1, null, 3]],
    ['a\nb\nc\n', 'x\na\nb\nc\ny\n', [null, 1, 2, 3, null]],
    ['a\nb\nc\n', 'a\nc\n', [1, 3]],
    ['a\n', '  a\n', [1]],
    ['a\nb\nc\nd\n', 'a\nc\nb\nd\n', [1, 3, null, 4]],
  ])('%j then %j', (before, after, lines) => {
    expect(unchangedLines(before, after)).toEqual(lines);
  });

  it('are the same line there and here, in the same order', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const kept = unchangedLines(`${before.join('\n')}\n`, `${after.join('\n')}\n`);
        expect(kept).toHaveLength(after.length);
        let last = 0;
        for (const [at, line] of kept.entries()) {
          if (line === null || line === undefined) continue;
          expect(before[line - 1]).toBe(after[at]);
          expect(line).toBeGreaterThan(last);
          last = line;
        }
      }),
    );
  });
});
