import { describe, expect, it } from 'vitest';
import { breaks } from '../../scripts/schemas/breaks.ts';

const text = { type: 'string' };
const number = { type: 'number' };
const object = (properties: object, required: readonly string[] = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
});
const list = (items: object) => ({ type: 'array', items });
const row = object({ id: text, uses: number });

describe('a schema that somebody relies on', () => {
  it.each<[what: string, before: object, after: object]>([
    ['a member is added', row, object({ id: text, uses: number, more: text })],
    ['a member that may be absent is added', row, object({ id: text, uses: number, more: text }, ['id', 'uses'])],
    ['a member is always there now', object({ id: text }, []), object({ id: text })],
    ['a word is added', { enum: ['a'] }, { enum: ['a', 'b'] }],
    ['one word becomes several', { const: 'a' }, { enum: ['a', 'b'] }],
    ['an alternative of the same kind is added', { anyOf: [row] }, { anyOf: [row, object({ other: text })] }],
  ])('holds where %s', (_what, before, after) => {
    expect(breaks({ ...object({ in: list(before) }) }, { ...object({ in: list(after) }) })).toEqual([]);
  });

  it.each<[what: string, before: object, after: object, broken: string]>([
    ['a member is renamed', row, object({ name: text, uses: number }), '.in[].id is gone'],
    ['a member is retyped', row, object({ id: number, uses: number }), '.in[].id was string, and is number'],
    ['a member may be absent now', row, object({ id: text, uses: number }, ['id']), '.in[].uses may be absent now'],
    ['a word is gone', { enum: ['a', 'b'] }, { enum: ['b', 'c'] }, '.in[] does not say "a" any more'],
    ['it may be something else now', text, { anyOf: [text, number] }, '.in[] may be number now'],
    ['one of two is gone', { anyOf: [text, number] }, { anyOf: [text] }, '.in[] is never number any more'],
  ])('breaks where %s', (_what, before, after, broken) => {
    expect(breaks(object({ in: list(before) }), object({ in: list(after) }))).toEqual([broken]);
  });

  it('is followed through its names, also where one holds itself', () => {
    const tree = (member: object) => ({
      ...object({ top: { $ref: '#/$defs/Cause' } }),
      $defs: { Cause: object({ ...member, causes: list({ $ref: '#/$defs/Cause' }) }) },
    });
    expect(breaks(tree({ text }), tree({ text, more: text }))).toEqual([]);
    expect(breaks(tree({ text }), tree({ words: text }))).toEqual(['.top.text is gone']);
  });
});
