import { describe, expect, it } from 'vitest';
import { leastPolicy } from './least-policy.ts';

const account = { region: 'eu-central-1', account: '123456789012' };
const actions = (use: Parameters<typeof leastPolicy>[0]) =>
  leastPolicy(use).Statement.flatMap((statement) => statement.Action);

describe('leastPolicy', () => {
  it('asks for nothing where nothing lies on AWS', () => {
    expect(leastPolicy({}).Statement).toEqual([]);
  });

  it('gives no right to write or decrypt to who only reads', () => {
    const read = { parameters: [{ ...account, prefix: '/iac', write: false }] };
    expect(actions(read)).not.toContain('ssm:PutParameter');
    expect(actions(read)).not.toContain('kms:Decrypt');
    expect(leastPolicy(read).Statement[0]?.Resource).toEqual([
      'arn:aws:ssm:eu-central-1:123456789012:parameter/external',
      'arn:aws:ssm:eu-central-1:123456789012:parameter/external/*',
      'arn:aws:ssm:eu-central-1:123456789012:parameter/iac',
      'arn:aws:ssm:eu-central-1:123456789012:parameter/iac/*',
    ]);
  });

  it('publishes only where a binding is written to', () => {
    const prod = { ...account, prefix: '/iac', write: true, decryptKey: 'arn:aws:kms:eu-central-1:123456789012:key/k' };
    const { Statement } = leastPolicy({ parameters: [prod, { ...prod, account: '999999999999', write: false }] });
    const publish = Statement.find((statement) => statement.Sid === 'PublishParameters');
    expect(publish?.Resource.every((resource) => resource.includes(':123456789012:'))).toBe(true);
    expect(Statement.find((statement) => statement.Sid === 'DigestSecureStrings')?.Resource).toHaveLength(1);
  });

  it('never asks for everything, but where AWS knows no resource', () => {
    const everything = leastPolicy({
      parameters: [{ ...account, prefix: '/iac', write: true }],
      ledger: { ...account, table: 'karma' },
      graph: { ...account, clusterResourceId: 'cluster-ABC', write: true },
      roles: ['arn:aws:iam::999999999999:role/karma'],
    });
    for (const { Action, Resource } of everything.Statement) {
      expect(Action.join()).not.toContain('*');
      if (Resource.includes('*')) expect(Action).toEqual(['ssm:DescribeParameters']);
    }
    expect(everything.Statement.map((statement) => statement.Sid)).toEqual([
      'ReadParameters',
      'ListParameters',
      'PublishParameters',
      'KeepLedger',
      'ProjectGraph',
      'AssumeRolesOfBindings',
    ]);
  });
});
