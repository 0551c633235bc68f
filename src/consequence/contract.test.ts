import { describe, expect, it } from 'vitest';
import type { ReferenceRow } from '../model/reference.ts';
import { gateContract } from './contract.ts';
import { shapeOf } from './value-shape.ts';

function reads(from: string, consumes: string[], over: Partial<ReferenceRow> = {}): ReferenceRow {
  return {
    from,
    to: 'prod/vpc/main',
    origin: 'inferred',
    strength: 'proven',
    rules: ['parameter-read'],
    consumes,
    consumesFrom: {},
    tolerated: [],
    marks: [],
    evidence: [],
    ...over,
  };
}

const now = { vpc_id: 'vpc-1', subnets: ['a', 'b'], zone: { id: 'z', name: 'n' }, note: null };

function gate(after: unknown, references: ReferenceRow[], unknown: unknown = false, alsoWritten?: Set<string>) {
  return gateContract({
    provider: 'prod/vpc/main',
    before: shapeOf(now),
    after: shapeOf(after, unknown),
    references,
    ...(alsoWritten === undefined ? {} : { alsoWritten }),
  });
}

describe('the contract gate', () => {
  it.each([
    ['an output that is read is dropped', { subnets: ['a'] }, ['/vpc_id'], [['/vpc_id', 'dropped']]],
    [
      'an output that is read changes its type',
      { ...now, vpc_id: 7 },
      ['/vpc_id'],
      [['/vpc_id', 'string becomes number']],
    ],
    ['a nested one is dropped', { ...now, zone: { name: 'n' } }, ['/zone/id'], [['/zone/id', 'dropped']]],
    [
      'a member of what is read is gone',
      { ...now, zone: { name: 'n' } },
      ['/zone'],
      [['/zone', 'its member id is gone']],
    ],
    ['an item that is read is gone', { ...now, subnets: ['a'] }, ['/subnets/1'], [['/subnets/1', 'dropped']]],
    [
      'a list of other things',
      { ...now, subnets: [1] },
      ['/subnets'],
      [['/subnets', 'its items: string becomes number']],
    ],
    ['only others are dropped', { vpc_id: 'vpc-2' }, ['/vpc_id'], []],
    ['only values change', { ...now, vpc_id: 'vpc-9' }, ['/vpc_id'], []],
    ['null becomes a value', { ...now, note: 'text' }, ['/note'], []],
    ['what was never there is still not there', { ...now }, ['/never'], []],
  ] as const)('%s', (_name, after, pointers, expected) => {
    const answer = gate(after, [reads('prod/ecs/web', [...pointers])]);
    expect(answer.refused.map((one) => [one.pointer, one.change])).toEqual(expected);
  });

  it('warns where the reader has a fallback', () => {
    const answer = gate({}, [reads('prod/ecs/web', ['/vpc_id'], { tolerated: ['/vpc_id'] })]);
    expect(answer.refused).toEqual([]);
    expect(answer.warned.map((one) => one.consumer)).toEqual(['prod/ecs/web']);
  });

  it('lists who reads all of it, and only when a shape changes', () => {
    expect(gate({ ...now, zone: undefined }, [reads('prod/ecs/web', ['*'])]).toConfirm).toEqual(['prod/ecs/web']);
    expect(gate({ ...now, vpc_id: 'other' }, [reads('prod/ecs/web', ['*'])]).toConfirm).toEqual([]);
  });

  it('passes over hints, other providers and outputs that something else writes', () => {
    expect(gate({}, [reads('x', ['/vpc_id'], { strength: 'hint' })]).refused).toEqual([]);
    expect(gate({}, [reads('x', ['/vpc_id'], { to: 'prod/vpc/other' })]).refused).toEqual([]);
    expect(gate({}, [reads('x', ['/vpc_id'])], false, new Set(['vpc_id'])).refused).toEqual([]);
  });

  it('names consumers outside the estate', () => {
    const answer = gateContract({
      provider: 'prod/vpc/main',
      before: shapeOf(now),
      after: shapeOf({}),
      references: [],
      outside: [
        { name: 'billing', reads: (id) => id.startsWith('prod/vpc/'), pointers: ['/vpc_id'] },
        { name: 'reports', reads: () => true, pointers: [] },
        { name: 'others', reads: (id) => id === 'prod/dns/main', pointers: ['/vpc_id'] },
      ],
    });
    expect(answer.refused).toEqual([{ consumer: 'billing', outside: true, pointer: '/vpc_id', change: 'dropped' }]);
    expect(answer.toConfirm).toEqual(['reports']);
  });

  it('does not refuse what only the apply will tell', () => {
    const answer = gate({ ...now, vpc_id: undefined }, [reads('x', ['/vpc_id'])], { vpc_id: true });
    expect(answer.refused).toEqual([]);
    expect(answer.notYetKnown.map((one) => one.pointer)).toEqual(['/vpc_id']);
  });
});
