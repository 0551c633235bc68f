import { describe, expect, it } from 'vitest';
import type { ReferenceRow } from '../model/reference.ts';
import type { Plan } from '../run/port.ts';
import { guardContract } from './guards.ts';
import type { ComponentWork } from './set.ts';

const reads = (pointer: string) =>
  ({
    from: 'dev/app/web',
    to: 'dev/vpc/main',
    strength: 'proven',
    rules: ['parameter-read'],
    consumes: [pointer],
    consumesFrom: { '/iac/vpc/main/runtime': [pointer] },
    tolerated: [],
    marks: [],
  }) as unknown as ReferenceRow;

const work = (contract: Partial<NonNullable<ComponentWork['contract']>>) =>
  ({
    inputs: { component: 'dev/vpc/main' },
    contract: { runtime: { vpc_id: 'vpc-1', sg: 'sg-1' }, references: [reads('/sg')], ...contract },
  }) as unknown as ComponentWork;

/** As Terraform says it: the module has one output, and it is known. */
const plan = {
  outputs: { vpc_id: { sensitive: false, digest: 'd', value: 'vpc-1' } },
  unknownOutputs: [],
} as unknown as Plan;

describe('the contract gate', () => {
  const gate = (contract: Partial<NonNullable<ComponentWork['contract']>>) => () =>
    guardContract('dev/vpc/main', work(contract), plan, { parallelism: 1 });

  it('holds what is published against the outputs of the plan', () => {
    expect(gate({})).toThrow('/sg dropped, read by dev/app/web');
  });

  it('holds a module that publishes itself to what its source writes, not to its outputs', () => {
    expect(gate({ writes: ['sg', 'vpc_id'] })()).toEqual([]);
    expect(gate({ writes: ['vpc_id'] })).toThrow('/sg dropped, read by dev/app/web');
  });

  it('keeps a sensitive output in a state, where its readers read it; a published runtime goes without', () => {
    const hidden = { ...plan, outputs: { ...plan.outputs, sg: { sensitive: true, digest: 'k:d' } } } as unknown as Plan;
    const inState = work({});
    expect(guardContract('dev/vpc/main', inState, hidden, { parallelism: 1 })).toEqual([]);
    const published = { ...inState, publish: { name: '/iac/vpc/main/runtime' } } as unknown as ComponentWork;
    expect(() => guardContract('dev/vpc/main', published, hidden, { parallelism: 1 })).toThrow('/sg dropped');
  });

  it('says nothing where the source does not show what it writes', () => {
    expect(gate({ writes: '*' })()).toEqual([]);
  });
});
