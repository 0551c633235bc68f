import { describe, expect, it } from 'vitest';
import { noState } from '../model/record.ts';
import { leftByRun } from './plan-state.ts';

const mark = (serial: number, lineage = 'l') => ({ serial, lineage });

describe('the state that a run left', () => {
  it.each([
    ['a plan that changes nothing, of the state that stands', mark(3), mark(3), undefined, mark(3)],
    ['one after which somebody else wrote', mark(3), mark(4), undefined, undefined],
    ['one of another state', mark(3), mark(3, 'm'), undefined, undefined],
    ['a first apply', noState, mark(1), 500, mark(1)],
    ['an apply', mark(3), mark(4), 500, mark(4)],
    ['an apply after which somebody else wrote', mark(3), mark(5), 500, undefined],
    ['a long one, which keeps what it has so far', mark(3), mark(6), 45_000, mark(6)],
    ['one of which the plan does not tell', undefined, mark(5), 500, mark(5)],
    ['one after which nobody can look', mark(3), undefined, 500, undefined],
  ])('%s', (_what, planned, found, took, left) => expect(leftByRun(planned, found, took)).toEqual(left));
});
