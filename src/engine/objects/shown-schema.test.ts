import { expect, it } from 'vitest';
import { shownSchema } from './shown-schema.ts';

it('tells no secret by example, and nothing else is lost', () => {
  const schema = {
    type: 'object',
    properties: {
      db_password: { type: 'string', default: 'hunter2!', description: 'of the database' },
      token: { anyOf: [{ const: 'abc' }, { type: 'null' }] },
      login: { properties: { password: { enum: ['a', 'b'] }, user: { default: 'bob' } }, default: { password: 'x1' } },
      url: { type: 'string', default: 'https://bob:hunter2@example.com/' },
      default: { type: 'string', default: 'plain' },
      zone: { enum: ['a', 'b'] },
    },
    required: ['db_password'],
  };
  expect(shownSchema(schema)).toEqual({
    type: 'object',
    properties: {
      db_password: { type: 'string', description: 'of the database' },
      token: { anyOf: [{}, { type: 'null' }] },
      login: { properties: { password: {}, user: { default: 'bob' } }, default: { password: '(redacted)' } },
      url: { type: 'string', default: 'https://bob:(redacted)@example.com/' },
      default: { type: 'string', default: 'plain' },
      zone: { enum: ['a', 'b'] },
    },
    required: ['db_password'],
  });
});
