import { describe, expect, it } from 'vitest';
import { looksEncrypted, readAwsDump } from './aws-dump.ts';

const encrypted = `AQICAHh${'k3'.repeat(60)}==`;

describe('readAwsDump', () => {
  it('reads get-parameters-by-path', () => {
    const dump = JSON.stringify({
      Parameters: [
        {
          Name: '/iac/vpc/main/runtime',
          Type: 'String',
          Value: '{"vpc_id":"vpc-1"}',
          Version: 7,
          LastModifiedDate: '2026-01-02T03:04:05.678000+01:00',
          ARN: 'arn:aws:ssm:us-east-1:123456789012:parameter/iac/vpc/main/runtime',
          DataType: 'text',
        },
        { Name: '/iac/environment', Type: 'String', Value: 'prod', Version: 1, LastModifiedDate: 1700000000.5 },
      ],
    });
    expect(readAwsDump(dump)).toEqual({
      versions: [
        {
          name: '/iac/environment',
          type: 'String',
          value: 'prod',
          version: 1,
          modifiedAt: '2023-11-14T22:13:20.500Z',
          modifiedBy: 'unknown',
          labels: [],
        },
        {
          name: '/iac/vpc/main/runtime',
          type: 'String',
          value: '{"vpc_id":"vpc-1"}',
          version: 7,
          modifiedAt: '2026-01-02T02:04:05.678Z',
          modifiedBy: 'unknown',
          labels: [],
        },
      ],
      skipped: [],
    });
  });

  it('reads get-parameter-history, oldest first, with who and labels', () => {
    const version = (number: number) => ({
      Name: '/iac/a',
      Type: 'String',
      Value: `v${number}`,
      Version: number,
      LastModifiedDate: '2026-01-01T00:00:00Z',
      LastModifiedUser: 'arn:aws:iam::123456789012:user/ted',
      Labels: number === 1 ? ['released'] : [],
    });
    const { versions } = readAwsDump(JSON.stringify({ Parameters: [version(2), version(1)] }));
    expect(versions.map((one) => [one.version, one.labels, one.modifiedBy])).toEqual([
      [1, ['released'], 'arn:aws:iam::123456789012:user/ted'],
      [2, [], 'arn:aws:iam::123456789012:user/ted'],
    ]);
  });

  it('reads get-parameter and several documents in one array', () => {
    const one = { Name: '/iac/a', Type: 'String', Value: 'x', Version: 1, LastModifiedDate: '2026-01-01T00:00:00Z' };
    const text = JSON.stringify([
      { Parameter: one },
      { Parameters: [{ ...one, Name: '/iac/b' }] },
      { ...one, Name: '/iac/c' },
    ]);
    expect(readAwsDump(text).versions.map((version) => version.name)).toEqual(['/iac/a', '/iac/b', '/iac/c']);
  });

  it('passes over what it cannot take and says why', () => {
    const entries = [
      { Type: 'String', Value: 'x' },
      { Name: '/iac/sp ace', Type: 'String', Value: 'x', Version: 1 },
      { Name: '/iac/type', Type: 'Blob', Value: 'x', Version: 1 },
      { Name: '/iac/value', Type: 'String', Version: 1 },
      { Name: '/iac/version', Type: 'String', Value: 'x', Version: 0 },
      { Name: '/iac/time', Type: 'String', Value: 'x', Version: 1, LastModifiedDate: 'yesterday' },
    ];
    expect(readAwsDump(JSON.stringify({ Parameters: entries })).skipped).toEqual([
      { name: '?', reason: 'has no Name' },
      { name: '/iac/sp ace', reason: 'holds characters other than letters, digits and _ . - /' },
      { name: '/iac/type', reason: 'is of the unknown type Blob' },
      { name: '/iac/value', reason: 'has no Value' },
      { name: '/iac/version', reason: 'has no sound Version' },
      { name: '/iac/time', reason: 'has no LastModifiedDate' },
    ]);
  });

  it('refuses what is no dump without quoting it', () => {
    for (const text of ['planted-secret', '{"Parameters": planted-secret', '[1]', '{"Other":[]}', '']) {
      try {
        readAwsDump(text);
        expect.unreachable('this is no dump');
      } catch (error) {
        expect(error).toMatchObject({ code: 'KARMA_INPUT_INVALID' });
        expect(String(error)).not.toContain('planted');
      }
    }
  });

  it('knows a SecureString that was not decrypted', () => {
    expect(looksEncrypted(encrypted)).toBe(true);
    expect(looksEncrypted('AQICA is how it begins')).toBe(false);
  });
});
