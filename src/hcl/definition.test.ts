import { beforeAll, describe, expect, it } from 'vitest';
import { definitionOf } from './definition.ts';
import { evaluate } from './evaluate.ts';
import { loadGrammar, parseExpression } from './parse.ts';
import { Unknown, type Value } from './value.ts';

const scope = { lookup: (name: string): Value | undefined => (name === 'vpc' ? Unknown.at('vpc') : undefined) };
const define = (source: string): string | undefined => definitionOf(evaluate(parseExpression(source), scope));

beforeAll(loadGrammar);

describe('what a value known after a run is computed from', () => {
  it.each([
    'upper(vpc.id)',
    'format("%s-%s", "a", vpc.id)',
    '"a-${upper(vpc.id)}"',
    'try(vpc.id, "none")',
    'lookup(vpc.tags, "a", "b")',
    'vpc.on ? "a" : "b"',
    'vpc[vpc.key]',
    'vpc.count + 1',
    '!vpc.on',
    'merge({ a = 1 }, vpc.tags)',
    'vpc.subnets[*].id',
    'jsondecode(vpc.value).id',
    '[for x in ["a", "b"] : "${x}-${vpc.id}"]',
  ])('%s is told', (source) => {
    expect(define(source)).toBeTypeOf('string');
    expect(define(source)).toBe(define(` ${source} `));
  });

  it.each(['uuid()', '"${timestamp()}-${vpc.id}"', '[for x in vpc.all : x.id if x.on]', 'bcrypt(vpc.id)'])(
    '%s cannot be told',
    (source) => {
      expect(define(source)).toBeUndefined();
    },
  );

  it.each([
    ['upper(vpc.id)', 'lower(vpc.id)'],
    ['upper(vpc.id)', 'upper(vpc.other)'],
    ['format("%s-%s", "a", vpc.id)', 'format("%s-%s", "b", vpc.id)'],
    ['"a-${upper(vpc.id)}"', '"b-${upper(vpc.id)}"'],
    ['try(vpc.id, "none")', 'try(vpc.id, "some")'],
    ['try(vpc.id, "none")', 'vpc.id'],
    ['vpc.on ? "a" : "b"', 'vpc.on ? "b" : "a"'],
    ['vpc.count + 1', 'vpc.count - 1'],
    ['merge({ a = 1 }, vpc.tags)', 'merge({ a = "1" }, vpc.tags)'],
    ['merge({ a = 1 }, vpc.tags)', 'merge(vpc.tags, { a = 1 })'],
    ['join(",", toset(["a"]), vpc.all)', 'join(",", ["a"], vpc.all)'],
    ['jsondecode(vpc.value).id', 'jsondecode(vpc.value).arn'],
    ['jsondecode(vpc.value).id', 'jsondecode(vpc.value)'],
    ['vpc.subnets[*].id', 'vpc.subnets[*].arn'],
    ['"${vpc.a}${vpc.b}"', '"${vpc.b}${vpc.a}"'],
  ])('%s is not %s', (one, other) => {
    expect(define(one)).not.toBe(define(other));
  });
});
