import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { environmentByPattern } from '../../infer/layouts/terraform/environment-guess.ts';
import { environmentPatterns } from './environment-patterns.ts';

const placed = (...all: readonly (readonly [path: string, environment: string])[]) =>
  all.map(([path, environment]) => ({ path, environment }));
const said = (...all: readonly (readonly [path: string, environment: string])[]) =>
  environmentPatterns(placed(...all)).map(({ pattern, environment }) => [pattern, environment ?? '{}']);

describe('environments by path for a first karma.yaml', () => {
  it('is one pattern where each step there names the environment', () => {
    expect(said(['live/dev/vpc', 'dev'], ['live/prod/eu/vpc', 'prod'])).toEqual([['live/{environment}/**', '{}']]);
  });

  it('is one for each where something else lies beside them', () => {
    expect(said(['live/dev/vpc', 'dev'], ['live/prod/vpc', 'prod'], ['live/modules/vpc', ''])).toEqual([
      ['live/dev/**', 'dev'],
      ['live/prod/**', 'prod'],
    ]);
  });

  it('takes the longer one first, and the innermost step', () => {
    expect(said(['non-prod/eu/qa/db', 'qa'], ['non-prod/eu/dev/db', 'dev'], ['prod/eu/db', 'prod'])).toEqual([
      ['non-prod/eu/{environment}/**', '{}'],
      ['prod/**', 'prod'],
    ]);
  });

  it('speaks of a folder that is called like its environment itself', () => {
    expect(said(['stacks/dev', 'dev'], ['stacks/prod', 'prod'])).toEqual([['stacks/{environment}', '{}']]);
  });

  it('says nothing of an environment that no step names', () => {
    expect(said(['apps/shop', 'production'])).toEqual([]);
  });

  it('never gives a component another environment than it has', () => {
    const step = fc.constantFrom('live', 'dev', 'prod', 'eu', 'vpc', 'db', 'modules');
    const path = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join('/'));
    const row = fc.record({ path, environment: fc.constantFrom('', 'dev', 'prod', 'eu') });
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: (one) => one.path, maxLength: 12 }), (rows) => {
        const environments = environmentPatterns(rows).map(({ pattern, environment }) => ({
          pattern,
          ...(environment === undefined ? {} : { environment }),
        }));
        for (const one of rows) {
          const given = environmentByPattern(one.path, { environments });
          expect(given ?? one.environment).toBe(one.environment);
        }
      }),
    );
  });
});
