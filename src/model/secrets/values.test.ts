import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSecretKey } from './names.ts';
import { findSecrets, keySecrets, redact } from './values.ts';

describe('secrets in plain config', () => {
  test.each([
    'password',
    'db_password',
    'mongodb.password',
    'grafana_pass',
    'clientSecret',
    'apiKey',
    'secret_access_key',
  ])('%s names a secret', (key) => expect(isSecretKey(key)).toBe(true));

  test.each([
    'password_policy',
    'mongo_gen_token_param',
    'secret_arn',
    'key_name',
    'public_key',
    'token_ttl',
    'passage',
    '',
  ])('%s does not', (key) => expect(isSecretKey(key)).toBe(false));

  test('are found by key, by URI and by form', () => {
    const config = {
      mongo_uri: 'mongodb://user:hunter2@mongo.internal:27017/?replicaSet=rs0',
      connector: { 'mongodb.password': 'hunter2' },
      aws: ['AKIAABCDEFGHIJKLMNOP'],
      db_password: '/app/db/password',
      token: '${file:/run/secret}',
      password: '',
      homepage: 'https://example.com/a:b@c',
      password_enabled: true,
    };
    expect(findSecrets(config).map((one) => one.pointer)).toEqual([
      '/mongo_uri',
      '/connector/mongodb.password',
      '/aws/0',
    ]);
  });

  test('are shown redacted, the rest as it is', () => {
    const config = { uri: 'mongodb://user:hunter2@host/db', secret: { nested: 'x' }, pin: 1234, plain: 'y' };
    expect(redact(config, ['/pin'])).toEqual({
      uri: 'mongodb://user:(redacted)@host/db',
      secret: { nested: '(redacted)' },
      pin: '(redacted)',
      plain: 'y',
    });
  });

  test('a login as registries keep it: a pair in base64 under a key that says no more than auth', () => {
    const auth = Buffer.from('bob:hunter2').toString('base64');
    const config = { auths: { 'registry.example.com': { auth } }, auth: 'iam', other: { auth: 'oauth2authcode' } };
    expect(findSecrets(config).map((one) => one.pointer)).toEqual(['/auths/registry.example.com/auth']);
    expect(redact(config)).toEqual({ ...config, auths: { 'registry.example.com': { auth: '(redacted)' } } });
  });

  test('property: a planted secret is in no redacted or keyed copy', () => {
    const secret = 'S3cr3t-canary';
    const place = fc.constantFrom('password', 'api_key', 'db', 'list');
    fc.assert(
      fc.property(place, fc.jsonValue(), (where, other) => {
        const config = {
          other,
          [where]: where === 'db' ? { uri: `pg://a:${secret}@h` } : where === 'list' ? { token: [secret] } : secret,
        };
        expect(JSON.stringify(redact(config))).not.toContain(secret);
        expect(JSON.stringify(keySecrets(config, [], () => 'digest'))).not.toContain(secret);
      }),
    );
  });
});
