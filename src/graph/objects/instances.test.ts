import { describe, expect, it } from 'vitest';
import { graphFrom } from '../graph.ts';
import { component } from '../testing/small-estate.ts';
import { instancesOf } from './instances.ts';

function at(path: string, environment: string, more = {}) {
  return component(path, { layout: 'terragrunt', environment, path, ...more });
}

function shown(...args: Parameters<typeof instancesOf>) {
  const { byEnvironment, ambiguous } = instancesOf(...args);
  return {
    objects: Object.fromEntries(
      [...byEnvironment].map(([name, objects]) => [
        name,
        Object.fromEntries([...objects].map(([one, { id }]) => [one, id])),
      ]),
    ),
    ambiguous,
  };
}

describe('what is one object in several environments', () => {
  it('in Adage type and nickname say', () => {
    const graph = graphFrom([component('dev/vpc/main'), component('prod/vpc/main'), component('prod/db/main')]);
    expect(shown(graph).objects).toEqual({
      dev: { 'vpc/main': 'dev/vpc/main' },
      prod: { 'db/main': 'prod/db/main', 'vpc/main': 'prod/vpc/main' },
    });
  });

  it.each([
    [
      'folders of accounts and regions before the environment tell nothing apart in any',
      { 'nonprod/eu/qa/vpc': 'qa', 'nonprod/eu/stage/vpc': 'stage', 'prod/us/prod/vpc': 'prod' },
      { qa: ['vpc'], stage: ['vpc'], prod: ['vpc'] },
    ],
    [
      'one environment in two regions has both in its names, and then all have',
      { 'nonprod/eu/stage/vpc': 'stage', 'prod/eu/prod/vpc': 'prod', 'prod/us/prod/vpc': 'prod' },
      { stage: ['eu/vpc'], prod: ['eu/vpc', 'us/vpc'] },
    ],
    [
      'one environment in two accounts keeps them',
      { 'a/prod/vpc': 'prod', 'b/prod/vpc': 'prod', 'c/dev/vpc': 'dev' },
      { prod: ['a/vpc', 'b/vpc'], dev: ['c/vpc'] },
    ],
  ])('%s', (_what, paths, objects) => {
    const told = shown(graphFrom(Object.entries(paths).map(([path, environment]) => at(path, environment))));
    const names = Object.entries(told.objects).map(([name, held]) => [name, Object.keys(held)]);
    expect(Object.fromEntries(names)).toEqual(objects);
    expect(told.ambiguous).toEqual([]);
  });

  it('elsewhere the path without its environment and without what all paths begin with', () => {
    const graph = graphFrom([
      at('live/dev/eu/vpc', 'dev'),
      at('live/prod/eu/vpc', 'prod'),
      at('live/prod/us/vpc', 'prod'),
    ]);
    expect(shown(graph).objects).toEqual({
      dev: { 'eu/vpc': 'live/dev/eu/vpc' },
      prod: { 'eu/vpc': 'live/prod/eu/vpc', 'us/vpc': 'live/prod/us/vpc' },
    });
  });

  it('the innermost step that is called so is the environment, but not the component itself', () => {
    const graph = graphFrom([at('prod/eu/prod/dev', 'prod'), at('prod/eu/stage/dev', 'stage')]);
    expect(shown(graph).objects).toEqual({ prod: { dev: 'prod/eu/prod/dev' }, stage: { dev: 'prod/eu/stage/dev' } });
  });

  it('a pattern may hold the environment in a part of a step, or say it outright', () => {
    const parts = graphFrom([at('aws-dev/vpc', 'dev'), at('aws-prod/vpc', 'prod')]);
    expect(shown(parts, [{ pattern: 'aws-{environment}/**' }]).objects).toEqual({
      dev: { 'aws-*/vpc': 'aws-dev/vpc' },
      prod: { 'aws-*/vpc': 'aws-prod/vpc' },
    });
    const outright = graphFrom([at('1234/vpc', 'dev'), at('5678/vpc', 'prod')]);
    const patterns = [
      { pattern: '1234/**', environment: 'dev' },
      { pattern: '5678/**', environment: 'prod' },
    ];
    expect(shown(outright, patterns).objects).toEqual({ dev: { vpc: '1234/vpc' }, prod: { vpc: '5678/vpc' } });
  });

  it('deployments of one root module are one object in their environments', () => {
    const graph = graphFrom([at('app', '', { layout: 'terraform', attributes: { deployments: 'dev, prod' } })]);
    expect(shown(graph).objects).toEqual({ dev: { app: 'app' }, prod: { app: 'app' } });
  });

  it('two of one environment that would be one object are none, and said', () => {
    const graph = graphFrom([at('dev/a/vpc', 'dev'), at('a/dev/vpc', 'dev'), at('prod/a/vpc', 'prod')]);
    expect(shown(graph)).toEqual({
      objects: { dev: {}, prod: { 'a/vpc': 'prod/a/vpc' } },
      ambiguous: [{ environment: 'dev', object: 'a/vpc', ids: ['a/dev/vpc', 'dev/a/vpc'] }],
    });
  });

  it('what is outside the estate, and what no environment names, is no object', () => {
    const graph = graphFrom([component('prod/zone/main', { external: true }), at('bootstrap', '')]);
    expect(shown(graph)).toEqual({ objects: {}, ambiguous: [] });
  });
});
