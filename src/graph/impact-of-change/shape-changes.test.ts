import { describe, expect, it } from 'vitest';
import type { OutputShape } from '../../model/output-shape.ts';
import { meets, shapeChanges } from './shape-changes.ts';

const text: OutputShape = { kind: 'string' };
const unknown: OutputShape = { kind: 'unknown' };
const object = (members: Record<string, OutputShape>, open = false): OutputShape => ({
  kind: 'object',
  members: new Map(Object.entries(members)),
  open,
});
const list = (item: OutputShape): OutputShape => ({ kind: 'list', item });
const json = (holds: OutputShape): OutputShape => ({ kind: 'json', holds });

describe('shapeChanges', () => {
  it.each<[string, OutputShape, OutputShape, string[]]>([
    ['another kind', list(text), object({}, true), ['/o list becomes map']],
    ['a text that comes to hold JSON', text, json(object({})), []],
    ['JSON that is no text any more', json(object({})), list(text), ['/o string becomes list']],
    ['a member that goes', object({ a: text, b: text }), object({ b: text }), ['/o/a member a is gone']],
    ['a member that comes', object({ a: text }), object({ a: text, b: text }), []],
    ['a member that may still be there', object({ a: text }), object({}, true), []],
    ['a member of JSON', json(object({ a: text })), json(object({})), ['/o/a in its JSON member a is gone']],
    ['a member of items', list(object({ a: text })), list(object({})), ['/o/*/a of its items member a is gone']],
    [
      'deep',
      object({ a: object({ b: text }) }),
      object({ a: object({ b: list(text) }) }),
      ['/o/a/b member a member b string becomes list'],
    ],
    ['unknown before', unknown, text, []],
    ['unknown after', list(text), unknown, []],
    ['null', text, { kind: 'null' }, []],
    ['unknown items', list(unknown), list(text), []],
  ])('%s', (_, before, after, told) => {
    expect(shapeChanges('o', before, after).map(({ pointer, change }) => `${pointer} ${change}`)).toEqual(told);
  });
});

describe('meets', () => {
  it.each([
    ['/o', '/o/a', true],
    ['/o/a/x', '/o/a', true],
    ['/o/b', '/o/a', false],
    ['/o/0/a', '/o/*/a', true],
    ['/o/0/b', '/o/*/a', false],
    ['*', '/o/a', true],
    ['/other', '/o', false],
  ])('a reader of %s, a change at %s: %s', (read, changed, met) => {
    expect(meets(read, changed)).toBe(met);
  });
});
