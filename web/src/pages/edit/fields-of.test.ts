import { expect, it } from 'vitest';
import { type Field, fieldsOf } from './fields-of.ts';

const told = (fields: readonly Field[]): unknown =>
  fields.map(({ name, kind, required, limits, fields: inner }) => [
    name,
    kind,
    ...(required ? ['required'] : []),
    ...(limits === '' ? [] : [limits]),
    ...(inner.length === 0 ? [] : [told(inner)]),
  ]);

/** As Karma writes it for a type of an Adage estate: what holds of a config that extends no other, and what of one that does. */
const adage = {
  properties: { $extends: { description: 'The component under this one.' }, port: { description: 'default: 5432' } },
  allOf: [
    {
      if: { required: ['$extends'] },
      else: { allOf: [{ $ref: '#/$defs/declared' }] },
    },
    {
      if: { not: { required: ['$extends'] } },
      else: { properties: { port: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }, required: ['elsewhere'] },
    },
  ],
  $defs: {
    declared: {
      properties: {
        port: { type: 'integer', minimum: 1024, maximum: 65535 },
        size: { enum: ['s', 'l'] },
        tags: { type: 'object', properties: { team: { type: 'string' } } },
        zones: { type: 'array' },
      },
      required: ['port'],
    },
  },
};

it('finds what a schema says of each key, wherever it says it', () => {
  expect(told(fieldsOf(adage, { port: 5432 }))).toEqual([
    ['port', 'number', 'required', '1024 to 65535'],
    ['size', 'choice'],
    ['tags', 'group', [['team', 'text']]],
    ['zones', 'json'],
  ]);
  expect(fieldsOf(adage, {}).find(({ name }) => name === 'port')?.about).toBe('default: 5432');
});

it('shows what is held as what it is, whatever the schema would have', () => {
  const config = {
    port: '${local.port}',
    size: 'xxl',
    secret: '(redacted)',
    network: { $unknown: 'an output of a dependency', place: 'dependency.network.outputs.id' },
    extra: { deep: [1] },
  };
  expect(told(fieldsOf(adage, config))).toEqual([
    ['port', 'text', 'required', '1024 to 65535'],
    ['size', 'text'],
    ['secret', 'fixed'],
    ['network', 'fixed'],
    ['extra', 'group', [['deep', 'json']]],
    ['tags', 'group', [['team', 'text']]],
    ['zones', 'json'],
  ]);
});

it('ends with a schema that holds itself', () => {
  const root = {
    $ref: '#/$defs/a',
    $defs: { a: { properties: { x: { type: 'object', allOf: [{ $ref: '#/$defs/a' }] } } } },
  };
  expect(fieldsOf(root, { x: { x: 1 } })).toHaveLength(1);
  const endless = { allOf: [{ $ref: '#/$defs/a' }], $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } } };
  expect(fieldsOf(endless, {})).toEqual([]);
});
