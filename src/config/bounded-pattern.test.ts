import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedPattern } from './bounded-pattern.ts';
import { schemaChecker } from './schema-check.ts';
import { secretsBySchema } from './schema-secrets.ts';
import { StepBudget, TooManySteps } from './step-budget.ts';

const long = `${'a'.repeat(5000)}!`;

describe('a pattern that has more ways than atoms', () => {
  it.each([
    ['^(a+)+$', long, false],
    ['^(a|a)*$', long, false],
    ['^(a|aa)+b?$', long, false],
    ['^([a-zA-Z0-9._-]+)*@x$', long, false],
    ['^(?:(?:a*)*)*!$', long, true],
    ['^((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+[A-Za-z]{2,6}$', `${'aa.'.repeat(1000)}1`, false],
    ['^((?!-)[A-Za-z0-9-]{1,63}(?<!-)\\.)+[A-Za-z]{2,6}$', `${'aa.'.repeat(1000)}com`, true],
    ['^(?=.*[A-Z])(?=.*\\d)(?:a*)*', `${long}A1`, true],
    ['(x+x+)+y', 'x'.repeat(500), false],
  ])('is answered all the same: %s', (pattern, text, fits) => {
    expect(boundedPattern(pattern, new StepBudget(2_000_000)).test(text)).toBe(fits);
  });

  it('is no pattern where it refers to what it matched before', () => {
    expect(() => boundedPattern('^(a+)\\1$', new StepBudget(1))).toThrow(/refers/);
  });

  it('stops where even that is too much', () => {
    expect(() => boundedPattern('(.*x)*(.*y)*(.*z)*!!', new StepBudget(100_000)).test('xyz'.repeat(5000))).toThrow(
      TooManySteps,
    );
  });
});

it('answers what JavaScript answers', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '[^a]',
    '.',
    '\\w',
    '\\b',
    '^',
    '$',
    '(?=a)',
    '(?!b)',
    '(?<=a)',
    '(?<!b.)',
    '\\u{61}',
    '💚',
  );
  const pattern = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      piece,
      fc.tuple(tie('any'), tie('any')).map(([one, other]) => `${one}${other}`),
      fc.tuple(tie('any'), tie('any')).map(([one, other]) => `(${one}|${other})`),
      fc
        .tuple(tie('any'), fc.constantFrom('*', '+?', '?', '{2}', '{0,2}', '{1,}'))
        .map(([one, times]) => `(?:${one})${times}`),
      tie('any').map((one) => `(?<!${one})b`),
    ),
  })).any;
  const texts = fc.array(fc.constantFrom('a', 'b', '-', '💚', '\n'), { maxLength: 6 }).map((all) => all.join(''));
  fc.assert(
    fc.property(pattern, texts, (source, text) => {
      const filled = `(?:${source})|(?:(?:c*)*)*!`;
      expect(boundedPattern(filled, new StepBudget(1_000_000)).test(text)).toBe(new RegExp(filled, 'u').test(text));
    }),
    { numRuns: 2000 },
  );
});

describe('a schema that asks for more than any machine has', () => {
  const doubled = Object.fromEntries(
    Array.from({ length: 60 }, (_one, i) => [
      `l${i}`,
      i === 59 ? { type: 'number' } : { allOf: [{ $ref: `#/$defs/l${i + 1}` }, { $ref: `#/$defs/l${i + 1}` }] },
    ]),
  );
  const deep = JSON.parse(`${'{"a":'.repeat(90)}1${'}'.repeat(90)}`) as unknown;
  const itself = { $ref: '#' };
  it.each([
    ['itself at the same value', { $ref: '#' }, {}],
    ['itself in branches', { anyOf: [itself, itself] }, {}],
    [
      'itself twice for each level',
      { properties: { a: { anyOf: [itself, { allOf: [itself] }] } }, required: ['b'] },
      deep,
    ],
    ['parts that lead to the next one twice', { $defs: doubled, $ref: '#/$defs/l0' }, {}],
    ['a pattern', { properties: { a: { pattern: '(.*x)*(.*y)*(.*z)*!!' } } }, { a: 'xyz'.repeat(20_000) }],
    [
      'every item against every other part',
      { properties: { a: { items: { anyOf: Array.from({ length: 2000 }, (_one, i) => ({ const: i })) } } } },
      { a: Array(20_000).fill('x') },
    ],
  ])('checks nothing, and says so: %s', (_what, schema, config) => {
    const checker = schemaChecker(schema);
    expect(checker.broken).toBeUndefined();
    expect(checker.check(config).map((one) => one.message)).toEqual([expect.stringContaining('more work')]);
  });

  it('and hides the whole config where it cannot be said what is a secret', () => {
    const wide = Object.fromEntries(Array.from({ length: 3000 }, (_one, i) => [`k${i}`, i]));
    const all = { allOf: Array.from({ length: 2000 }, () => ({ additionalProperties: { sensitive: true } })) };
    expect(secretsBySchema(all, wide)).toEqual(['']);
  });

  it('counts no item twice: `uniqueItems` of very many', () => {
    const many = Array.from({ length: 100_000 }, (_one, i) => ({ i }));
    const checker = schemaChecker({ properties: { a: { uniqueItems: true } } });
    expect(checker.check({ a: many })).toEqual([]);
    expect(checker.check({ a: [...many, { i: 5 }] }).map((one) => one.pointer)).toEqual(['/a']);
  });

  it('and a large config that is meant is checked', () => {
    const rule = { type: 'object', properties: { port: { type: 'integer' }, host: { pattern: '^[a-z.-]+$' } } };
    const checker = schemaChecker({ properties: { rules: { items: rule } } });
    const rules = Array.from({ length: 20_000 }, (_one, i) => ({ port: i, host: 'a.example.com' }));
    expect(checker.check({ rules })).toEqual([]);
    expect(checker.check({ rules: [...rules, { port: 'x' }] })).toHaveLength(1);
  });
});
