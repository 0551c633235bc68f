import { describe, expect, it } from 'vitest';
import { digestOf } from '../../model/digest.ts';
import { seal } from '../records.fixture.ts';
import { readOutputs, recordFromOutputs } from './outputs.ts';
import { readPlan, recordFromPlan } from './plan.ts';
import { type ReadResolver, stateAddress } from './reads.ts';
import { readRunReport } from './run-report.ts';
import { readState, recordFromState } from './state.ts';

const secret = 'planted-secret-9f3';

const resolve: ReadResolver = (read) => {
  if (read.kind === 'parameter') {
    return read.name === '/iac/vpc/main/runtime'
      ? { provider: 'prod/vpc/main', runtime: read.name, consumes: ['/vpc_id', '/password'] }
      : undefined;
  }
  const runtime = stateAddress(read.backend, read.config, read.workspace);
  return runtime === undefined ? undefined : { provider: 'net', runtime, consumes: [] };
};

const given = { component: 'prod/ecs/web', deployment: '', seal, resolve, at: '2026-11-24T10:00:00Z', dependsOn: [] };

const state = {
  version: 4,
  terraform_version: '1.11.4',
  serial: 7,
  lineage: 'abc',
  outputs: {
    url: { value: 'https://web', type: 'string' },
    token: { value: secret, type: 'string', sensitive: true },
  },
  resources: [
    {
      mode: 'data',
      type: 'aws_ssm_parameter',
      name: 'vpc',
      instances: [
        {
          attributes: {
            name: '/iac/vpc/main/runtime',
            value: JSON.stringify({ vpc_id: 'vpc-1', password: secret }),
            version: 3,
          },
        },
      ],
    },
    {
      mode: 'data',
      type: 'terraform_remote_state',
      name: 'net',
      instances: [
        {
          attributes: {
            backend: 's3',
            config: { value: { bucket: 'states', key: 'net.tfstate' }, type: ['object', {}] },
            outputs: { value: { id: 'n-1', token: secret }, type: ['object', {}] },
            workspace: null,
          },
        },
      ],
    },
    {
      mode: 'data',
      type: 'aws_ssm_parameter',
      name: 'ami',
      instances: [{ attributes: { name: '/ami', value: 'ami-1' } }],
    },
    { mode: 'managed', type: 'aws_instance', name: 'x', instances: [{ attributes: { id: 'i-1' } }] },
  ],
};

describe('a record read from a state', () => {
  const reading = readState(state, seal);
  const made = reading === undefined ? undefined : recordFromState(reading, given);

  it('shows what was read, keyed, pointer by pointer', () => {
    expect(made?.consumed).toEqual([
      { provider: 'net', runtime: 's3://states/net.tfstate', pointer: '*', digest: seal({ id: 'n-1', token: secret }) },
      {
        provider: 'prod/vpc/main',
        runtime: '/iac/vpc/main/runtime',
        pointer: '/password',
        digest: seal(secret),
        version: '3',
      },
      {
        provider: 'prod/vpc/main',
        runtime: '/iac/vpc/main/runtime',
        pointer: '/vpc_id',
        digest: seal('vpc-1'),
        version: '3',
      },
    ]);
  });

  it('keeps serial, lineage and the outputs, and is marked', () => {
    expect(made).toMatchObject({ reconstructed: true, source: 'state', state: { serial: 7, lineage: 'abc' } });
    expect(made?.outputs).toEqual({ token: seal(secret), url: digestOf('https://web') });
    expect(reading?.outputs).toEqual({ url: 'https://web' });
    expect(reading?.managed).toBe(1);
  });

  it('holds no value that was sensitive anywhere', () => {
    expect(JSON.stringify(made)).not.toContain(secret);
    expect(JSON.stringify(made)).not.toContain('vpc-1');
  });

  it.each([[{}], [null], [[]], [{ version: 4 }], ['text']])('does not take %j for a state', (document) => {
    expect(readState(document, seal)).toBe(undefined);
  });

  it('says of an older format that it shows no reads', () => {
    expect(readState({ version: 3, serial: 1, modules: [] }, seal)?.notes).toEqual(['state format 3 shows no reads']);
  });
});

describe('other sources', () => {
  it('outputs: values of what is public, keyed digests of the rest', () => {
    const reading = readOutputs(
      { url: { value: 'u', type: 'string', sensitive: false }, token: { value: secret, sensitive: true } },
      seal,
    );
    expect(reading?.outputs).toEqual({ url: 'u' });
    expect(JSON.stringify(reading)).not.toContain(secret);
    expect(reading === undefined ? undefined : recordFromOutputs(reading, given).consumed).toEqual([]);
    expect(readOutputs({ url: 'not an output' }, seal)).toBe(undefined);
  });

  it('a plan: what its data blocks read, and what it did not know', () => {
    const reading = readPlan(
      {
        format_version: '1.2',
        terraform_version: '1.11.4',
        variables: { password: { value: secret } },
        planned_values: { outputs: { a: { sensitive: false, value: 1 }, b: { sensitive: false } }, root_module: {} },
        prior_state: {
          values: {
            root_module: {
              child_modules: [
                {
                  resources: [
                    {
                      mode: 'data',
                      type: 'aws_ssm_parameter',
                      values: { name: '/iac/vpc/main/runtime', value: '{"vpc_id":"v"}' },
                    },
                  ],
                },
              ],
            },
          },
        },
        resource_changes: [
          { mode: 'managed', change: { actions: ['create'] } },
          { mode: 'managed', change: { actions: ['no-op'] } },
          { mode: 'data', change: { actions: ['read'] } },
        ],
      },
      seal,
    );
    expect(reading).toMatchObject({ unknown: ['b'], resourcesChanged: 1, digests: { a: digestOf(1) } });
    const made = reading === undefined ? undefined : recordFromPlan(reading, given);
    expect(made?.consumed.map((one) => [one.pointer, one.digest])).toEqual([
      ['/password', null],
      ['/vpc_id', seal('v')],
    ]);
    expect(JSON.stringify(made)).not.toContain(secret);
  });

  it('a run report: that it ran, and never green for a result nobody knows', () => {
    expect(
      readRunReport([
        { Name: 'b', Result: 'succeeded', Started: 's', Ended: 'e' },
        { Name: 'a', Result: 'early exit', Reason: 'ancestor error', Cause: 'vpc' },
        { Name: 'c', Result: 'something new' },
        { Name: 'd', Result: 'failed', Reason: 'run error' },
      ])?.map((one) => [one.name, one.outcome, one.reason]),
    ).toEqual([
      ['a', 'not run', 'ancestor error: vpc'],
      ['b', 'finished', undefined],
      ['c', 'not run', undefined],
      ['d', 'failed', 'run error'],
    ]);
    expect(readRunReport({})).toBe(undefined);
  });

  it.each([
    ['s3', { bucket: 'b', key: 'k' }, 'default', 's3://b/k'],
    ['s3', { bucket: 'b', key: 'k' }, 'blue', 's3://b/env:/blue/k'],
    ['gcs', { bucket: 'b', prefix: 'p' }, 'default', 'gcs://b/p/default.tfstate'],
    ['local', { path: '../x/terraform.tfstate' }, 'default', 'local:../x/terraform.tfstate'],
    ['s3', { bucket: 'b' }, 'default', undefined],
    ['http', { address: 'a' }, 'default', undefined],
  ] as const)('%s %j in %s is %s', (backend, config, workspace, expected) => {
    expect(stateAddress(backend, config, workspace)).toBe(expected);
  });
});
