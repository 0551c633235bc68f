import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byCodeUnit, canonicalJson } from './digest.ts';

test.each<[value: unknown, text: string]>([
  [{ b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
  [{ '10': 1, '9': 2, a: 3 }, '{"10":1,"9":2,"a":3}'],
  [{ a: [{ z: 1, '2': { y: 1, x: 2 } }] }, '{"a":[{"2":{"x":2,"y":1},"z":1}]}'],
  [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
  [{ '\uFF5E': 1, '\u{1F600}': 2 }, '{"\u{1F600}":2,"\uFF5E":1}'],
  [JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}'), '{"__proto__":{"c":2,"d":1},"b":1}'],
  ['a"b', '"a\\"b"'],
  [undefined, 'null'],
])('%j is written as %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

/** As it is defined: keys sorted by code unit, at every level. */
function byDefinition(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(byDefinition).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => byCodeUnit(a, b));
  return `{${entries.map(([key, member]) => `${JSON.stringify(key)}:${byDefinition(member)}`).join(',')}}`;
}

test('equal values give equal bytes, whatever order their keys came in, and stay as they were', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const before = JSON.stringify(value);
      expect(canonicalJson(value)).toBe(byDefinition(value));
      expect(JSON.stringify(value)).toBe(before);
    }),
    { numRuns: 500 },
  );
});
