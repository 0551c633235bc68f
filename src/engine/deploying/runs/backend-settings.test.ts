import { describe, expect, it } from 'vitest';
import { backendArgument, handedToInit, unknownIn } from './backend-settings.ts';

describe('backendArgument', () => {
  it.each([
    ['eu-west-1', 'eu-west-1'],
    [true, 'true'],
    [3, '3'],
    [['111122223333'], '["111122223333"]'],
    [{ s3: 'http://127.0.0.1:5000' }, '{"s3":"http://127.0.0.1:5000"}'],
    [{ text: '${a} %{b}' }, '{"text":"$${a} %%{b}"}'],
    [null, undefined],
  ])('of %j is %j', (value, argument) => expect(backendArgument(value)).toBe(argument));
});

describe('handedToInit', () => {
  it('is all that the backend knows, objects and endpoint settings included', () => {
    const config = {
      bucket: 'b',
      skip_credentials_validation: true,
      endpoints: { s3: 'http://127.0.0.1:5000' },
      assume_role: { role_arn: 'arn:aws:iam::111122223333:role/state' },
      lock_table: 'locks',
      kms_key_id: null,
      skip_bucket_accesslogging: true,
      s3_bucket_tags: { team: 'shop' },
    };
    expect(handedToInit('s3', config)).toEqual({
      bucket: 'b',
      skip_credentials_validation: 'true',
      endpoints: '{"s3":"http://127.0.0.1:5000"}',
      assume_role: '{"role_arn":"arn:aws:iam::111122223333:role/state"}',
      dynamodb_table: 'locks',
    });
  });

  it('keeps for Terragrunt what the backend of that kind does not know', () => {
    expect(handedToInit('gcs', { bucket: 'b', prefix: 'p', project: 'shop', location: 'eu' })).toEqual({
      bucket: 'b',
      prefix: 'p',
    });
    expect(handedToInit('consul', { address: 'c', location: 'kept' })).toEqual({ address: 'c', location: 'kept' });
  });
});

describe('unknownIn', () => {
  it('finds what is not known at any depth', () => {
    const unknown = { $unknown: 'local.role' };
    expect(unknownIn({ bucket: 'b', endpoints: { s3: 'x' } })).toBeUndefined();
    expect(unknownIn({ bucket: unknown })).toBe('bucket');
    expect(unknownIn({ assume_role: { role_arn: unknown } })).toBe('assume_role.role_arn');
    expect(unknownIn(unknown)).toBe('');
  });
});
