import { describe, expect, it } from 'vitest';
import { component, estate } from '../../graph/testing/small-estate.ts';
import type { EstateSettings } from '../../model/estate.ts';
import { unmatchedEntries } from './unmatched-entries.ts';

const graph = estate('', [
  component('app', {
    path: 'live/prod/app',
    attributes: { source: 'git::https://example.com/m.git' },
    blindSpots: [{ code: 'module-not-read', site: 'terraform.source' }],
  }),
  component('db', { path: 'live/prod/db' }),
]);
const keys = (settings: EstateSettings) => unmatchedEntries(graph, settings).map(({ key }) => key);
const reason = 'because';

describe('entries of karma.yaml that no component fits', () => {
  it.each<[string, EstateSettings, readonly string[]]>([
    ['a reference of one that is there', { references: [{ from: 'app', to: 'db', reason }] }, []],
    ['a reference of nobody', { references: [{ from: 'ap', to: 'db', reason }] }, ['references|ap|db']],
    [
      'a reference of a pattern, which it may not be',
      { references: [{ from: 'a*', to: 'db', reason }] },
      ['references|a*|db'],
    ],
    ['a denial, which inference tells', { references: [{ from: 'ap', to: 'db', deny: true, reason }] }, []],
    ['a placement', { bindings: { 'a*': 'one', 'x/**': 'two' } }, ['placement|x/**']],
    [
      'an environment',
      { environments: [{ pattern: 'live/{environment}/**' }, { pattern: 'stage/**', environment: 'stage' }] },
      ['environments|stage/**'],
    ],
    [
      'assumptions of what was not read',
      { assume: [{ source: 'git::https://example.com/*', reason }, { component: 'app', reason }, { reason }] },
      [],
    ],
    [
      'assumptions of what was read, or is not there',
      {
        assume: [
          { source: 'git::https://example.org/*', reason },
          { component: 'db', reason },
          { code: 'layout-not-read', component: 'app', reason },
        ],
      },
      ['assume|source=git::https://example.org/*', 'assume|component=db', 'assume|component=app, code=layout-not-read'],
    ],
    ['readers outside of what is there', { readOutside: ['app', 'd*'] }, []],
    [
      'policies that forbid something, or cannot be read',
      { policies: [{ name: 'p', from: 'app', to: 'db' }, { name: 'q' }, { name: 'r', from: '(' }] },
      [],
    ],
    [
      'policies that forbid nothing',
      {
        policies: [
          { name: 'p', from: 'ap', to: 'db' },
          { name: 'q', to: 'live/stage/**' },
        ],
      },
      ['policies|p|from', 'policies|q|to'],
    ],
    ['readers outside of nobody', { readOutside: ['ap', 'x/**'] }, ['consumers|ap', 'consumers|x/**']],
  ])('%s', (_, settings, expected) => {
    expect(keys(settings)).toEqual(expected);
  });

  it('are told with what was meant', () => {
    const settings = { policies: [{ name: 'p', from: 'ap' }], readOutside: ['ap'] };
    expect(unmatchedEntries(graph, settings).map(({ message }) => message)).toEqual([
      'karma.yaml says who reads ap, which no component fits; did you mean app?',
      expect.stringMatching(/^policy `p` forbids nothing: no component fits from: ap; did you mean app\?$/),
    ]);
  });

  it('are no matter where there is no component at all', () => {
    expect(unmatchedEntries(estate(''), { references: [{ from: 'ap', to: 'db', reason }] })).toEqual([]);
  });
});
