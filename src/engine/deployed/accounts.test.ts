import { describe, expect, it } from 'vitest';
import type { ComponentRow } from '../../model/component.ts';
import type { EstateView, ParameterObservation } from '../../model/estate.ts';
import type { FileView } from '../../model/file-view.ts';
import { accountsOf } from './accounts.ts';

const parameter = (name: string, value: string): [string, ParameterObservation] => [
  name,
  { name, version: 1, value, secure: false },
];

/** An estate whose only files are bindings: name → environment. */
function estate(
  bindings: Readonly<Record<string, string>>,
  held: Readonly<Record<string, readonly string[]>>,
): EstateView {
  const text = (path: string) => {
    const environment = bindings[path.replace(/^account_environments\/|\.json$/g, '')];
    return environment === undefined ? undefined : JSON.stringify({ environment });
  };
  const main: Pick<FileView, 'list' | 'read'> = {
    list: () => Object.keys(bindings).map((name) => ({ name: `${name}.json`, kind: 'file' })),
    read: text,
  };
  return {
    main: main as FileView,
    repos: new Map(),
    environment: {},
    settings: {},
    parameters: new Map(
      Object.entries(held).map(([binding, names]) => [binding, new Map(names.map((name) => parameter(name, binding)))]),
    ),
  };
}

const row = (environment: string, binding?: string) =>
  ({ id: 'x', environment, attributes: binding === undefined ? {} : { binding } }) as unknown as ComponentRow;

describe('the accounts of a deployment', () => {
  const two = estate({ east: 'prod', west: 'prod', lab: 'dev' }, { east: ['/a'], west: ['/b'] });

  it.each([
    [row('prod'), '', ['east', 'west']],
    [row('prod'), 'west', ['west']],
    [row('prod', 'east'), '', ['east']],
    [row('dev'), '', ['lab']],
    [row('test'), '', []],
  ])('are those of its environment, or the one it is placed in', (component, deployment, names) => {
    expect(accountsOf(two).of(component, deployment)).toEqual(names);
  });

  it('say null only where every one of them was read', () => {
    const accounts = accountsOf(two);
    expect(accounts.parameter(row('prod'), '', '/a')?.value).toBe('east');
    expect(accounts.parameter(row('prod'), '', '/b')?.value).toBe('west');
    expect(accounts.parameter(row('prod'), '', '/c')).toBe(null);
    expect(accounts.parameter(row('prod'), 'west', '/a')).toBe(null);
    expect(accounts.parameter(row('dev'), '', '/a')).toBe(undefined);
    expect(accounts.parameter(row('test'), '', '/a')).toBe(undefined);
  });

  it('do not pass off what was last seen as what is there', () => {
    const accounts = accountsOf(two, ['east']);
    expect(accounts.parameter(row('prod'), '', '/a')).toBe(undefined);
    expect(accounts.parameter(row('prod'), '', '/b')?.value).toBe('west');
    expect(accounts.parameter(row('prod'), '', '/c')).toBe(undefined);
  });

  it('without bindings are the one there is, or those called like environments', () => {
    const one = estate({}, { default: ['/a'] });
    expect(accountsOf(one).of(row('prod'), '')).toEqual(['default']);
    const named = estate({}, { prod: ['/a'], stage: ['/a'] });
    expect(accountsOf(named).of(row('prod'), '')).toEqual(['prod']);
  });
});
