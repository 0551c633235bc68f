import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import { wholeRuntime } from '../model/pointer.ts';
import { compareDigests, digestAt, readPointer } from './digests.ts';
import { consumed, inputs, record, seal } from './records.fixture.ts';
import { inputsLike, staleness } from './stale.ts';

const subnets = consumed('/private_subnet_ids', ['a', 'b']);
const others = consumed('/private_subnet_ids', ['a', 'c']);

describe('staleness of an own record', () => {
  it.each([
    ['nothing differs', {}, {}, 'current', []],
    [
      'a consumed pointer',
      { consumed: [subnets] },
      { consumed: [others] },
      'stale',
      ['prod/vpc/main#/private_subnet_ids changed'],
    ],
    [
      'a pointer that is gone',
      { consumed: [subnets] },
      { consumed: [consumed('/private_subnet_ids', undefined)] },
      'stale',
      ['prod/vpc/main#/private_subnet_ids is gone'],
    ],
    ['its own config', {}, { config: digestOf('other') }, 'stale', ['its config changed']],
    ['its module', {}, { module: { digest: digestOf('other'), pinned: true } }, 'stale', ['its module changed']],
    ['only the program', {}, { binary: 'terraform 1.12.0' }, 'current', []],
    [
      'a pointer that could not be read',
      { consumed: [subnets] },
      { consumed: [{ ...subnets, digest: undefined }] },
      'unknown',
      [],
    ],
    ['a blind spot', {}, { blindSpots: ['a program nobody can read'] }, 'unknown', []],
    [
      'a provider in the cloud ran',
      { cloud: [{ provider: 'p', change: 'r1' }] },
      { cloud: [{ provider: 'p', change: 'r2' }] },
      'unknown',
      [],
    ],
  ] as const)('%s', (_name, was, now, state, reasons) => {
    const answer = staleness(record(was), inputs(now));
    expect(answer.state).toBe(state);
    expect(answer.state === 'stale' ? answer.reasons.map((one) => one.text) : []).toEqual(reasons);
  });

  it('is unknown without a record, and after a run that failed or destroyed', () => {
    expect(staleness(undefined, inputs()).state).toBe('unknown');
    expect(staleness(record({ outcome: 'failed' }), inputs()).state).toBe('unknown');
    expect(staleness(record({ action: 'destroy' }), inputs()).state).toBe('unknown');
  });

  it('is unknown when what it would consume now cannot be read', () => {
    expect(staleness(record(), undefined).state).toBe('unknown');
  });
});

describe('a pointer that cannot be read now, and the record of its provider', () => {
  const reads = { provider: 'prod/vpc/main', runtime: 'r', pointer: '/vpc_id' };
  const reader = record({ consumed: [{ ...reads, digest: digestOf('vpc-0') }], at: '2026-11-24T10:00:00Z' });
  const keyed = record({ ...reader, consumed: [{ ...reads, digest: seal('vpc-0') }] });
  const provider = (value: string, at: string) =>
    record({
      component: 'prod/vpc/main',
      reconstructed: true,
      at,
      outputs: { vpc_id: digestOf(value) },
      left: { '/vpc_id': seal(value) },
    });
  const stateAfter = (one: typeof reader, of: ReturnType<typeof provider> | undefined) =>
    staleness(
      one,
      inputsLike(
        one,
        inputs(),
        () => undefined,
        seal,
        () => of,
      ),
    ).state;
  const later = '2026-11-24T11:00:00Z';

  it.each([
    ['a later run left another value', provider('vpc-1', later), 'stale'],
    ['a later run left the same, which proves nothing', provider('vpc-0', later), 'unknown'],
    ['an earlier one left another value: what was read is newer', provider('vpc-1', '2026-11-24T09:00:00Z'), 'unknown'],
    ['it is on no record', undefined, 'unknown'],
    ['it was destroyed since', record({ ...provider('vpc-0', later), action: 'destroy' }), 'stale'],
    ['its later run failed', record({ ...provider('vpc-1', later), outcome: 'failed' }), 'unknown'],
  ] as const)('%s', (_what, of, state) => {
    expect(stateAfter(reader, of)).toBe(state);
    expect(stateAfter(keyed, of)).toBe(state);
  });
});

describe('staleness of a record read from a state', () => {
  const runtime = { value: { vpc_id: 'vpc-1', zone: 'z' }, sensitive: [] };
  const lookup = () => runtime;
  const reads = { provider: 'prod/vpc/main', runtime: 'r', pointer: '/vpc_id' };
  const made = (vpcId: string) =>
    record({
      reconstructed: true,
      source: 'state',
      config: undefined,
      module: undefined,
      consumed: [{ ...reads, digest: seal(vpcId) }],
    });

  it('proves a difference', () => {
    const old = made('vpc-0');
    expect(staleness(old, inputsLike(old, inputs(), lookup, seal)).state).toBe('stale');
  });

  it('proves nothing by being equal', () => {
    const same = made('vpc-1');
    expect(staleness(same, inputsLike(same, inputs(), lookup, seal)).state).toBe('unknown');
  });

  it('cannot be compared under another key', () => {
    const old = made('vpc-0');
    const other = (value: unknown) => `k2:${digestOf(value)}`;
    expect(staleness(old, inputsLike(old, inputs(), lookup, other)).state).toBe('unknown');
  });
});

describe('digests', () => {
  it.each([
    ['a', 'a', 'equal'],
    [null, null, 'equal'],
    [null, 'a', 'different'],
    ['a', 'b', 'different'],
    ['k1:a', 'k1:b', 'different'],
    ['k1:a', 'k2:b', 'unknown'],
    ['k1:a', 'a', 'unknown'],
    [undefined, undefined, 'unknown'],
  ] as const)('%s and %s are %s', (a, b, expected) => {
    expect(compareDigests(a, b)).toBe(expected);
  });

  it('are keyed wherever something sensitive is in the value', () => {
    const document = { value: { db: { host: 'h', password: 'p' }, name: 'n' }, sensitive: ['/db/password'] };
    expect(digestAt(document, '/db/password', seal)).toBe(seal('p'));
    expect(digestAt(document, '/db', seal)).toBe(seal({ host: 'h', password: 'p' }));
    expect(digestAt(document, wholeRuntime, seal)).toMatch(/^k1:/);
    expect(digestAt(document, '/name', seal)).toBe(digestOf('n'));
    expect(digestAt(document, '/db/host', seal)).toBe(digestOf('h'));
    expect(digestAt(document, '/none', seal)).toBe(null);
  });

  it('tell a runtime that is not there from one that nobody could read', () => {
    const wanted = { provider: 'p', runtime: 'r', pointer: '/a' };
    expect(readPointer(wanted, () => null, seal).digest).toBe(null);
    expect(readPointer(wanted, () => undefined, seal).digest).toBe(undefined);
    expect(readPointer(wanted, () => 'k1:secure', seal).digest).toBe(undefined);
    expect(readPointer({ ...wanted, pointer: '*' }, () => 'k1:secure', seal).digest).toBe('k1:secure');
  });

  it('knows a sensitive output that a run told by its digest, and nothing inside it or around it', () => {
    const told = { value: { url: 'u' }, sensitive: [], sealed: { password: 'k1:p' } };
    const at = (pointer: string) => readPointer({ provider: 'p', runtime: 'r', pointer }, () => told, seal).digest;
    expect([at('/password'), at('/url'), at('/other')]).toEqual(['k1:p', digestOf('u'), null]);
    expect([at('/password/0'), at('*')]).toEqual([undefined, undefined]);
  });
});
