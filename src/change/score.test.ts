import { describe, expect, it } from 'vitest';
import { type Outcome, scoreOf, totalOf } from './score.ts';

const outcome = (over: Partial<Outcome>): Outcome => ({
  ...{ change: 'cr-1', written: [], affected: [], changed: [], unchanged: [], missed: [], rules: new Map() },
  ...over,
});

describe('the score of a prediction', () => {
  it('counts what was so, what was not, what nobody said and what nobody knows', () => {
    const score = scoreOf(
      outcome({
        written: ['vpc'],
        affected: ['app', 'db', 'site'],
        changed: ['vpc', 'app'],
        unchanged: ['db'],
        missed: ['job'],
        rules: new Map([
          ['app', ['variable']],
          ['db', ['variable', 'path-value']],
        ]),
      }),
    );
    expect(score).toEqual({
      ...{ change: 'cr-1', right: ['app', 'vpc'], wrong: ['db'], missed: ['job'], unknown: ['site'] },
      ...{ precision: 2 / 3, recall: 2 / 3 },
      rules: [
        { rule: 'path-value', predicted: 1, right: 0 },
        { rule: 'variable', predicted: 2, right: 1 },
      ],
    });
  });

  it('is no number where nothing is known', () => {
    const score = scoreOf(outcome({ written: ['vpc'] }));
    expect(score).toEqual({ change: 'cr-1', right: [], wrong: [], missed: [], unknown: ['vpc'], rules: [] });
    expect(totalOf([score])).toEqual({ rules: [] });
  });

  it('is one number of several changes', () => {
    const one = scoreOf(outcome({ written: ['a'], changed: ['a'], rules: new Map([['a', ['unit']]]) }));
    const two = scoreOf(outcome({ written: ['b'], unchanged: ['b'], rules: new Map([['b', ['unit']]]) }));
    expect(totalOf([one, two])).toEqual({
      ...{ precision: 0.5, recall: 1 },
      rules: [{ rule: 'unit', predicted: 2, right: 1 }],
    });
  });
});
