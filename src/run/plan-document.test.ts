import { describe, expect, it } from 'vitest';
import { digestOf } from '../model/digest.ts';
import { readOutputValues } from './outputs.ts';
import { readPlanDocument } from './plan-document.ts';

const seal = (value: unknown) => `k1:${digestOf(value)}`;

describe('a plan document', () => {
  it('gives actions, known outputs, digests, and what must not be logged', () => {
    const change = (actions: string[], more = {}) => ({ actions, ...more });
    const facts = readPlanDocument(
      {
        variables: { pw: { value: 'from variable' }, open: { value: 'seen' } },
        configuration: { root_module: { variables: { pw: { sensitive: true }, open: {} } } },
        planned_values: {
          outputs: {
            known: { sensitive: false, value: [1] },
            hidden: { sensitive: true, value: 'hidden value' },
            later: { sensitive: false },
            nothing: { sensitive: false },
          },
        },
        output_changes: {
          known: change(['create'], { before: null, after: [1], after_unknown: false }),
          hidden: change(['update'], {
            before: 'old hidden',
            after: 'hidden value',
            before_sensitive: true,
            after_sensitive: true,
          }),
          later: change(['create'], { before: null, after_unknown: true }),
          nothing: change(['no-op'], { before: null, after: null, after_unknown: false }),
          gone: change(['delete'], { before: 1 }),
        },
        resource_changes: [
          { address: 'b', mode: 'managed', change: change(['delete', 'create']) },
          {
            address: 'a',
            mode: 'managed',
            change: change(['update'], { after: { p: 'resource secret' }, after_sensitive: { p: true } }),
          },
          { address: 'c', mode: 'managed', change: change(['no-op']) },
          { address: 'data.d', mode: 'data', change: change(['read']) },
        ],
        resource_drift: [{ address: 'z', change: change(['update']) }],
        prior_state: { values: { root_module: { child_modules: [{ resources: [{ mode: 'managed' }] }] } } },
      },
      seal,
    );
    expect(facts).toMatchObject({
      changes: { add: 1, change: 1, destroy: 1 },
      resources: [
        { address: 'a', action: 'update' },
        { address: 'b', action: 'replace' },
      ],
      unknownOutputs: ['later'],
      droppedOutputs: ['gone'],
      drifted: ['z'],
      stateEmpty: false,
      secrets: ['from variable', 'hidden value', 'old hidden', 'resource secret'],
    });
    // As a state has it, in which no output is null.
    expect(facts.outputs['nothing']).toBeUndefined();
    expect(facts.unknownOutputs).not.toContain('nothing');
    const told = { nothing: { sensitive: false, value: null }, hidden: { sensitive: true, value: null } };
    expect(readOutputValues(told, seal)).toEqual({});
    expect(facts.outputs['hidden']).toEqual({ sensitive: true, digest: seal('hidden value') });
  });
});
