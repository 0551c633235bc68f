import { describe, expect, it } from 'vitest';
import { secretsBySchema } from './schema-secrets.ts';

const secret = { type: 'string', writeOnly: true };

describe('what a schema marks as secret', () => {
  it.each<[what: string, schema: unknown, value: unknown, found: readonly string[]]>([
    ['the whole', { sensitive: true }, { a: 1 }, ['']],
    ['a property', { properties: { 'a/b': secret } }, { 'a/b': 'x', c: 'y' }, ['/a~1b']],
    ['a property that is not set', { properties: { a: secret } }, {}, []],
    ['each item', { properties: { users: { items: secret } } }, { users: ['x', 'y'] }, ['/users/0', '/users/1']],
    ['a key of each item', { items: { properties: { pin: secret } } }, [{ pin: 1 }, {}], ['/0/pin']],
    ['one item by its place', { prefixItems: [{}, secret] }, ['x', 'y', 'z'], ['/1']],
    ['items behind those by place', { prefixItems: [{}], items: secret }, ['x', 'y'], ['/1']],
    ['items by place, as older drafts write it', { items: [{}, secret], additionalItems: {} }, ['x', 'y'], ['/1']],
    ['a definition', { $defs: { s: secret }, properties: { a: { $ref: '#/$defs/s' } } }, { a: 'x' }, ['/a']],
    ['an anchor', { $defs: { s: { ...secret, $anchor: 's' } }, properties: { a: { $ref: '#s' } } }, { a: 'x' }, ['/a']],
    ['a name', { $defs: { s: { ...secret, $id: 's' } }, properties: { a: { $ref: 's' } } }, { a: 'x' }, ['/a']],
    ['all of', { allOf: [{ properties: { a: secret } }, { properties: { b: secret } }] }, { a: 1, b: 2 }, ['/a', '/b']],
    ['any of', { properties: { a: { anyOf: [{ type: 'object' }, secret] } } }, { a: 'x' }, ['/a']],
    ['one that depends', { if: {}, else: { properties: { a: secret } } }, { a: 'x' }, ['/a']],
    ['a pattern', { patternProperties: { '^k_': secret }, additionalProperties: {} }, { k_1: 'x', l: 'y' }, ['/k_1']],
    ['a broken pattern', { patternProperties: { '(': secret } }, { a: 'x' }, ['/a']],
    ['all other keys', { properties: { a: {} }, additionalProperties: secret }, { a: 'x', b: 'y' }, ['/b']],
    ['a reference to nowhere', { properties: { a: { $ref: '#/$defs/none' } } }, { a: 'x' }, []],
    ['no schema', true, { a: 'x' }, []],
    ['a mark that is none', { properties: { a: { writeOnly: 'true' } } }, { a: 'x' }, []],
  ])('%s', (_what, schema, value, found) => {
    expect(secretsBySchema(schema, value)).toEqual(found);
  });

  it('goes as deep as the value, where the schema leads back to itself', () => {
    const schema = { properties: { pin: secret, inner: { $ref: '#' } }, $ref: '#' };
    expect(secretsBySchema(schema, { pin: 1, inner: { inner: { pin: 2 } } })).toEqual(['/pin', '/inner/inner/pin']);
  });
});
