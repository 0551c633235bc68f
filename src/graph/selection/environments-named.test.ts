import { describe, expect, it } from 'vitest';
import { deploymentsMeant } from './environments-named.ts';

describe('which deployments a selection means', () => {
  const meant = (selection: readonly string[], environment = '') =>
    deploymentsMeant(selection)({ environment }, ['dev', 'prod', 'prod-eu']);

  it.each([
    [['env=dev'], ['dev']],
    [['environment=prod*'], ['prod', 'prod-eu']],
    [['env=dev | kind=net'], ['dev']],
    [['env=dev...'], ['dev']],
    [
      ['env=dev', 'env=prod'],
      ['dev', 'prod'],
    ],
    [['kind=net'], ['dev', 'prod', 'prod-eu']],
    [['!env=prod'], ['dev', 'prod', 'prod-eu']],
    [['env=staging'], []],
  ])('%j', (selection, expected) => {
    expect(meant(selection)).toEqual(expected);
  });

  it('of what lies in an environment by its path, all', () => {
    expect(meant(['env=dev'], 'dev')).toEqual(['dev', 'prod', 'prod-eu']);
  });
});
