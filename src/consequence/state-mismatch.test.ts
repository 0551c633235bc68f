import { describe, expect, it } from 'vitest';
import { noState } from '../model/record.ts';
import { stateMismatch } from './state-mismatch.ts';

const left = { serial: 3, lineage: 'l' };

describe('whether a state is still the one that a run left', () => {
  it.each([
    ['the same writing of it', left, { ...left }, undefined],
    ['no state, as then', noState, noState, undefined],
    ['a later writing', left, { serial: 5, lineage: 'l' }, /somebody else wrote its state since/],
    ['an earlier one, put back', left, { serial: 2, lineage: 'l' }, /older/],
    ['another state altogether', left, { serial: 3, lineage: 'm' }, /another one/],
    ['nothing any more', left, noState, /not there any more/],
    ['one where there was none', noState, left, /another one/],
    ['one that could not be read', left, undefined, /could not be read/],
    ['a record that does not say', undefined, left, /does not say/],
  ])('%s', (_what, was, now, expected) => {
    const said = stateMismatch(was, now);
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toMatch(expected);
  });
});
