import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementId, long, text } from './literal.ts';

/** Reads a string literal as the grammar of Gremlin does. */
function read(literal: string): string {
  expect(literal).toMatch(/^'(?:[^'\\\r\n]|\\(?:[btnfr"'\\]|u[0-9a-fA-F]{4}))*'$/);
  return literal
    .slice(1, -1)
    .replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, hex: string | undefined, escaped: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      return { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r' }[escaped ?? ''] ?? escaped ?? '';
    });
}

describe('text', () => {
  it('is one literal, whatever it holds, and reads back the same', () => {
    const hostile = fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '{', '}', '\n', '\r', '\u0000', '😀', 'a', ')'),
    });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'binary' })), (value) => {
        fc.pre(value.isWellFormed());
        expect(read(text(value))).toBe(value);
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses half a character', () => {
    expect(() => text('a\ud83d')).toThrow(expect.objectContaining({ code: 'KARMA_INPUT_INVALID' }));
  });
});

describe('long', () => {
  it('writes whole numbers that plain JSON carries, and no others', () => {
    expect(long(42)).toBe('42L');
    for (const value of [1.5, Number.NaN, 2 ** 53]) expect(() => long(value)).toThrow();
  });
});

describe('elementId', () => {
  it('gives different parts different ids', () => {
    const part = fc.string({ unit: fc.constantFrom('|', '%', '7', 'C', '2', '5', 'a') });
    const parts = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(elementId(...a) === elementId(...b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});
