import { describe, expect, it } from 'vitest';
import { jsonSchemaOf } from '../../config/shape.ts';
import type { EngineContext } from '../context.ts';
import { ask, askUntyped, type VerbName, verbNamed, verbs } from './table.ts';

/** Nothing is opened: the queries here are refused, or need no estate. */
const context = {} as EngineContext;

function nested(depth: number): object {
  let value: object = {};
  for (let level = 0; level < depth; level += 1) value = { of: value };
  return value;
}

describe('the table of verbs', () => {
  it.each(Object.keys(verbs) as VerbName[])(
    '%s is there, says what it does, and has a schema for its query',
    async (name) => {
      const verb = await verbNamed(name);
      expect(verb.about).toMatch(/^[A-Z].*\.$/s);
      expect(jsonSchemaOf(verb.query)).toMatchObject({ type: 'object', additionalProperties: false });
    },
  );

  it('answers a typed query, and one from outside alike', async () => {
    const typed = await ask(context, 'explain', { code: 'cycle' });
    expect(typed.explanation.title).toBe('components that depend on each other');
    expect(await askUntyped(context, 'explain', { code: 'cycle' })).toEqual(typed);
  });

  it('does not compile with a member that the shape does not have', () => {
    // @ts-expect-error the member is called `code`
    const misspelt: Parameters<typeof ask<'explain'>>[2] = { kode: 'cycle' };
    // @ts-expect-error a depth is a number
    const wrong: Parameters<typeof ask<'impact'>>[2] = { of: ['vpc'], depth: 'two' };
    expect([misspelt, wrong]).toHaveLength(2);
  });

  it.each<[string, unknown, string]>([
    ['show', {}, 'the query lacks the key "id"'],
    ['show', { id: 'vpc', att: 'v1' }, 'unknown key "att"; did you mean "at"?'],
    ['impact', { of: 'vpc' }, '"of" must be a list, not a string'],
    ['impact', { depth: 0 }, '"depth" must be at least 1 and at most 1000'],
    ['shwo', {}, 'there is no verb `shwo`'],
    ['constructor', {}, 'there is no verb `constructor`'],
    ['config-edit', { id: 'vpc', set: { '/a': nested(150) } }, 'a value is nested deeper than 100 levels'],
    ['impact', nested(150), 'a value is nested deeper than 100 levels'],
  ])('refuses what does not fit: %s %j', async (name, query, message) => {
    await expect(askUntyped(context, name, query)).rejects.toThrow(message);
  });
});
