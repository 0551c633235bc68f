import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammar } from '../../../hcl/parse.ts';
import { sensitiveKeys } from './sensitive-keys.ts';
import { config, estateOf, publishing, read } from './small-estate.fixture.ts';

beforeAll(loadGrammar);

const canary = 'plain-canary';
const schema = {
  $defs: { pin: { type: 'string', writeOnly: true } },
  allOf: [{ properties: { first: { sensitive: true } } }],
  properties: { users: { items: { properties: { pin: { $ref: '#/$defs/pin' } } } } },
};
const value = { first: [canary], users: [{ pin: canary, name: 'a' }], name: 'b' };
const files = {
  'components/db/main.tf': publishing('locals { used = [local.config.first, local.config.users, local.config.name] }'),
  'schemas/db.schema.json': JSON.stringify(schema),
  ...config('prod/db/main', value),
};

describe('what a schema marks, however deep, ', () => {
  it('is in no claim in plain', () => {
    const claim = read(files).claims.get('prod/db/main');
    expect(claim?.evaluated).toMatchObject({ users: [{ name: 'a' }], name: 'b' });
    expect(JSON.stringify(claim)).not.toContain(canary);
  });

  it('is told to whoever runs it and to whoever shows it', () => {
    const pointers = ['/first', '/users/0/pin'];
    expect(read(files).claims.get('prod/db/main')?.run?.sensitive).toEqual(pointers);
    expect(sensitiveKeys(estateOf(files), 'db', value)).toEqual(pointers);
  });
});
