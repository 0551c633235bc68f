import { beforeAll, describe, expect, it } from 'vitest';
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
