import { describe, expect, it } from 'vitest';
import { record } from '../consequence/records.fixture.ts';
import { foldRecord } from './records.ts';

const own = record({ id: 'r1', state: { serial: 3, lineage: 'l' } });
const seen = (serial: number, lineage = 'l') =>
  record({ id: `state:${lineage}:${serial}`, reconstructed: true, source: 'state', state: { serial, lineage } });

describe('which record of a deployment is kept', () => {
  it.each([
    ['the state that the run itself left', own, seen(3), 'r1'],
    ['a later state with equal outputs: somebody ran it by hand', own, seen(4), 'state:l:4'],
    ['another state', own, seen(3, 'm'), 'state:m:3'],
    ['an older copy', own, seen(2), 'r1'],
    [
      'equal outputs, which tell of no run of their own',
      own,
      record({ id: 'o', reconstructed: true, source: 'outputs' }),
      'r1',
    ],
    ['a plan of others that was applied', own, record({ id: 'p', reconstructed: true, source: 'plan' }), 'p'],
    ['a state, after a run that does not say which it left', record({ id: 'r0' }), seen(1), 'state:l:1'],
    ['an older state of others, told late', seen(5), seen(4), 'state:l:5'],
  ])('%s', (_what, before, now, kept) => {
    const folded = foldRecord(foldRecord(undefined, before), now);
    expect(folded?.last.id).toBe(kept);
  });
});
