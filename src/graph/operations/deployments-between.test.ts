import { expect, it } from 'vitest';
import type { ComponentRow } from '../../model/component.ts';
import { component, deployment, estate } from '../testing/small-estate.ts';
import { diff } from './diff.ts';

/** A root module: what each deployment is given, by name; undefined where that was not noted. */
const net = (given: Readonly<Record<string, string | undefined>>, more: Partial<ComponentRow> = {}) => {
  const names = Object.keys(given);
  const several = names.length > 1 ? { deployments: names.join(', ') } : {};
  return estate('', [
    component('net', { configDigest: Object.values(given).join(), attributes: several, ...more }),
    ...names.map((name) =>
      deployment({
        component: 'net',
        deployment: name,
        runtimes: {},
        ...(given[name] === undefined ? {} : { config: given[name] }),
      }),
    ),
  ]);
};

it.each([
  ['the one whose config differs', net({ dev: 'a', prod: 'b' }), net({ dev: 'a', prod: 'c' }), ['prod']],
  ['each that differs', net({ dev: 'a', prod: 'b' }), net({ dev: 'x', prod: 'y' }), ['dev', 'prod']],
  ['one that is new', net({ dev: 'a', prod: 'b' }), net({ dev: 'a', prod: 'b', test: 'c' }), ['test']],
  ['one that is gone', net({ dev: 'a', prod: 'b', test: 'c' }), net({ dev: 'a', prod: 'b' }), ['test']],
  [
    'all, of code that they share',
    net({ dev: 'a', prod: 'b' }),
    net({ dev: 'a', prod: 'c' }, { outputs: ['x'] }),
    ['dev', 'prod'],
  ],
  ['all, where there was one without a name', net({ '': 'a' }), net({ dev: 'a', prod: 'b' }), ['dev', 'prod']],
  [
    'none, where a version did not note it',
    net({ dev: undefined, prod: undefined }),
    net({ dev: 'a', prod: 'b' }),
    undefined,
  ],
  ['none, of a component that has one alone', net({ '': 'a' }), net({ '': 'b' }), undefined],
])('names %s', (_what, before, after, names) => {
  const [changed] = diff(before, after).changed;
  expect(changed?.id).toBe('net');
  expect(changed?.deployments).toEqual(names);
});
