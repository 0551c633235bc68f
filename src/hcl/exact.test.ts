import { beforeAll, describe, expect, it } from 'vitest';
import { definitionOf } from './definition.ts';
import { evaluate } from './evaluate.ts';
import { loadGrammar, parseExpression } from './parse.ts';
import { isUnknown, Unknown } from './value.ts';

const scope = { lookup: (name: string) => (name === 'vpc' ? Unknown.at('vpc') : name === 'x' ? 'x' : undefined) };

beforeAll(loadGrammar);

describe('an unknown that its place or text says all about', () => {
  it.each([
    ['vpc.id', true],
    ['vpc.subnets[0].id', true],
    ['vpc["a"]', true],
    ['nonsensitive(vpc.id)', true],
    ['"${vpc.id}"', true],
    ['"a-${vpc.id}-${x}"', true],
    ['jsondecode(vpc.value).id', false],
    ['upper(vpc.id)', false],
    ['"a-${upper(vpc.id)}"', false],
    ['try(vpc.id, "none")', false],
    ['"a-${try(vpc.id, 1)}"', false],
    ['lookup(vpc.tags, "a", "b")', false],
    ['coalesce(vpc.id, "b")', false],
    ['vpc.on ? "a" : "b"', false],
    ['vpc.on ? vpc.a : vpc.b', false],
    ['vpc[vpc.key]', false],
    ['vpc.count + 1', false],
  ])('%s: %s', (source, exact) => {
    const value = evaluate(parseExpression(source), scope);
    expect(isUnknown(value) && value.exact).toBe(exact);
  });
});

describe('a number with more digits than are computed with', () => {
  const definition = (source: string) => definitionOf(evaluate(parseExpression(source), scope));
  it.each([
    ['9007199254740993', '9007199254740992'],
    ['-9007199254740993', '-9007199254740992'],
    ['0.10000000000000000001', '0.1'],
    ['upper("a-${9007199254740993}")', 'upper("a-${9007199254740995}")'],
    ['[jsondecode("{\\"a\\":9007199254740993}").a]', '[jsondecode("{\\"a\\":9007199254740992}").a]'],
    ['9007199254740993 + 1', '9007199254740992 + 1'],
    ['yamldecode("a: 9007199254740993").a', 'yamldecode("a: 9007199254740992").a'],
  ])('%s is not %s', (one, other) => {
    expect(definition(one)).not.toBe(definition(other));
    expect(definition(one)).toBe(definition(one));
  });
});
